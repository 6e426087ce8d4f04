// One page of a wallet's history, computed from one state of its ledger, synchronously.
import { historyScanMax } from "../../domain/limits.ts";
import { moveOf, RunningNet } from "../../domain/ledger/position.ts";
import { toEntry, type EntryRow } from "../account/rows.ts";
import type { HistoryEntry, HistoryFilter } from "./contract.ts";
import type { WalletStore } from "./store.ts";
import type { LedgerSums } from "./sums.ts";

/** What a page is read from. */
interface Ledger {
  readonly store: WalletStore;
  readonly sums: LedgerSums;
}

export interface Page {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  readonly nextBefore: number | null;
}

/** The first sequence posted at or after `time`, by bisection: entries are in the order of their
 *  postings. */
function firstSequenceFrom(store: WalletStore, last: number, time: number): number {
  let low = 1;
  let high = last + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((store.postedAt(middle) ?? time) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function matches(row: EntryRow, filter: HistoryFilter): boolean {
  return (
    (filter.currency === undefined || row.currency === filter.currency) &&
    (filter.direction === undefined || row.direction === filter.direction) &&
    (filter.type === undefined || row.type === filter.type) &&
    (filter.from === undefined || row.decided_at >= filter.from) &&
    (filter.to === undefined || row.decided_at < filter.to)
  );
}

/** Without a filter every row is wanted, and all of them are taken at once. With one, many rows may
 *  have to be looked at for each that matches. */
function candidates(
  store: WalletStore,
  before: number,
  filter: HistoryFilter,
  limit: number,
): Iterable<EntryRow> {
  const isFiltered = Object.values(filter).some((wanted) => wanted !== undefined);
  return isFiltered
    ? store.entriesBefore(before, historyScanMax)
    : store.entriesBefore(before, limit).toArray();
}

/** Balances are added up from below the page, over every scanned entry, before any filter. */
function withBalances(
  sums: LedgerSums,
  scanned: readonly EntryRow[],
  matching: ReadonlySet<EntryRow>,
): HistoryEntry[] {
  const lowest = scanned.at(-1);
  if (!lowest) return [];
  const net = new RunningNet(sums.netAt(lowest.sequence - 1));
  const entries: HistoryEntry[] = [];
  for (const row of scanned.toReversed()) {
    const balanceAfter = net.add(moveOf(row));
    if (!matching.has(row)) continue;
    const { previousHash: _, ...entry } = toEntry(row);
    entries.push({ ...entry, balanceAfter });
  }
  return entries.toReversed();
}

/** The entries of a leg of `count` lines, the last of which is `last`, in order. */
export function entriesOfLeg({ store, sums }: Ledger, last: number, count: number): HistoryEntry[] {
  const rows = store.entriesBefore(last + 1, count).toArray();
  return withBalances(sums, rows, new Set(rows)).toReversed();
}

/** Entries that match, newest first, from those below `before` and up to sequence `last`. */
export function pageOf(
  { store, sums }: Ledger,
  last: number,
  query: { readonly filter: HistoryFilter; readonly limit: number; readonly before?: number },
): Page {
  const { filter, limit } = query;
  let before = Math.min(query.before ?? last + 1, last + 1);
  // Posted after its decision, but no later than the longest lag.
  if (filter.to !== undefined) {
    const postedBy = filter.to + sums.lagUpTo(last);
    before = Math.min(before, firstSequenceFrom(store, last, postedBy));
  }
  const lowest = filter.from === undefined ? 1 : firstSequenceFrom(store, last, filter.from);
  if (before <= lowest) return { entries: [], nextBefore: null };

  const scanned: EntryRow[] = [];
  const matching = new Set<EntryRow>();
  /** Where the next page begins: below the last row that was looked at and is not on it. */
  let nextBefore: number | null = null;
  for (const row of candidates(store, before, filter, limit)) {
    const isMatch = matches(row, filter);
    // A full page goes on to look for one more match: without any, it is the last.
    if (isMatch && matching.size === limit) break;
    scanned.push(row);
    if (isMatch) matching.add(row);
    nextBefore = row.sequence > lowest ? row.sequence : null;
    if (nextBefore === null || scanned.length === historyScanMax) break;
  }
  return { entries: withBalances(sums, scanned, matching), nextBefore };
}
