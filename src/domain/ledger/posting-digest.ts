// One digest of everything that a ledger shows of a posted leg, so that a log and an account can
// compare it without sending it. Has its own version; it is never stored.
import { digestTuple, encodeTuple } from "../digest.ts";
import { encodeEntryMetadata, type Shown } from "./entry.ts";

const version = "shown2";

/** `shown`: all lines of the leg, in their order. */
export function shownDigest(shown: readonly Shown[]): string {
  return digestTuple([version, ...shown.map(encodeShown)]);
}

function encodeShown(shown: Shown): string {
  return encodeTuple([
    shown.transactionId,
    shown.line,
    shown.type,
    shown.bucket,
    shown.direction,
    shown.amount,
    shown.currency,
    shown.counterparty,
    shown.origin ?? null,
    shown.provider ?? null,
    shown.paymentReference ?? null,
    shown.payoutReference ?? null,
    shown.description ?? null,
    encodeEntryMetadata(shown.metadata),
    shown.decidedAt,
  ]);
}
