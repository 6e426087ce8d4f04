// A wallet's final ledger, made quick to ask: entries and hashes by sequence, balances at any.
import type { HistoryRow } from "./format.ts";

interface Course {
  readonly sequences: number[];
  readonly balances: number[];
}

type Pile = Pick<HistoryRow, "bucket" | "currency">;

function pileOf({ bucket, currency }: Pile): string {
  return `${bucket} ${currency}`;
}

/** The rows of a ledger, those of one transaction that stand next to each other in one group. */
export function legRows(rows: readonly HistoryRow[]): readonly (readonly HistoryRow[])[] {
  const legs: HistoryRow[][] = [];
  for (const row of rows) {
    const last = legs.at(-1);
    if (last?.[0]?.transactionId === row.transactionId) last.push(row);
    else legs.push([row]);
  }
  return legs;
}

export class LedgerIndex {
  readonly walletId: string;
  readonly genesis: string;
  /** Oldest first; `entries[n - 1]` has sequence n in a ledger without gaps. */
  readonly entries: readonly HistoryRow[];
  /** The course of each currency's balance, and of each bucket's part of it. */
  readonly #courses = new Map<string, Course>();

  constructor(walletId: string, genesis: string, entries: readonly HistoryRow[]) {
    this.walletId = walletId;
    this.genesis = genesis;
    this.entries = entries;
    for (const [index, entry] of entries.entries()) {
      const change = entry.direction === "credit" ? entry.amount : -entry.amount;
      this.#extend(entry.currency, index + 1, change);
      this.#extend(pileOf(entry), index + 1, change);
    }
  }

  #extend(name: string, sequence: number, change: number): void {
    const course = this.#courses.get(name) ?? { sequences: [], balances: [] };
    this.#courses.set(name, course);
    course.balances.push((course.balances.at(-1) ?? 0) + change);
    course.sequences.push(sequence);
  }

  /** The newest sequence; 0 in an empty ledger. */
  get head(): number {
    return this.entries.length;
  }

  hashAt(sequence: number): string | undefined {
    return sequence === 0 ? this.genesis : this.entries[sequence - 1]?.hash;
  }

  /** The sum of the currency's entries up to and with `sequence`; undefined before its first. */
  balanceAt(sequence: number, currency: string): number | undefined {
    return this.#valueAt(sequence, currency);
  }

  /** The same of what lies in one bucket. */
  pileAt(sequence: number, pile: Pile): number | undefined {
    return this.#valueAt(sequence, pileOf(pile));
  }

  #valueAt(sequence: number, name: string): number | undefined {
    const course = this.#courses.get(name);
    if (!course) return undefined;
    let low = 0;
    let high = course.sequences.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((course.sequences[middle] ?? Infinity) <= sequence) low = middle + 1;
      else high = middle;
    }
    return course.balances[low - 1];
  }

  currenciesAt(sequence: number): string[] {
    return [...new Set(this.entries.map(({ currency }) => currency))].filter(
      (currency) => this.balanceAt(sequence, currency) !== undefined,
    );
  }
}
