// Captures, for generators and checkers.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { renamedAuthorization, someAuthorization } from "./authorization.ts";
import type { TestOperation } from "./operation.ts";

type Capture = Extract<SentRequest, { type: "capture" }>;

export const capture: TestOperation<Capture> = {
  type: "capture",
  path: "/transactions/{id}/capture",
  share: 0,
  staysInside: true,

  request(source) {
    const authorization = someAuthorization(source);
    return { type: "capture", authorization, amount: authorization.amount };
  },

  movesOf: ({
    authorization: { fromWalletId: from, toWalletId: to, amount: authorized },
    amount,
  }) => [{ from, to, amount: amount ?? authorized }],
  renamed: (request, nameOf) => ({
    ...request,
    authorization: renamedAuthorization(request.authorization, nameOf),
  }),

  paymentOf: () => undefined,
};
