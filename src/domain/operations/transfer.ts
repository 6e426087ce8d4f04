// Transfer: money moves from one wallet to another. Frozen: the stored shape and the fingerprint's
// fields.
import { isName } from "../shape.ts";
import {
  isType,
  linesBetween,
  storedDetails,
  type Operation,
  type SentDetails,
  type StoredDetails,
} from "./operation.ts";

interface TransferFields {
  readonly type: "transfer";
  readonly fromWalletId: string;
  readonly toWalletId: string;
}

export interface SentTransfer extends TransferFields, SentDetails {}

export interface StoredTransfer extends TransferFields, StoredDetails {}

export const transfer: Operation<SentTransfer, StoredTransfer> = {
  type: "transfer",

  refusals: [
    "wallet_not_found",
    "wallet_frozen",
    "insufficient_funds",
    "balance_limit_exceeded",
    "transaction_expired",
  ],

  countsAsSpending: true,

  storedFields: {
    type: isType("transfer"),
    fromWalletId: isName,
    toWalletId: isName,
    ...storedDetails,
  },

  resolve: (sent, defaultCurrency) => ({ ...sent, currency: sent.currency ?? defaultCurrency }),

  // The last two are those of a payment outside, which a transfer does not have.
  fingerprintFields: ({ fromWalletId, toWalletId, amount, currency }) => [
    fromWalletId,
    toWalletId,
    amount,
    currency ?? null,
    null,
    null,
  ],

  movementOf: (request) => ({
    lines: linesBetween(request.fromWalletId, request.toWalletId, request),
    claims: [],
  }),

  externalPaymentOf: () => undefined,

  reversibleAmounts: ({ fromWalletId, toWalletId, amount, currency }) => [
    { from: fromWalletId, to: toWalletId, amount, currency },
  ],
};
