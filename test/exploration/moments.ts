// Which transactions an account shows, and which ones it should: sets of transactions as bits.
// While a read is under way, every set of committed transactions that there was since it began is
// noted: its answer has to be one of them.
import type { State } from "./layout.ts";
import {
  isCommitted,
  isRejected,
  LegIs,
  type AccountModel,
  type LegModel,
  type World,
} from "./world.ts";

function bitsOf(account: AccountModel, holds: (leg: LegModel) => boolean): number {
  let bits = 0;
  for (const leg of account.legs) if (holds(leg)) bits |= 1 << leg.transaction.number;
  return bits;
}

export function postedIn(state: State, account: AccountModel): number {
  return bitsOf(account, (leg) => state[leg.state] === LegIs.posted);
}

function committedIn(state: State, account: AccountModel): number {
  return bitsOf(account, ({ transaction }) => isCommitted(state, transaction));
}

export function rejectedIn(state: State, account: AccountModel): number {
  return bitsOf(account, ({ transaction }) => isRejected(state, transaction));
}

/** To be called whenever a read begins and whenever a transaction was decided. */
export function noteMoment({ readers, accounts }: World, next: State): void {
  for (const { wallet, moments } of readers) {
    const account = accounts[next[wallet]! - 1];
    if (account) next[moments]! |= 1 << committedIn(next, account);
  }
}

/** Whether exactly `transactions` had been committed at some moment of the read. */
export function wasMoment(moments: number, transactions: number): boolean {
  return ((moments >> transactions) & 1) === 1;
}

/** What had been committed when the read began: sets only grow, so it is the smallest one. */
export function firstMoment(moments: number): number {
  return 31 - Math.clz32(moments & -moments);
}
