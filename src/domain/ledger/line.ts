// A line: one movement of money in one account, which becomes exactly one entry. The lines of a
// transaction balance, and each pile of money moves in one direction only. Pure.
import { amountMax } from "../limits.ts";
import type { Direction } from "./money.ts";

/** A wallet's money of a currency lies in one of two: `reserved` is promised to an authorization.
 *  The outside world has `available` only. */
export const buckets = ["available", "reserved"] as const;
export type Bucket = (typeof buckets)[number];

export interface Line {
  readonly bucket: Bucket;
  readonly direction: Direction;
  /** Minor units, 1 .. 2^53 - 1. */
  readonly amount: number;
  readonly currency: string;
}

/** A line as its entry shows it. `counterparty`: the account on the other side. */
export interface ShownLine extends Line {
  readonly counterparty: string;
}

/** A line of a transaction. Accounts are `wal_...` or `external:<provider>`. */
export interface AccountLine extends ShownLine {
  readonly account: string;
}

/** A line as JSON columns keep it. */
export type LineTuple = readonly [Bucket, Direction, currency: string, amount: number];

export function toTuple({ bucket, direction, currency, amount }: Line): LineTuple {
  return [bucket, direction, currency, amount];
}

export function toLine([bucket, direction, currency, amount]: LineTuple): Line {
  return { bucket, direction, currency, amount };
}

/** A line of a transaction as its log keeps it. */
export type AccountLineTuple = readonly [account: string, counterparty: string, ...LineTuple];

export function toAccountTuple(line: AccountLine): AccountLineTuple {
  return [line.account, line.counterparty, ...toTuple(line)];
}

export function toAccountLine([account, counterparty, ...line]: AccountLineTuple): AccountLine {
  return { account, counterparty, ...toLine(line) };
}

export function isOutside(account: string): boolean {
  return !account.startsWith("wal_");
}

/** The order of accounts, for sorting: wallets by id, then the outside world. */
export function compareAccounts(one: string, other: string): number {
  if (isOutside(one) !== isOutside(other)) return isOutside(one) ? 1 : -1;
  return one < other ? -1 : Number(one > other);
}

export function isSameLine(one: Line, other: Line | undefined): boolean {
  return (
    one.bucket === other?.bucket &&
    one.direction === other.direction &&
    one.amount === other.amount &&
    one.currency === other.currency
  );
}

export function areSameLines(some: readonly Line[], others: readonly Line[]): boolean {
  return (
    some.length === others.length && some.every((line, index) => isSameLine(line, others[index]))
  );
}

/** Why lines can be no transaction. */
export type LinesFlaw =
  | "too_few"
  | "unbalanced"
  | "both_directions"
  | "sum_out_of_range"
  | "outside_twice"
  | "outside_reserved";

/** What is wrong with the lines of a transaction, if anything: checked before it is recorded. With
 *  two directions in one pile a wallet could be negative in between; the outside world is either
 *  the source or the target, in one account, so that its shards never meet by chance. */
export function flawOf(lines: readonly AccountLine[]): LinesFlaw | undefined {
  if (lines.length < 2) return "too_few";
  const net = new Map<string, bigint>();
  const piles = new Map<string, { readonly direction: Direction; sum: bigint }>();
  const outside = new Set<string>();
  for (const { account, bucket, direction, amount, currency } of lines) {
    const exact = BigInt(amount);
    net.set(currency, (net.get(currency) ?? 0n) + (direction === "credit" ? exact : -exact));
    const name = JSON.stringify([account, bucket, currency]);
    const pile = piles.get(name) ?? { direction, sum: 0n };
    if (pile.direction !== direction) return "both_directions";
    pile.sum += exact;
    if (pile.sum > BigInt(amountMax)) return "sum_out_of_range";
    piles.set(name, pile);
    if (!isOutside(account)) continue;
    if (bucket !== "available") return "outside_reserved";
    outside.add(`${account} ${direction}`);
  }
  if (outside.size > 1) return "outside_twice";
  return [...net.values()].some((sum) => sum !== 0n) ? "unbalanced" : undefined;
}

/** In the order in which they are posted. With credits first, a balance could leave the exact range
 *  for one entry. */
export function debitsFirst<L extends Line>(lines: readonly L[]): readonly L[] {
  const inDirection = (wanted: Direction) => lines.filter(({ direction }) => direction === wanted);
  return [...inDirection("debit"), ...inDirection("credit")];
}
