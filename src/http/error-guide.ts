// The texts of /docs/errors: for each code what happened, what to do, and whether the
// Idempotency-Key may be used again. The wordings of the answers themselves are in problem.ts and
// frozen-wordings.ts.
import type { ProblemCode } from "../domain/errors.ts";

/** May the Idempotency-Key of the request be used again? */
export type KeyFate = "unused" | "repeat" | "final" | "taken";

export const keyFates: Readonly<Record<KeyFate, string>> = {
  unused:
    "Yes. Nothing was recorded, no item of a batch either: the corrected request may use the key.",
  repeat: "Yes. Repeat the same request with the same key until it is answered.",
  final:
    "No. The refusal is recorded under it, and every replay gets the same answer. " +
    "Another attempt needs a new key; after a batch, send the refused items only.",
  taken: "Not for this request. It belongs to the earlier request, which it still replays.",
};

interface Advice {
  readonly happened: string;
  readonly remedy: string;
  readonly key: KeyFate;
  /** A case in which the answer about the key is another one. */
  readonly exception?: string;
}

export const errorGuide: Readonly<Record<ProblemCode, Advice>> = {
  not_found: {
    happened:
      "The path does not exist, or the user, transaction or API key that it names does not exist " +
      "or is not visible to you.",
    remedy: "Check the path against the API reference, and the id against the one you received.",
    key: "unused",
  },
  method_not_allowed: {
    happened: "The path exists, but does not support this method.",
    remedy: "Use one of the methods in the Allow header.",
    key: "unused",
  },
  auth_not_configured: {
    happened: "No API key or token issuer is configured; all requests are refused.",
    remedy: "Tell the operators. Repeating the request does not help until they have set it up.",
    key: "unused",
  },
  rate_limited: {
    happened: "Too many requests came from your address, or with your credential.",
    remedy: "Wait as long as the Retry-After header says, then send fewer requests.",
    key: "unused",
  },
  unauthenticated: {
    happened: "No credential was sent, or it is expired, revoked or from another service.",
    remedy: "Send `Authorization: Bearer ...` with a valid API key or user token.",
    key: "unused",
  },
  forbidden: {
    happened:
      "The credential is valid, but lacks a scope that the operation needs; or it is a user " +
      "token, and the operation is for back ends only. One item refuses the whole of a batch.",
    remedy:
      "Use a credential with the scopes that the API page lists under the operation's lock or in " +
      "its description; for back ends only, an API key. Of a batch, the errors name the items " +
      "and the scopes that they lack.",
    key: "unused",
  },
  overloaded: {
    happened: "A part of the service is overloaded or did not answer in time.",
    remedy: "Wait as long as the Retry-After header says, then repeat the request unchanged.",
    key: "repeat",
  },
  unsupported_media_type: {
    happened: "The body was not sent as plain JSON in UTF-8.",
    remedy: "Send `Content-Type: application/json`, and no compression.",
    key: "unused",
  },
  payload_too_large: {
    happened: "The body is longer than the service reads.",
    remedy: "Shorten the metadata or the description, or send fewer items in a batch.",
    key: "unused",
  },
  malformed_json: {
    happened: "The body is not strict JSON. The errors name the place, where it is known.",
    remedy: "Write the body with a JSON library: no duplicate fields, comments or trailing commas.",
    key: "unused",
  },
  validation_failed: {
    happened: "A field or a parameter is missing, unknown or does not match its schema.",
    remedy:
      "Correct the fields that the errors name. Amounts are plain integers in minor units. " +
      "`items.3.amount` is a field of the fourth item of a batch; one item refuses the whole.",
    key: "unused",
  },
  idempotency_key_missing: {
    happened: "The write has no Idempotency-Key, so a retry could not be recognised.",
    remedy: "Create a key for each operation, store it with the operation, and send it each time.",
    key: "unused",
  },
  idempotency_key_invalid: {
    happened:
      "The Idempotency-Key is too long, or contains a space, a comma or another character that " +
      "is not allowed.",
    remedy: "Use 1 to 255 visible ASCII characters, such as a UUID.",
    key: "unused",
  },
  same_wallet: {
    happened:
      "Sender and receiver are the same wallet; one of them may be named by its owner's id.",
    remedy: "Name two different wallets.",
    key: "unused",
  },
  transaction_not_found: {
    happened:
      "The transaction that the request names does not exist or is not visible to you; or an " +
      "item of a batch names one of the same batch.",
    remedy:
      "Check the id against the one that the earlier request was answered with. Of a batch, the " +
      "errors name the items; one that depends on another belongs in a later request.",
    key: "unused",
  },
  not_reversible: {
    happened:
      "The transaction that the request names is a reversal or of another kind that cannot be " +
      "reversed; or a part of it was asked for, and it moved several amounts.",
    remedy: "Reverse the original, and without an `amount` where it moved several.",
    key: "unused",
  },
  not_an_authorization: {
    happened: "The transaction that the path names is not an authorization.",
    remedy: "Use the id that the answer to the request for an authorization gave.",
    key: "unused",
  },
  amount_exceeds_authorization: {
    happened: "More was to be captured than is authorized.",
    remedy: "Capture at most the amount of the authorization.",
    key: "unused",
  },
  not_a_payout: {
    happened:
      "A capture named a payout reference, and what it captures was authorized by a transfer: it " +
      "goes to a wallet.",
    remedy: "Capture it without `payoutReference`.",
    key: "unused",
  },
  payout_reference_missing: {
    happened:
      "What is captured was authorized by a withdrawal that named no payout reference; nor does " +
      "the capture.",
    remedy: "Send the `payoutReference` with the capture.",
    key: "unused",
  },
  payout_reference_differs: {
    happened: "A capture named another payout reference than its authorization.",
    remedy:
      "Omit `payoutReference`. If the payout has another reference now, cancel the authorization " +
      "and make a new one.",
    key: "unused",
  },
  idempotency_key_reused: {
    happened:
      "An earlier request had this key, and this one differs from it in some field. A key is for " +
      "one batch or for one single operation.",
    remedy:
      "Use a new key for a new operation; send a retry exactly as the first request, a batch " +
      "with all of its items in their order.",
    key: "taken",
  },
  wallet_not_found: {
    happened: "A wallet that the request names does not exist or is not visible to you.",
    remedy: "Check the id against the one that POST /users returned.",
    key: "final",
    exception:
      "If `instance` is not a transaction, nothing was recorded: the request was a read, or the " +
      "id is malformed; of a batch, the errors name the items.",
  },
  wallet_frozen: {
    happened: "An operator has frozen the wallet that `detail` names: it refuses new debits.",
    remedy: "Ask the operators. Once the wallet is thawed, try again with a new key.",
    key: "final",
  },
  original_rejected: {
    happened: "The transaction to be reversed, `transactionId`, was rejected: it moved nothing.",
    remedy: "There is nothing to reverse.",
    key: "final",
  },
  reversal_exceeds_original: {
    happened:
      "The amount is more than what earlier reversals have left. `transactionId`, if there is " +
      "one, is the first of them.",
    remedy: "Read the transaction: `reversedAmount` tells how much was given back. Ask for less.",
    key: "final",
  },
  too_many_reversals: {
    happened: "The transaction has 256 reversals. `transactionId` is the first of them.",
    remedy: "Move what is left with a transfer or a withdrawal.",
    key: "final",
  },
  authorization_rejected: {
    happened: "The authorization never took place: it was refused itself.",
    remedy: "Read the transaction that `transactionId` names; authorize anew.",
    key: "final",
  },
  authorization_captured: {
    happened: "The authorization was captured before. It is captured once, whole or in part.",
    remedy: "Read the transaction that `transactionId` names; for more, authorize anew.",
    key: "final",
  },
  authorization_cancelled: {
    happened: "The authorization was cancelled before: the money is available to the payer again.",
    remedy: "Read the transaction that `transactionId` names; authorize anew.",
    key: "final",
  },
  authorization_expired: {
    happened: "The time of the authorization was over: the money is available to the payer again.",
    remedy: "Authorize anew, with a longer `expiresIn` if need be.",
    key: "final",
  },
  duplicate_payment_reference: {
    happened: "An earlier transaction has used this payment reference of this provider.",
    remedy: "Read the transaction that `transactionId` names; do not send the payment again.",
    key: "final",
  },
  duplicate_payout_reference: {
    happened: "An earlier transaction has paid out under this payout reference of this provider.",
    remedy: "Read the transaction that `transactionId` names; do not pay out again.",
    key: "final",
  },
  insufficient_funds: {
    happened:
      "At the time of the decision, the available balance of the wallet that `detail` names was " +
      "less than the transaction takes from it.",
    remedy: "Fund the wallet or send less.",
    key: "final",
  },
  balance_limit_exceeded: {
    happened:
      "The balance of the wallet that `detail` names would exceed the largest exact integer in " +
      "JSON.",
    remedy: "Send less, or to another wallet.",
    key: "final",
  },
  transaction_expired: {
    happened: "An account did not answer in time, so the transaction was rejected.",
    remedy: "Try again with a new key: nothing was moved and nothing will be.",
    key: "final",
  },
  internal: {
    happened: "A fault of the service. The operators can find it by the request id.",
    remedy: "Repeat the request unchanged; if it fails again, send the operators the `requestId`.",
    key: "repeat",
  },
};
