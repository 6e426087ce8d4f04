// Withdrawal: money leaves a wallet for outside, once for each payout reference of a provider.
// Frozen: the stored shape and the fingerprint's fields.
import { isName } from "../shape.ts";
import {
  defaultProvider,
  externalAccount,
  isType,
  linesBetween,
  payoutClaim,
  storedDetails,
  type Operation,
  type OutgoingPayment,
  type SentDetails,
  type StoredDetails,
} from "./operation.ts";

interface WithdrawalFields {
  readonly type: "withdrawal";
  readonly walletId: string;
  readonly payoutReference: string;
}

export interface SentWithdrawal extends WithdrawalFields, SentDetails {
  readonly provider?: string;
}

export interface StoredWithdrawal extends WithdrawalFields, StoredDetails, OutgoingPayment {}

export const withdrawal: Operation<SentWithdrawal, StoredWithdrawal> = {
  type: "withdrawal",

  refusals: [
    "wallet_not_found",
    "wallet_frozen",
    "duplicate_payout_reference",
    "insufficient_funds",
    "transaction_expired",
  ],

  countsAsSpending: true,

  storedFields: {
    type: isType("withdrawal"),
    walletId: isName,
    provider: isName,
    payoutReference: isName,
    ...storedDetails,
  },

  resolve: (sent, defaultCurrency) => ({
    ...sent,
    currency: sent.currency ?? defaultCurrency,
    provider: sent.provider ?? defaultProvider,
  }),

  fingerprintFields: ({ walletId, amount, currency, provider, payoutReference }) => [
    walletId,
    null,
    amount,
    currency ?? null,
    provider ?? null,
    payoutReference,
  ],

  movementOf(request) {
    const outside = externalAccount(request.provider);
    return {
      lines: linesBetween(request.walletId, outside, request),
      claims: [{ account: outside, ...payoutClaim(request) }],
    };
  },

  externalPaymentOf: ({ provider, payoutReference }) => ({ provider, payoutReference }),

  reversibleAmounts: ({ provider, walletId, amount, currency }) => [
    { from: walletId, to: externalAccount(provider), amount, currency },
  ],
};
