// What must hold in every state, and when a state counts as settled. Promises about single steps
// (votes, refusals, reads, integrity faults) are checked where the step is made.
import { amountMax } from "../../src/domain/limits.ts";
import { signed } from "../../src/domain/ledger/money.ts";
import { balanceOf, heldLegs } from "./account-model.ts";
import type { State } from "./layout.ts";
import {
  LegIs,
  Row,
  type AccountModel,
  type LegModel,
  type TransactionModel,
  type World,
} from "./world.ts";

/** The first promise that `state` breaks. */
export function brokenPromise(world: World, state: State): string | undefined {
  for (const transaction of world.transactions) {
    const broken = brokenByTransaction(state, transaction);
    if (broken) return broken;
  }
  for (const account of world.accounts) {
    const broken = account.isWallet
      ? brokenByWallet(state, account)
      : brokenOutside(state, account);
    if (broken) return broken;
  }
  return sumOfAll(world, state) === 0 ? undefined : "money was created or destroyed";
}

function brokenByTransaction(state: State, transaction: TransactionModel): string | undefined {
  const { legs, name } = transaction;
  const row = state[transaction.row]!;
  const isCommitted = row === Row.committed || row === Row.committedSettled;
  for (const leg of legs) {
    const isAt = state[leg.state]!;
    if (state[leg.entries] !== (isAt === LegIs.posted ? 1 : 0)) {
      return `${leg.name} does not have exactly one entry`;
    }
    if (isCommitted && isAt !== LegIs.held && isAt !== LegIs.posted) {
      return `half a transaction: ${name} is committed and cannot be posted in ${leg.account.name}`;
    }
    if (!isCommitted && isAt === LegIs.posted) {
      return `half a transaction: ${name} is posted in ${leg.account.name} and not committed`;
    }
    if (row === Row.committedSettled && isAt !== LegIs.posted) {
      return `${name} was answered before it was posted in ${leg.account.name}`;
    }
    const isLeft = row === Row.rejectedSettled && isAt === LegIs.held;
    if (isLeft && !(leg.unwritten >= 0 && state[leg.unwritten] === 1)) {
      return `${name} was rejected and settled, and ${leg.account.name} still holds it`;
    }
  }
  return undefined;
}

function brokenByWallet(state: State, account: AccountModel): string | undefined {
  let debits = 0;
  let credits = 0;
  for (const { direction, amount } of heldLegs(state, account)) {
    if (direction === "debit") debits += amount;
    else credits += amount;
  }
  const balance = balanceOf(state, account);
  if (balance - debits < 0) return `less than nothing is available in ${account.name}`;
  if (amountMax - balance < credits) return `${account.name} has no room for what it holds`;
  return undefined;
}

/** One claim for each payment reference, and it belongs to the leg that is held or posted. */
function brokenOutside(state: State, account: AccountModel): string | undefined {
  const isTaken = (leg: LegModel) =>
    state[leg.state] === LegIs.held || state[leg.state] === LegIs.posted;
  for (const leg of account.legs) {
    const sameReference = account.legs.filter(({ claim }) => claim === leg.claim);
    const posted = sameReference.filter((one) => state[one.state] === LegIs.posted);
    if (posted.length > 1) return "one payment reference was credited twice";
    const hasClaim = state[leg.claim] === leg.transaction.number + 1;
    if (hasClaim !== isTaken(leg)) return `the claim of ${leg.transaction.name} is not its leg's`;
  }
  return undefined;
}

/** Entries of all accounts, and the legs that are committed and not yet posted. */
function sumOfAll(world: World, state: State): number {
  let sum = 0;
  for (const leg of world.legs) {
    const row = state[leg.transaction.row];
    const isOwed = row === Row.committed && state[leg.state] === LegIs.held;
    sum += (state[leg.entries]! + (isOwed ? 1 : 0)) * signed(leg.direction, leg.amount);
  }
  return sum;
}

/** Nothing is left to do: every known transaction is answered, and no leg is held. */
export function isSettled(world: World, state: State): boolean {
  return world.transactions.every(({ row, legs }) => {
    const isAt = state[row];
    const isDone = isAt === Row.absent || isAt! >= Row.committedSettled;
    return isDone && legs.every((leg) => state[leg.state] !== LegIs.held);
  });
}
