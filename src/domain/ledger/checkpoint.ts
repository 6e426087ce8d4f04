// A checkpoint: what a wallet's ledger adds up to after one of its entries. Derived from entries
// alone, so that it can be thrown away. Pure.
import { operationOf } from "../operations/all.ts";
import type { Entry } from "./entry.ts";
import { addLines, nothing, type Amounts, type Net } from "./position.ts";

export interface CurrencySums extends Amounts {
  /** All debits of `available` that count as spending: a decimal number of any length. */
  readonly debited: string;
}

export interface Checkpoint {
  readonly sums: Readonly<Record<string, CurrencySums>>;
  /** The newest decision so far, in ms since the epoch. */
  readonly decidedAt: number;
  /** The longest time from a decision to its posting so far, in ms. */
  readonly lag: number;
}

export const emptyCheckpoint: Checkpoint = { sums: {}, decidedAt: 0, lag: 0 };

type Summed = Pick<
  Entry,
  "type" | "bucket" | "direction" | "currency" | "amount" | "decidedAt" | "createdAt"
>;

/** The checkpoint after `entries`, which follow `before`. */
export function checkpointAfter(before: Checkpoint, entries: readonly Summed[]): Checkpoint {
  const net = addLines(netOfSums(before), entries);
  const debited = new Map(
    Object.entries(before.sums).map(([currency, sums]) => [currency, BigInt(sums.debited)]),
  );
  for (const { type, bucket, direction, currency, amount } of entries) {
    const isSpent = direction === "debit" && bucket === "available";
    if (!isSpent || !operationOf({ type }).countsAsSpending) continue;
    debited.set(currency, (debited.get(currency) ?? 0n) + BigInt(amount));
  }
  const sums = Object.entries(net).map(([currency, amounts]) => [
    currency,
    { ...nothing, ...amounts, debited: String(debited.get(currency) ?? 0n) },
  ]);
  return {
    sums: Object.fromEntries(sums) as Checkpoint["sums"],
    decidedAt: Math.max(before.decidedAt, ...entries.map((entry) => entry.decidedAt)),
    lag: Math.max(before.lag, ...entries.map((entry) => entry.createdAt - entry.decidedAt)),
  };
}

export function netOfSums({ sums }: Pick<Checkpoint, "sums">): Net {
  const amounts = Object.entries(sums).map(([currency, { available, reserved }]) => [
    currency,
    { available, reserved },
  ]);
  return Object.fromEntries(amounts) as Net;
}
