// Funding: money enters a wallet from outside, once for each payment reference of a provider.
// Frozen: the stored shape and the fingerprint's fields.
import { isName } from "../shape.ts";
import {
  defaultProvider,
  externalAccount,
  isType,
  linesBetween,
  paymentClaim,
  storedDetails,
  type IncomingPayment,
  type Operation,
  type SentDetails,
  type StoredDetails,
} from "./operation.ts";

interface FundingFields {
  readonly type: "funding";
  readonly walletId: string;
  readonly paymentReference: string;
}

export interface SentFunding extends FundingFields, SentDetails {
  readonly provider?: string;
}

export interface StoredFunding extends FundingFields, StoredDetails, IncomingPayment {}

export const funding: Operation<SentFunding, StoredFunding> = {
  type: "funding",

  refusals: [
    "wallet_not_found",
    "duplicate_payment_reference",
    "balance_limit_exceeded",
    "transaction_expired",
  ],

  countsAsSpending: true,

  storedFields: {
    type: isType("funding"),
    walletId: isName,
    provider: isName,
    paymentReference: isName,
    ...storedDetails,
  },

  resolve: (sent, defaultCurrency) => ({
    ...sent,
    currency: sent.currency ?? defaultCurrency,
    provider: sent.provider ?? defaultProvider,
  }),

  fingerprintFields: ({ walletId, amount, currency, provider, paymentReference }) => [
    walletId,
    null,
    amount,
    currency ?? null,
    provider ?? null,
    paymentReference,
  ],

  movementOf(request) {
    const outside = externalAccount(request.provider);
    return {
      lines: linesBetween(outside, request.walletId, request),
      claims: [{ account: outside, ...paymentClaim(request) }],
    };
  },

  externalPaymentOf: ({ provider, paymentReference }) => ({ provider, paymentReference }),

  reversibleAmounts: ({ provider, walletId, amount, currency }) => [
    { from: externalAccount(provider), to: walletId, amount, currency },
  ],
};
