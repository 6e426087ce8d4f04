// All arithmetic on money. Integers in minor units, exact or refused: nothing here rounds.
import { amountMax } from "../limits.ts";

export type Direction = "debit" | "credit";

/** Whether `value` may be the amount of a line: an integer from 1 to 2^53 - 1. */
export function isAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}

/** The exact sum. Throws where the result leaves the exact range: that is our bug, not the
 *  client's, since admission bounds every sum before it can grow that far. */
export function add(left: number, right: number): number {
  const sum = left + right;
  if (!Number.isSafeInteger(sum)) throw new Error("money out of the exact range");
  return sum;
}

/** Whether `amount` more still fits under the limit, with all held credits counted as arrived.
 *  Subtraction from the limit, because the sum itself could leave the exact range. */
export function hasHeadroom(balance: number, incoming: number, amount: number): boolean {
  return amount <= amountMax - balance - incoming;
}

/** The signed effect of a posted line on its account. */
export function signed(direction: Direction, amount: number): number {
  return direction === "credit" ? amount : -amount;
}
