// Transfers, for generators and checkers.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import type { TestOperation } from "./operation.ts";

type Transfer = Extract<SentRequest, { type: "transfer" }>;

export const transfer: TestOperation<Transfer> = {
  type: "transfer",
  path: "/transactions/transfer",
  share: 0.25,
  staysInside: true,

  request(source) {
    const wallets = source.pair();
    return { type: "transfer", ...wallets, ...source.details() };
  },

  movesOf: ({ fromWalletId, toWalletId, amount }) => [
    { from: fromWalletId, to: toWalletId, amount },
  ],
  renamed: (request, nameOf) => ({
    ...request,
    fromWalletId: nameOf(request.fromWalletId),
    toWalletId: nameOf(request.toWalletId),
  }),

  paymentOf: () => undefined,
};
