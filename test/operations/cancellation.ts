// Cancellations, for generators and checkers.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { authorizedBy, ofReceiver, renamedAuthorization } from "./authorization.ts";
import type { TestOperation } from "./operation.ts";

type Cancellation = Extract<SentRequest, { type: "cancellation" }>;

export const cancellation: TestOperation<Cancellation> = {
  type: "cancellation",
  path: "/transactions/{id}/cancel",
  share: 0.02,
  staysInside: true,
  omissible: ofReceiver,

  request(source) {
    const authorization = authorizedBy(source);
    if (!authorization) return undefined;
    return { type: "cancellation", authorization, description: "sold out" };
  },

  movesOf: () => [],
  renamed: (request, nameOf) => ({
    ...request,
    authorization: renamedAuthorization(request.authorization, nameOf),
  }),

  paymentOf: () => undefined,
};
