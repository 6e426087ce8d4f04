// Transfers, for generators and checkers.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import type { TestOperation } from "./operation.ts";

type Transfer = Extract<SentRequest, { type: "transfer" }>;

export const transfer: TestOperation<Transfer> = {
  type: "transfer",
  path: "/transactions/transfer",
  share: 0.7,
  walletFields: ["fromWalletId", "toWalletId"],
  debited: "fromWalletId",
  staysInside: true,

  request(source) {
    const wallets = source.pair();
    return { type: "transfer", ...wallets, ...source.details() };
  },

  paymentOf: () => undefined,
};
