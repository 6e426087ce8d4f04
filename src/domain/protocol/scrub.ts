// The scrub of a log shard: the comparison of a transaction with its accounts' legs, and the
// schedule of rounds and batches. Pure: the log reads its rows and asks the accounts.
import { isFromWrongClock } from "./clock-steps.ts";
import { differenceOf, type LegContent } from "./leg.ts";
import type { LegState } from "./leg-state.ts";
import { scrubIntervalMs, scrubSpacingMs, scrubTriesMax } from "../limits.ts";
import { shownOf } from "../ledger/entry.ts";
import { flawOf, isSameLine } from "../ledger/line.ts";
import { shownDigest } from "../ledger/posting-digest.ts";
import { linesOf, type Leg, type Submission, type TransactionRecord } from "./transaction.ts";

/** What an account has of one transaction. `unreadable`: its row cannot be what was written. */
export type LegReading =
  | { readonly state: "none" }
  | { readonly state: "unreadable" }
  | (Omit<LegContent, "transactionId"> & {
      readonly state: Exclude<LegState, "none">;
      /** Of a posted leg's entries: the digest of what they show, and what its log should have kept
       *  of the last one's hash. Absent where an entry is gone. */
      readonly posted?: { readonly shown: string; readonly anchor: string };
      /** Of a leg that reserves money: whether an end of its transaction is posted. */
      readonly ended?: boolean;
    });

/** In the order in which they are looked for. */
export const scrubDifferenceKinds = [
  "wrong_schema",
  "unreadable_transaction",
  "unbalanced",
  "lines_differ_from_request",
  "unreadable_leg",
  "missing_leg",
  "different_leg",
  "void_leg",
  "unposted_leg",
  "missing_entry",
  "different_entry",
  "different_anchor",
  "posted_without_commit",
  "missing_expiration",
  "wrong_expiration",
] as const;

export type ScrubDifferenceKind = (typeof scrubDifferenceKinds)[number];

type Checked = Pick<TransactionRecord, "state" | "lines" | "decidedAt" | "settledAt"> & Submission;

/** What a transaction's own row says against itself: its lines balance, and are those of the
 *  request. */
export function compareWithItself({
  lines,
  request,
}: Pick<Checked, "lines" | "request">): ScrubDifferenceKind | undefined {
  if (flawOf(lines)) return "unbalanced";
  const due = linesOf(request);
  const same =
    due.length === lines.length &&
    due.every((line, index) => {
      const found = lines[index];
      const sides = found?.account === line.account && found.counterparty === line.counterparty;
      return sides && isSameLine(line, found);
    });
  return same ? undefined : "lines_differ_from_request";
}

/** What an account has of a leg, against what its log decided. A commit means that the account said
 *  YES: the leg is held at least, and posted once the log knows of every acknowledgement. A leg
 *  that is not committed is never posted; it may be held, since a late duplicate of a hold can
 *  arrive in a wallet that was opened after the release, and void or unknown. `anchor`: what the
 *  log has kept of its last entry's hash, null where it was told none. */
export function compareWithAccount(
  transaction: Checked,
  { posting }: Leg,
  reading: LegReading,
  anchor: string | null,
): ScrubDifferenceKind | undefined {
  const { state, decidedAt, settledAt } = transaction;
  const committed = state === "committed";
  if (reading.state === "unreadable") return "unreadable_leg";
  if (reading.state === "none") return committed ? "missing_leg" : undefined;
  const { transactionId } = posting;
  if (differenceOf({ ...reading, transactionId }, posting)) return "different_leg";
  if (!committed) return reading.state === "posted" ? "posted_without_commit" : undefined;
  switch (reading.state) {
    case "void":
      return "void_leg";
    case "held":
      return settledAt === undefined ? undefined : "unposted_leg";
    case "posted": {
      const { posted } = reading;
      if (!posted) return "missing_entry";
      if (decidedAt === undefined) return "different_entry";
      if (posted.shown !== shownDigest(shownOf(posting, decidedAt))) return "different_entry";
      return anchor === null || anchor === posted.anchor ? undefined : "different_anchor";
    }
  }
}

/** Whether a committed transaction that waits for an end will never get one. `isToEnd`: its log has
 *  it in its list of expirations, or has recorded the end. The list was read before the account was
 *  asked, and what has gone from it had an end by then. */
export function compareWithExpirations(
  { state }: Pick<Checked, "state">,
  reading: LegReading,
  isToEnd: boolean,
): ScrubDifferenceKind | undefined {
  const isOpen = state === "committed" && "ended" in reading && !reading.ended;
  return isOpen && !isToEnd ? "missing_expiration" : undefined;
}

/** How far the scrub of a shard is. Times in ms since the epoch. */
export interface ScrubProgress {
  /** Rounds that have begun. */
  readonly round: number;
  /** The last transaction that the running round is done with; null between rounds. */
  readonly cursor: string | null;
  readonly startedAt: number | null;
  /** When the last finished round ended. */
  readonly endedAt: number | null;
  /** When the last batch began. */
  readonly batchAt: number | null;
  /** When the next batch, or the next round, begins. */
  readonly nextAt: number;
  /** Attempts at the present batch that left accounts unasked. */
  readonly tries: number;
  /** Transactions of the latest round that are checked. */
  readonly checked: number;
  /** Transactions of the latest round that were left out: an account did not answer. */
  readonly skipped: number;
}

/** Of a shard that has its first transaction. */
export function firstScrub(now: number): ScrubProgress {
  return {
    round: 0,
    cursor: null,
    startedAt: null,
    endedAt: null,
    batchAt: null,
    nextAt: now + scrubIntervalMs,
    tries: 0,
    checked: 0,
    skipped: 0,
  };
}

/** When the next batch is due. A time further ahead than any that is ever set was written under a
 *  clock that has been set back since: it is not waited for. */
export function scrubDueAt({ nextAt, cursor }: ScrubProgress, now: number): number {
  const aheadMaxMs = cursor === null ? scrubIntervalMs : scrubSpacingMs;
  return isFromWrongClock(nextAt, now, aheadMaxMs) ? now : nextAt;
}

export type BegunBatch = ScrubProgress & { readonly cursor: string };

/** A batch begins. Written before an account is asked: what a crash interrupts comes again, and no
 *  earlier than the next batch would. */
export function beginBatch(progress: ScrubProgress, now: number): BegunBatch {
  const { cursor } = progress;
  const claimed = { ...progress, batchAt: now, nextAt: now + scrubSpacingMs };
  if (cursor !== null) return { ...claimed, cursor };
  const round = { round: progress.round + 1, cursor: "", startedAt: now };
  return { ...claimed, ...round, tries: 0, checked: 0, skipped: 0 };
}

/** What a batch has done. `last`: the last transaction of the batch, null where the shard has no
 *  more. `unasked`: transactions of which some account did not answer. */
export interface Batch {
  readonly last: string | null;
  readonly transactions: number;
  readonly unasked: number;
}

/** A batch ends. One that could not be checked as a whole is repeated, a few times: an account that
 *  is away for long must not keep the rest of the shard from being looked at. */
export function endBatch(progress: BegunBatch, batch: Batch, now: number): ScrubProgress {
  const { last, transactions, unasked } = batch;
  if (unasked > 0 && progress.tries + 1 < scrubTriesMax) {
    return { ...progress, tries: progress.tries + 1 };
  }
  const checked = progress.checked + transactions - unasked;
  const skipped = progress.skipped + unasked;
  const next = { ...progress, cursor: last, tries: 0, checked, skipped };
  if (last !== null) return next;
  const startedAt = progress.startedAt ?? now;
  return { ...next, endedAt: now, nextAt: Math.max(startedAt + scrubIntervalMs, next.nextAt) };
}

/** A round is asked for: it begins as soon as a batch may. One that is running goes on. */
export function hurry(progress: ScrubProgress, now: number): ScrubProgress {
  if (progress.cursor !== null) return progress;
  const earliest = progress.batchAt === null ? now : progress.batchAt + scrubSpacingMs;
  const wrong = isFromWrongClock(earliest, now, scrubSpacingMs);
  const nextAt = wrong ? now : Math.max(now, earliest);
  return { ...progress, nextAt: Math.min(progress.nextAt, nextAt) };
}
