// Adds up a wallet's ledger entry by entry, for the audit, which compares checkpoints with the
// sums, and the sums with their bounds and with what is authorized. Exact at any size, since
// entries may have been edited.
import type { Entry } from "../../domain/ledger/entry.ts";
import { amountMax } from "../../domain/limits.ts";
import { isOperationType, operationOf } from "../../domain/operations/all.ts";
import { isObject } from "../../domain/shape.ts";
import type { AuditedCheckpoint } from "./audit-store.ts";

interface Sums {
  available: bigint;
  reserved: bigint;
  debited: bigint;
  /** What was reserved by transactions that have no end. */
  awaited: bigint;
}

const none: Sums = { available: 0n, reserved: 0n, debited: 0n, awaited: 0n };

/** Edited entries may name operations that there are not. */
function countsAsSpending({ type }: Entry): boolean {
  return isOperationType(type) && operationOf({ type }).countsAsSpending;
}

export class LedgerTally {
  readonly #sums = new Map<string, Sums>();
  /** Currencies that the present leg has moved. */
  readonly #moved = new Set<string>();
  #decidedAt = 0;
  #lag = 0;

  /** `isAwaited`: of an entry that reserves money, whether nothing has ended its transaction. */
  add(entry: Entry, isAwaited: boolean): void {
    const { currency, bucket, direction, amount, decidedAt, createdAt } = entry;
    const sums = this.#sums.get(currency) ?? { ...none };
    const exact = BigInt(amount);
    if (isAwaited) sums.awaited += exact;
    sums[bucket] += direction === "credit" ? exact : -exact;
    const isSpent = direction === "debit" && bucket === "available" && countsAsSpending(entry);
    if (isSpent) sums.debited += exact;
    this.#sums.set(currency, sums);
    this.#moved.add(currency);
    this.#decidedAt = Math.max(this.#decidedAt, decidedAt);
    this.#lag = Math.max(this.#lag, createdAt - decidedAt);
  }

  /** Between two legs: what the last one has left outside of its bounds. */
  exceededByLeg(): "negative_balance" | "balance_limit_exceeded" | undefined {
    const moved = [...this.#moved].flatMap((currency) => this.#sums.get(currency) ?? []);
    this.#moved.clear();
    if (moved.some(({ available, reserved }) => available < 0n || reserved < 0n)) {
      return "negative_balance";
    }
    const isOver = moved.some(({ available, reserved }) => available + reserved > amountMax);
    return isOver ? "balance_limit_exceeded" : undefined;
  }

  /** The first currency of which more or less is reserved than what waits for its end. */
  wronglyReserved(): string | undefined {
    return [...this.#sums].find(([, { reserved, awaited }]) => reserved !== awaited)?.[0];
  }

  /** Whether a checkpoint says what all entries so far amount to, and nothing else. */
  equals({ sums, decidedAt, lag }: AuditedCheckpoint): boolean {
    if (!isObject(sums) || decidedAt !== this.#decidedAt || lag !== this.#lag) return false;
    if (Object.keys(sums).length !== this.#sums.size) return false;
    return [...this.#sums].every(([currency, own]) => {
      const one = sums[currency];
      return (
        isObject(one) &&
        Object.keys(one).length === 3 &&
        one["available"] === Number(own.available) &&
        one["reserved"] === Number(own.reserved) &&
        one["debited"] === String(own.debited)
      );
    });
  }
}
