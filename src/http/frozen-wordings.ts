// The frozen wordings of renderer version 1: recorded refusals are answered with them at any age,
// so no byte here may change. Another wording needs a table of its own, a new `currentRenderer` and
// a renderer in render.ts. test/golden holds the bytes. Wordings that may change are in problem.ts.
import type { RefusalCode } from "../domain/errors.ts";

export interface Wording {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  readonly title: string;
  readonly detail: string;
}

export const frozenWordings: Readonly<Record<RefusalCode, Wording>> = {
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
};
