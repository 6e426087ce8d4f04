// When things seemed to happen. First, wallet by wallet, what every read must include and in which
// order acknowledged transactions stand; then, over all wallets, whether one order explains
// everything (serialization.ts).
import { place } from "./check-ledgers.ts";
import { decidedVariant, intervalOf, type History, type Transaction } from "./history.ts";
import type { LedgerIndex } from "./ledger-index.ts";
import { headSeen, type Read } from "./reads.ts";
import type { Report } from "./violations.ts";

export interface Interval {
  /** First asked for; -Infinity where that never happened. */
  readonly invoked: number;
  /** First acknowledged; Infinity where that never happened. */
  readonly acknowledged: number;
}

/** When each transaction that is in a ledger happened, by id. */
export type Intervals = ReadonlyMap<string, Interval>;

export function intervalsOf(history: History): Intervals {
  const intervals = new Map<string, Interval>();
  for (const transaction of history.transactions.values()) {
    const variant = transaction.entries.length > 0 ? decidedVariant(transaction) : undefined;
    if (variant) intervals.set(transaction.id, intervalOf(variant, transaction));
  }
  for (const { entry } of history.phantoms) {
    intervals.set(entry.transactionId, { invoked: -Infinity, acknowledged: Infinity });
  }
  return intervals;
}

/** Returns the reads that contradict the clock by themselves, so that they are reported once. */
export function checkOrder(
  history: History,
  intervals: Intervals,
  report: Report,
): ReadonlySet<unknown> {
  const clockErrorMs = history.header.clockErrorMs ?? 0;
  const guilty = new Set<unknown>();
  const readsOf = Map.groupBy(history.reads, (read) => read.walletId);
  for (const ledger of history.wallets.values()) {
    checkInversions(ledger, intervals, clockErrorMs, report);
    const reads = (readsOf.get(ledger.walletId) ?? []).filter((read) => {
      const head = headSeen(read);
      return head !== undefined && head <= ledger.head;
    });
    const where = (read: Read) =>
      `line ${history.lineOf.get(read.operation)}: ${ledger.walletId} at entry ${headSeen(read)}`;
    for (const read of staleReads(ledger, reads, intervals, clockErrorMs)) {
      guilty.add(read);
      report("stale_read", `${where(read)} misses what was known before`);
    }
    for (const read of futureReads(ledger, reads, intervals, clockErrorMs)) {
      guilty.add(read);
      report("future_read", `${where(read)} shows what was asked for later`);
    }
  }
  for (const transaction of history.transactions.values()) {
    checkLookups(transaction, intervals, history, guilty, report);
  }
  return guilty;
}

function checkInversions(
  { walletId, entries }: LedgerIndex,
  intervals: Intervals,
  clockErrorMs: number,
  report: Report,
): void {
  let acknowledgedLater = Infinity;
  for (const entry of entries.toReversed()) {
    const interval = intervals.get(entry.transactionId);
    if (!interval) continue;
    if (acknowledgedLater + clockErrorMs < interval.invoked) {
      report(
        "order_inversion",
        `${place(walletId, entry)} comes before one that was acknowledged before it was asked for`,
      );
    }
    acknowledgedLater = Math.min(acknowledgedLater, interval.acknowledged);
  }
}

/** Walks reads as they began, along with everything that had been acknowledged or shown by then. */
function staleReads(
  ledger: LedgerIndex,
  reads: readonly Read[],
  intervals: Intervals,
  clockErrorMs: number,
): readonly Read[] {
  const known = ledger.entries.map((entry, index) => ({
    since: intervals.get(entry.transactionId)?.acknowledged ?? Infinity,
    sequence: index + 1,
  }));
  for (const read of reads) {
    known.push({ since: read.operation.completed, sequence: headSeen(read) ?? 0 });
  }
  known.sort((left, right) => left.since - right.since);

  const stale: Read[] = [];
  let due = 0;
  let next = 0;
  const begun = reads.toSorted((left, right) => left.operation.invoked - right.operation.invoked);
  for (const read of begun) {
    for (; (known[next]?.since ?? Infinity) + clockErrorMs < read.operation.invoked; next++) {
      due = Math.max(due, known[next]?.sequence ?? 0);
    }
    if ((headSeen(read) ?? 0) < due) stale.push(read);
  }
  return stale;
}

function futureReads(
  ledger: LedgerIndex,
  reads: readonly Read[],
  intervals: Intervals,
  clockErrorMs: number,
): readonly Read[] {
  let latest = -Infinity;
  /** By sequence: when the youngest request up to there was made. */
  const askedBy = [latest];
  for (const entry of ledger.entries) {
    latest = Math.max(latest, intervals.get(entry.transactionId)?.invoked ?? -Infinity);
    askedBy.push(latest);
  }
  return reads.filter((read) => {
    const asked = askedBy[headSeen(read) ?? 0] ?? -Infinity;
    return read.operation.completed + clockErrorMs < asked;
  });
}

function checkLookups(
  transaction: Transaction,
  intervals: Intervals,
  history: History,
  guilty: Set<unknown>,
  report: Report,
): void {
  const interval = intervals.get(transaction.id);
  if (!interval) return;
  const clockErrorMs = history.header.clockErrorMs ?? 0;
  for (const lookup of transaction.lookups) {
    const { operation, status } = lookup;
    const undecided = status === "pending" || status === "absent";
    if (!undecided || interval.acknowledged + clockErrorMs >= operation.invoked) continue;
    guilty.add(lookup);
    const line = history.lineOf.get(operation);
    report("stale_read", `line ${line}: ${transaction.id} is ${status} after its acknowledgement`);
  }
}
