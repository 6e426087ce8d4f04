// What a history can be found guilty of: one name for each promise that it breaks.

/** By name: what was promised. docs/history-format.md shows the same list; a test compares. */
export const promises = {
  sequence_gap: "The sequences of a ledger are 1, 2, 3, ...",
  broken_chain: "Each entry's hash covers the entry and the hash before it, from genesis on.",
  torn_leg: "The entries of a transaction stand next to each other in each ledger.",
  misdated_entry: "All entries of a transaction bear one `decidedAt`, not after their `createdAt`.",
  time_reversed: "The entries of a ledger are in time order.",
  negative_balance: "No balance is negative after any entry.",
  balance_over_limit: "No balance exceeds 2^53 - 1 after any entry.",
  wrong_balance_after:
    "`balanceAfter` is the sum of the entries in its bucket and currency up to there.",
  phantom_entry:
    "Every entry belongs to a transaction that was asked for, in a wallet that it names.",
  wrong_amount: "An entry has the amount, currency, direction and bucket that were asked for.",
  wrong_entry: "An entry shows counterparty, reference, description and metadata as asked for.",
  half_transfer: "A transaction has all of its entries or none.",
  unbalanced: "The debits and the credits of a transaction are equal.",
  sum_not_zero: "Over all wallets and per currency, what comes from no provider adds up to zero.",
  doubled_effect: "A key has one effect: one transaction, and one entry for each of its lines.",
  duplicate_reference: "A reference of a provider funds once, and pays out once.",
  second_end: "An authorization has one end: a capture, a cancellation or its expiry.",
  over_captured: "A capture takes no more than was authorized.",
  over_reversed: "All reversals of a transaction together give back no more than it moved.",
  before_origin: "What ends or reverses a transaction stands after it in every ledger.",
  expired_early: "An authorization does not expire before its time.",
  overdue: "At rest, no authorization is open whose time is over.",
  captured_late: "What is asked for when the time of an authorization is over captures nothing.",
  reserved_mismatch: "At rest, what is reserved in a wallet is that of its open authorizations.",
  wrong_details: "What reading a transaction shows of its end and its reversals is so.",
  impossible_effect:
    "What no transaction can come of is refused, such as the end of a mere transfer.",
  lost_acknowledgement: "What was answered as committed is in the ledgers.",
  refused_effect: "What was refused is in no ledger.",
  changed_decision: "A decision never changes.",
  changed_replay: "All final answers to one request and key are the same bytes.",
  wrong_answer: "An answer describes what was asked for.",
  false_refusal: "A refusal that names a fact is true.",
  wrong_balance: "A balance is the sum of the entries up to `asOf.sequence`.",
  negative_available: "What is available is never negative.",
  changed_past: "What a read showed of the ledger is what the ledger has there.",
  vanished_entry: "An entry that a read has shown never goes away.",
  page_gap: "A page of history leaves out no entry that matches, and neither does the next one.",
  stale_read: "A read includes whatever was acknowledged, or shown to another, before it began.",
  future_read: "A read shows nothing that was asked for after it had ended.",
  order_inversion: "A ledger has acknowledged transactions before those that were asked for later.",
  serialization_cycle: "Transactions and reads without `inFlight` are strictly serializable.",
  leftover_hold: "At rest nothing is held but what is reserved.",
  unsettled: "Every transaction settles.",
} as const;

export type ViolationName = keyof typeof promises;

export interface Violation {
  readonly name: ViolationName;
  readonly detail: string;
}

/** How a check says what it found. */
export type Report = (name: ViolationName, detail: string) => void;
