// The rows of an account's legs and entries, and what they mean. Pure: the stores read and write
// them.
import type { Entry } from "../../domain/ledger/entry.ts";
import type { Refusal } from "../../domain/errors.ts";
import {
  toLine,
  toTuple,
  type Bucket,
  type Line,
  type LineTuple,
} from "../../domain/ledger/line.ts";
import type { RecordedLeg } from "../../domain/protocol/leg.ts";
import type { Direction } from "../../domain/ledger/money.ts";
import type { Metadata } from "../../domain/text.ts";
import type { SqlRow } from "../../platform/storage.ts";

export interface LegRow extends SqlRow {
  open: number;
  transaction_id: string;
  fingerprint: string;
  bucket: Bucket;
  direction: Direction;
  currency: string;
  amount: number;
  further: string | null;
  origin: string | null;
  sequence: number | null;
  refusal: string | null;
}

export interface EntryRow extends SqlRow {
  sequence: number;
  transaction_id: string;
  line: number;
  type: Entry["type"];
  bucket: Bucket;
  direction: Direction;
  amount: number;
  currency: string;
  counterparty: string;
  origin: string | null;
  provider: string | null;
  payment_reference: string | null;
  payout_reference: string | null;
  description: string | null;
  metadata: string | null;
  decided_at: number;
  created_at: number;
  previous_hash: string;
  hash: string;
}

export function encodeFurther(lines: readonly Line[]): string | null {
  return lines.length < 2 ? null : JSON.stringify(lines.slice(1).map(toTuple));
}

/** All lines of a leg's row. Throws where the further ones are no JSON. */
export function linesOfRow(row: LegRow): readonly Line[] {
  const { bucket, direction, currency, amount, further } = row;
  const first = { bucket, direction, currency, amount };
  if (further === null) return [first];
  return [first, ...(JSON.parse(further) as LineTuple[]).map(toLine)];
}

export function stateOfRow({ open, sequence }: LegRow): RecordedLeg["state"] {
  if (open === 1) return "held";
  return sequence === null ? "void" : "posted";
}

export function toLeg(row: LegRow): RecordedLeg {
  return {
    state: stateOfRow(row),
    transactionId: row.transaction_id,
    fingerprint: row.fingerprint,
    lines: linesOfRow(row),
    ...(row.origin !== null && { origin: { transactionId: row.origin } }),
    ...(row.refusal !== null && { refusal: JSON.parse(row.refusal) as Refusal }),
  };
}

export function toEntry(row: EntryRow): Entry {
  return {
    sequence: row.sequence,
    transactionId: row.transaction_id,
    line: row.line,
    type: row.type,
    bucket: row.bucket,
    direction: row.direction,
    amount: row.amount,
    currency: row.currency,
    counterparty: row.counterparty,
    ...(row.origin !== null && { origin: row.origin }),
    ...(row.provider !== null && { provider: row.provider }),
    ...(row.payment_reference !== null && { paymentReference: row.payment_reference }),
    ...(row.payout_reference !== null && { payoutReference: row.payout_reference }),
    ...(row.description !== null && { description: row.description }),
    ...(row.metadata !== null && { metadata: JSON.parse(row.metadata) as Metadata }),
    decidedAt: row.decided_at,
    createdAt: row.created_at,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}
