// The frozen wordings of recorded refusals, by renderer version: a refusal is answered with those
// that it was recorded under at any age, so no byte here may change. Another wording needs a table
// of its own, a new `currentRenderer` and a renderer in render.ts. test/golden holds the bytes.
// Wordings that may change are in problem.ts.
import type { RefusalCode } from "../domain/errors.ts";

export interface Wording {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  readonly title: string;
  readonly detail: string;
}

/** `detailOf`: instead of the detail, where the record names the account that refused. */
interface RefusalWording extends Wording {
  readonly detailOf?: (account: string) => string;
}

/** Of a renderer: of each code that was recorded under it. */
export type RefusalWordings = Readonly<Partial<Record<RefusalCode, RefusalWording>>>;

/** Of renderer version 1: as if a transaction had one sender and one receiver. */
export const refusalWordings1 = {
  wallet_not_found: {
    status: 404,
    title: "Wallet not found",
    detail: "A wallet that the request names does not exist.",
  },
  wallet_frozen: {
    status: 422,
    title: "Wallet frozen",
    detail: "The sender's wallet is frozen. Nothing was moved.",
  },
  duplicate_payment_reference: {
    status: 409,
    title: "Duplicate payment reference",
    detail: "The provider's payment reference was used by an earlier transaction.",
  },
  insufficient_funds: {
    status: 422,
    title: "Insufficient funds",
    detail: "The sender's available balance is less than the amount. Nothing was moved.",
  },
  balance_limit_exceeded: {
    status: 422,
    title: "Balance limit exceeded",
    detail: "The receiver's balance would exceed 9007199254740991. Nothing was moved.",
  },
  transaction_expired: {
    status: 422,
    title: "Transaction expired",
    detail:
      "The transaction was not decided in time. Nothing moved and nothing will: use a new key.",
  },
} satisfies RefusalWordings;

/** Of renderer version 2: true of any account, and naming it. */
export const refusalWordings2: Readonly<Record<RefusalCode, RefusalWording>> = {
  ...refusalWordings1,
  wallet_not_found: {
    ...refusalWordings1.wallet_not_found,
    detailOf: (account) => `Wallet ${account} does not exist.`,
  },
  wallet_frozen: {
    ...refusalWordings1.wallet_frozen,
    detail: "A wallet of the transaction is frozen. Nothing was moved.",
    detailOf: (account) => `Wallet ${account} is frozen. Nothing was moved.`,
  },
  original_rejected: {
    status: 422,
    title: "Original rejected",
    detail: "The transaction to be reversed was rejected itself. Nothing was moved.",
  },
  reversal_exceeds_original: {
    status: 422,
    title: "Reversal exceeds the original",
    detail:
      "All reversals together would give back more than the transaction moved. Nothing was moved.",
  },
  too_many_reversals: {
    status: 422,
    title: "Too many reversals",
    detail: "The transaction has as many reversals as it may have. Nothing was moved.",
  },
  authorization_rejected: {
    status: 422,
    title: "Authorization rejected",
    detail: "The authorization was rejected: nothing is reserved. Nothing was moved.",
  },
  authorization_captured: {
    status: 409,
    title: "Authorization captured",
    detail: "The authorization was captured by an earlier transaction. Nothing was moved.",
  },
  authorization_cancelled: {
    status: 409,
    title: "Authorization cancelled",
    detail: "The authorization was cancelled by an earlier transaction. Nothing was moved.",
  },
  authorization_expired: {
    status: 409,
    title: "Authorization expired",
    detail: "The authorization has expired. Nothing was moved.",
  },
  duplicate_payout_reference: {
    status: 409,
    title: "Duplicate payout reference",
    detail: "The provider's payout reference was used by an earlier transaction.",
  },
  insufficient_funds: {
    ...refusalWordings1.insufficient_funds,
    detail:
      "The available balance of a wallet is less than what the transaction takes from it. " +
      "Nothing was moved.",
    detailOf: (account) =>
      `The available balance of wallet ${account} is less than what the transaction takes from ` +
      "it. Nothing was moved.",
  },
  balance_limit_exceeded: {
    ...refusalWordings1.balance_limit_exceeded,
    detail: "The balance of a wallet would exceed 9007199254740991. Nothing was moved.",
    detailOf: (account) =>
      `The balance of wallet ${account} would exceed 9007199254740991. Nothing was moved.`,
  },
};
