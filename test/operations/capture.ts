// Captures, for generators and checkers.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { renamedAuthorization, authorizedBy } from "./authorization.ts";
import type { TestOperation } from "./operation.ts";

type Capture = Extract<SentRequest, { type: "capture" }>;

export const capture: TestOperation<Capture> = {
  type: "capture",
  path: "/transactions/{id}/capture",
  share: 0.05,
  staysInside: true,

  request(source) {
    const authorization = authorizedBy(source);
    if (!authorization) return undefined;
    const { amount } = source.details();
    return { type: "capture", authorization, amount: 1 + (amount % authorization.amount) };
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
