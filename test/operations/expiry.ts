// Expiries, for generators and checkers.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { authorizedBy, ofReceiver, renamedAuthorization } from "./authorization.ts";
import type { TestOperation } from "./operation.ts";

type Expiry = Extract<SentRequest, { type: "expiry" }>;

export const expiry: TestOperation<Expiry> = {
  type: "expiry",
  share: 0,
  staysInside: true,
  omissible: ofReceiver,

  request(source) {
    const authorization = authorizedBy(source);
    return authorization && { type: "expiry", authorization };
  },

  movesOf: () => [],
  renamed: (request, nameOf) => ({
    ...request,
    authorization: renamedAuthorization(request.authorization, nameOf),
  }),

  paymentOf: () => undefined,
};
