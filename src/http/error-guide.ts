// What a client is told of each code on the page of errors: what happened, what to do, and whether
// the Idempotency-Key may be used again. The wording of answers is in problem.ts.
import type { ProblemCode } from "../domain/errors.ts";

/** What becomes of the Idempotency-Key that the request carried. */
export type KeyFate = "unused" | "repeat" | "final" | "taken";

export const keyFates: Readonly<Record<KeyFate, string>> = {
  unused: "Yes. Nothing was recorded under it: the corrected request may carry the same key.",
  repeat: "Yes, and it should be: repeat the same request with the same key until it is answered.",
  final:
    "No. The refusal is recorded under it, and every repetition gets the same answer. " +
    "Another attempt needs a new key.",
  taken: "Not for this request. It belongs to the earlier one, which it still repeats.",
};

interface Advice {
  readonly happened: string;
  readonly remedy: string;
  readonly key: KeyFate;
  /** What the fate of the key depends on. */
  readonly exception?: string;
}

export const errorGuide: Readonly<Record<ProblemCode, Advice>> = {
  not_found: {
    happened:
      "The address leads nowhere, or the user, transaction or key that it names does not exist " +
      "or is not yours to see.",
    remedy: "Compare the path with the API's, and the id with the one that you were given.",
    key: "unused",
  },
  method_not_allowed: {
    happened: "The address exists, but not with this method.",
    remedy: "Use one of the methods in the Allow header.",
    key: "unused",
  },
  auth_not_configured: {
    happened: "The service trusts no API key and no token issuer yet, so it refuses all requests.",
    remedy: "Tell its operators. Repeating the request does not help until they have set it up.",
    key: "unused",
  },
  rate_limited: {
    happened: "Too many requests came from your address, or with your credential.",
    remedy: "Wait as long as the Retry-After header says, then go on more slowly.",
    key: "unused",
  },
  unauthenticated: {
    happened: "No credential was sent, or it is expired, revoked or not one of this service.",
    remedy: "Send `Authorization: Bearer ...` with a valid API key or a fresh user's token.",
    key: "unused",
  },
  forbidden: {
    happened: "The credential is valid, and lacks the scope that the operation needs.",
    remedy: "Use a credential with that scope; the API names it at the operation's lock.",
    key: "unused",
  },
  overloaded: {
    happened: "A part of the service had no time, or gave no answer in time.",
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
    remedy: "Shorten the metadata or the description.",
    key: "unused",
  },
  malformed_json: {
    happened: "The body is not strict JSON. The errors name the place where it is known.",
    remedy: "Let a JSON library write the body: each field once, no comments, no trailing commas.",
    key: "unused",
  },
  validation_failed: {
    happened: "A field or a parameter is missing, unknown or not of its documented shape.",
    remedy: "Correct what the errors name. Amounts are plain integers in minor units.",
    key: "unused",
  },
  idempotency_key_missing: {
    happened: "The write came without an Idempotency-Key, so a repetition could not be told apart.",
    remedy: "Draw a key for each operation, store it with the operation, and send it each time.",
    key: "unused",
  },
  idempotency_key_invalid: {
    happened: "The Idempotency-Key has a space, a comma or another character that it may not have.",
    remedy: "Use 1 to 255 visible ASCII characters, such as a UUID.",
    key: "unused",
  },
  same_wallet: {
    happened: "Sender and receiver are one wallet, perhaps once by its owner's id.",
    remedy: "Name two different wallets.",
    key: "unused",
  },
  idempotency_key_reused: {
    happened: "An earlier request had this key and was not the same in every field.",
    remedy: "Use a new key for a new operation; send a repetition exactly as before.",
    key: "taken",
  },
  wallet_not_found: {
    happened: "A wallet that the request names does not exist or is not yours to see.",
    remedy: "Compare the id with the one that creating the user answered.",
    key: "final",
    exception:
      "If `instance` is not a transaction, nothing was recorded: an id that cannot exist, or a " +
      "read.",
  },
  wallet_frozen: {
    happened: "An operator has frozen the sender's wallet. Money may still enter it.",
    remedy: "Ask the operators. After the wallet is thawed, try again.",
    key: "final",
  },
  duplicate_payment_reference: {
    happened: "This payment of this provider has funded a wallet before.",
    remedy: "Read the transaction that `transactionId` names; do not fund again.",
    key: "final",
  },
  insufficient_funds: {
    happened:
      "At the time of the decision the sender's available balance was less than the amount.",
    remedy: "Fund the wallet or send less.",
    key: "final",
  },
  balance_limit_exceeded: {
    happened: "The receiver would hold more than an exact integer of JSON can say.",
    remedy: "Send less, or to another wallet.",
    key: "final",
  },
  transaction_expired: {
    happened: "Some account gave no answer in time, so the transaction was given up.",
    remedy: "Try again: nothing was moved and nothing will be.",
    key: "final",
  },
  internal: {
    happened: "A fault of the service. Its operators find it by the request's id.",
    remedy: "Repeat the request unchanged; if it stays, tell the operators the `requestId`.",
    key: "repeat",
  },
};
