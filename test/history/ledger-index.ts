// A wallet's final ledger, made quick to ask: entries and hashes by sequence, balances at any.
import type { HistoryRow } from "./format.ts";

interface Course {
  readonly sequences: number[];
  readonly balances: number[];
}

export class LedgerIndex {
  readonly walletId: string;
  readonly genesis: string;
  /** Oldest first; `entries[n - 1]` has sequence n in a ledger without gaps. */
  readonly entries: readonly HistoryRow[];
  /** The course of each currency's balance. */
  readonly #courses = new Map<string, Course>();

  constructor(walletId: string, genesis: string, entries: readonly HistoryRow[]) {
    this.walletId = walletId;
    this.genesis = genesis;
    this.entries = entries;
    for (const [index, { currency, direction, amount }] of entries.entries()) {
      const course = this.#courses.get(currency) ?? { sequences: [], balances: [] };
      this.#courses.set(currency, course);
      const before = course.balances.at(-1) ?? 0;
      course.sequences.push(index + 1);
      course.balances.push(before + (direction === "credit" ? amount : -amount));
    }
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
    const course = this.#courses.get(currency);
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
    return [...this.#courses.keys()].filter(
      (currency) => this.balanceAt(sequence, currency) !== undefined,
    );
  }
}
