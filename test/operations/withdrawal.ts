// Withdrawals, for generators and checkers. Their references are those that payments have, too.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import type { TestOperation } from "./operation.ts";

type Withdrawal = Extract<SentRequest, { type: "withdrawal" }>;

export const withdrawal: TestOperation<Withdrawal> = {
  type: "withdrawal",
  path: "/transactions/withdraw",
  share: 0.1,
  staysInside: false,

  request(source) {
    const { paymentReference: payoutReference, ...payment } = source.payment();
    const wallet = { walletId: source.wallet(), payoutReference };
    return { type: "withdrawal", ...wallet, ...payment, ...source.details() };
  },

  movesOf: ({ walletId, amount }) => [{ from: walletId, amount }],
  renamed: (request, nameOf) => ({ ...request, walletId: nameOf(request.walletId) }),

  paymentOf: ({ provider = "default", payoutReference }) => ({ provider, payoutReference }),
};
