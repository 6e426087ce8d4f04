// One digest of everything that a ledger shows of a posted leg, so that a log and an account can
// compare it without sending it. Has its own version; it is never stored.
import { digestTuple } from "../digest.ts";
import { encodeEntryMetadata } from "./entry.ts";
import type { Posting } from "../protocol/transaction.ts";

const version = "shown1";

export function shownDigest(shown: Omit<Posting, "fingerprint">): string {
  return digestTuple([
    version,
    shown.transactionId,
    shown.type,
    shown.direction,
    shown.amount,
    shown.currency,
    shown.counterparty,
    shown.provider ?? null,
    shown.paymentReference ?? null,
    shown.description ?? null,
    encodeEntryMetadata(shown.metadata),
  ]);
}
