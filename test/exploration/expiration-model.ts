// What a log ends by itself: the row that says when, its alarm, and the expiry that is recorded
// when the time is over, unless the account has another end posted.
import type { State } from "./layout.ts";
import type { Emit, Model } from "./model.ts";
import { clockOf } from "./time-model.ts";
import {
  LegIs,
  Row,
  type ClocksModel,
  type ExpirationModel,
  type TransactionModel,
  type World,
} from "./world.ts";

type Expiring = TransactionModel & { readonly expiration: ExpirationModel };

export function isExpiring(transaction: TransactionModel): transaction is Expiring {
  return transaction.expiration !== undefined;
}

/** With the row of a transaction that ends: when that is. */
export function noteExpiry({ world: { clocks } }: Model, next: State, one: Expiring): void {
  if (!clocks) return;
  const { at, afterMs } = one.expiration;
  next[at] = (clockOf(clocks, next, one) + afterMs) / clocks.tickMs;
}

/** With the decision. */
export function decideExpiring({ rules }: Model, next: State, { row, expiration }: Expiring): void {
  const { waits, alarm } = expiration;
  const isToEnd = next[row] === Row.committed && rules.expirationWithDecision;
  next[waits] = isToEnd ? 1 : 0;
  next[alarm] = isToEnd && rules.alarmWithExpiration ? 1 : 0;
  if (!isToEnd) forgetTime(next, expiration);
}

function forgetTime(next: State, { over, at }: ExpirationModel): void {
  if (over >= 0) next[over] = 0;
  if (at >= 0) next[at] = 0;
}

/** Its time passes; when it is over, the alarm records the expiry or learns of another end. */
export function runExpiration(
  model: Model,
  state: State,
  transaction: TransactionModel,
  emit: Emit,
): void {
  if (!isExpiring(transaction)) return;
  const { name, log, row, expiration } = transaction;
  const { waits, alarm, over, ending } = expiration;
  const mayPass = state[row] === Row.preparing || state[waits] === 1;
  if (state[over] === 0 && mayPass) {
    const next = state.slice();
    next[over] = 1;
    emit(`the time of ${name} is over`, next, "mishap");
  }
  if (state[waits] === 0 || state[alarm] === 0 || !seemsOver(model, state, transaction)) return;
  if (hasEnd(model, state, ending)) {
    emit(`${log} learns that ${name} has ended`, gone(state, expiration));
    record(model, state, transaction, (next) =>
      emit(`${log} does not learn how ${name} ended, and records ${ending.name}`, next, "mishap"),
    );
    return;
  }
  record(model, state, transaction, (next) => emit(`${log} records ${ending.name}`, next));
  if (model.rules.expirationUntilExpiry) return;
  emit(`${log} crashes before it records ${ending.name}`, gone(state, expiration), "mishap");
}

/** As the log sees it. */
function seemsOver({ rules, world: { clocks } }: Model, state: State, one: Expiring): boolean {
  const { over, at } = one.expiration;
  return clocks
    ? rules.isOver(state[at]! * clocks.tickMs, clockOf(clocks, state, one))
    : state[over] === 1;
}

/** By the clock of the log. */
function isOver(clocks: ClocksModel | undefined, state: State, one: Expiring): boolean {
  const { over, at } = one.expiration;
  return clocks ? state[at]! * clocks.tickMs <= clockOf(clocks, state, one) : state[over] === 1;
}

/** Whether the account has another end posted; without the rule, a held one is enough. */
function hasEnd({ rules }: Model, state: State, { legs }: TransactionModel): boolean {
  return legs.some(({ account, claims }) =>
    account.legs.some((other) => {
      const isPosted = state[other.state] === LegIs.posted;
      const counts =
        isPosted || (!rules.expirationNeedsPostedEnd && state[other.state] === LegIs.held);
      return counts && other.claims.some(({ key }) => claims.some((claim) => claim.key === key));
    }),
  );
}

/** Another way to end it is posted: by what the legs say. */
export function isEnded(state: State, { legs, number }: TransactionModel): boolean {
  return legs.some(({ account }) =>
    account.legs.some(
      (other) => other.transaction.origin?.number === number && state[other.state] === LegIs.posted,
    ),
  );
}

function gone(state: State, expiration: ExpirationModel): State {
  const next = state.slice();
  next[expiration.waits] = 0;
  next[expiration.alarm] = 0;
  forgetTime(next, expiration);
  return next;
}

/** In one sql transaction: the expiry's row and alarm; the expiration goes. */
function record(
  { rules, world, blame }: Model,
  state: State,
  transaction: Expiring,
  emit: (next: State) => void,
): void {
  const { name, log, expiration } = transaction;
  const { row, alarm, driven, sent } = expiration.ending;
  const full = world.fullLogs.get(log) ?? -1;
  if (state[full] === 1 && !rules.expiryHasRoom) return;
  if (!isOver(world.clocks, state, transaction)) blame(`${name} expires early`);
  const next = gone(state, expiration);
  next[row] = Row.preparing;
  next[alarm] = 1;
  next[driven] = 1;
  next[sent] = 1;
  emit(next);
}

/** Something should have ended and has not. */
export function isAwaitingEnd({ clocks }: World, state: State, one: TransactionModel): boolean {
  return isExpiring(one) && state[one.expiration.waits] === 1 && isOver(clocks, state, one);
}
