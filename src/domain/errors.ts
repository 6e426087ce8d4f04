// Every way in which a request can fail, in order of precedence: where several apply, the first is
// answered. This list is the specification that the edge, the tests and the documents walk.

/** Answered at the edge, never recorded: the same key may be used again after them. */
const unrecordedCodes = [
  "not_found",
  "method_not_allowed",
  "auth_not_configured",
  "rate_limited",
  "unauthenticated",
  "forbidden",
  "overloaded",
  "unsupported_media_type",
  "payload_too_large",
  "malformed_json",
  "validation_failed",
  "idempotency_key_missing",
  "idempotency_key_invalid",
  "same_wallet",
  "transaction_not_found",
  "not_an_authorization",
  "not_reversible",
  "amount_exceeds_authorization",
  "not_a_payout",
  "payout_reference_missing",
  "payout_reference_differs",
  "idempotency_key_reused",
] as const;

/** Refusals that the transfer log records: final for the key. */
export const refusalCodes = [
  "wallet_not_found",
  "wallet_frozen",
  "authorization_rejected",
  "original_rejected",
  "authorization_captured",
  "authorization_cancelled",
  "authorization_expired",
  "reversal_exceeds_original",
  "too_many_reversals",
  "duplicate_payment_reference",
  "duplicate_payout_reference",
  "insufficient_funds",
  "balance_limit_exceeded",
  "transaction_expired",
] as const;

export const problemCodes = [...unrecordedCodes, ...refusalCodes, "internal"] as const;

export type ProblemCode = (typeof problemCodes)[number];
export type RefusalCode = (typeof refusalCodes)[number];

/** Why a transaction was rejected. Recorded with it, so it may only hold what never changes. */
export interface Refusal {
  readonly code: RefusalCode;
  /** The account that refused, as in `Leg.account`. */
  readonly account?: string;
  /** The transaction that stands in the way: the first that used the reference, the first reversal,
   *  the end of the authorization, or the rejected transaction that this one ends or reverses. */
  readonly transactionId?: string;
}

/** The refusal to report: the first in precedence; among equals the earlier leg, which is the
 *  sender's. `refusals` are in the order of the legs. */
export function firstRefusal(refusals: readonly Refusal[]): Refusal | undefined {
  let first: Refusal | undefined;
  for (const refusal of refusals) {
    if (!first || refusalCodes.indexOf(refusal.code) < refusalCodes.indexOf(first.code)) {
      first = refusal;
    }
  }
  return first;
}
