// Clocks that are apart, in worlds that have them: when a transaction is decided, and what its
// entries say of it. Times are in ticks; the production code sees them as ms.
import type { LedgerHead } from "../../src/domain/ledger/entry.ts";
import { decisionAheadMaxMs } from "../../src/domain/limits.ts";
import type { State } from "./layout.ts";
import type { Model } from "./model.ts";
import { addLeg, openingOf } from "./money-model.ts";
import {
  LegIs,
  type AccountModel,
  type ClockModel,
  type ClocksModel,
  type LegModel,
  type TransactionModel,
} from "./world.ts";

/** What a clock shows, in ms. Without clocks, all times are the same. */
export function clockOf(
  clocks: ClocksModel | undefined,
  state: State,
  { clock: { ahead, isRight, jumps } }: { readonly clock: ClockModel },
): number {
  if (!clocks) return 1;
  const isAhead = jumps === (state[isRight] === 1);
  return (state[clocks.now]! + (isAhead ? ahead : 0)) * clocks.tickMs;
}

/** 1 + the newest `decidedAt` that an account reports with a YES; 0: it reports none. */
export function newestOf(state: State, leg: LegModel): number {
  const legs = leg.account.isWallet ? leg.account.legs : leg.origin ? [leg.origin] : [];
  let newest = 0;
  for (const { state: isAt, dated } of legs) {
    if (state[isAt] !== LegIs.posted) continue;
    newest = Math.max(newest, state[dated]! + 1);
  }
  return newest;
}

/** The vote's part that says when the newest of the account was decided. */
export function reportedNewest(
  clocks: ClocksModel | undefined,
  state: State,
  { newest }: LegModel,
): { readonly newestDecidedAt?: number } {
  if (!clocks || state[newest] === 0) return {};
  return { newestDecidedAt: (state[newest]! - 1) * clocks.tickMs };
}

/** Writes when a transaction was decided. */
export function dateDecision(
  { world: { clocks }, blame }: Model,
  next: State,
  transaction: TransactionModel,
  decidedAt: number,
): void {
  if (!clocks) return;
  if (decidedAt > clockOf(clocks, next, transaction) + decisionAheadMaxMs) {
    blame(`${transaction.name} is dated by a clock that is wrong`);
  }
  next[transaction.decidedAt] = Math.min(decidedAt / clocks.tickMs, clocks.latest);
}

/** Writes the times of a leg's entries. */
export function dateEntries(model: Model, next: State, leg: LegModel, tellsTime: boolean): void {
  const { world, blame } = model;
  const { clocks } = world;
  if (!clocks) return;
  const { account, transaction } = leg;
  const now = clockOf(clocks, next, account);
  const dated = tellsTime ? next[transaction.decidedAt]! : now / clocks.tickMs;
  next[leg.dated] = dated;
  const decidedAt = dated * clocks.tickMs;
  const previous = next[account.head]! * clocks.tickMs;
  const created = createdAt(model, leg, { decidedAt, now, previous });
  if (created < previous) blame(`an entry in ${account.name} is older than the one before it`);
  if (created < decidedAt) blame(`an entry in ${account.name} is older than its decision`);
  next[account.head] = created / clocks.tickMs;
}

interface Times {
  readonly decidedAt: number;
  readonly now: number;
  readonly previous: number;
}

/** Entries are hashed, so that those of equal times are made once. */
const known = new WeakMap<LegModel, Map<string, number>>();

function createdAt({ rules }: Model, leg: LegModel, times: Times): number {
  const { decidedAt, now, previous } = times;
  const own = known.get(leg) ?? new Map<string, number>();
  known.set(leg, own);
  const key = `${decidedAt} ${now} ${previous}`;
  const found = own.get(key);
  if (found !== undefined) return found;
  const head: LedgerHead = { sequence: 0, hash: "", createdAt: previous };
  const last = rules.nextEntries(head, leg.posting, { decidedAt, now }).at(-1);
  if (!last) throw new Error("a leg has an entry");
  own.set(key, last.createdAt);
  return last.createdAt;
}

/** Whether the wallet had, at some moment of the past, less than nothing: going by what had been
 *  decided until then. */
export function wasNegative({ latest }: ClocksModel, account: AccountModel, state: State): boolean {
  for (let until = 0; until <= latest; until++) {
    const amounts = openingOf(account);
    for (const leg of account.legs) {
      if (state[leg.state] === LegIs.posted && state[leg.dated]! <= until) addLeg(amounts, leg);
    }
    if (amounts.some((amount) => amount < 0)) return true;
  }
  return false;
}
