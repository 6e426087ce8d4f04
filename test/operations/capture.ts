// Captures, for generators and checkers. One of a payout names the reference where the authorization
// does not, and sometimes where it does.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { authorizedBy, ofReceiver, payoutOf, renamedAuthorization } from "./authorization.ts";
import type { TestOperation } from "./operation.ts";

type Capture = Extract<SentRequest, { type: "capture" }>;

export const capture: TestOperation<Capture> = {
  type: "capture",
  path: "/transactions/{id}/capture",
  share: 0.05,
  staysInside: false,
  omissible: [...ofReceiver, "payoutReference"],

  request(source) {
    const authorization = authorizedBy(source);
    if (!authorization) return undefined;
    const { provider, payoutReference: known } = authorization;
    const { paymentReference: drawn } = source.payment();
    const { amount } = source.details();
    const isNamed = provider !== undefined && (known === undefined || amount % 2 === 0);
    return {
      type: "capture",
      authorization,
      ...(isNamed && { payoutReference: known ?? drawn }),
      amount: 1 + (amount % authorization.amount),
    };
  },

  movesOf: ({
    authorization: { fromWalletId: from, toWalletId: to, amount: authorized },
    amount,
  }) => [{ from, ...(to !== undefined && { to }), amount: amount ?? authorized }],
  renamed: (request, nameOf) => ({
    ...request,
    authorization: renamedAuthorization(request.authorization, nameOf),
  }),

  paymentOf: ({ authorization, payoutReference }) => payoutOf(authorization, payoutReference),
};
