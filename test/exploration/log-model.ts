// The transfer log around its attempts: what is written when, alarms, crashes, and what an asker is
// told. What an attempt does next is in attempt-model.ts.
import { initialState } from "../../src/domain/protocol/saga.ts";
import { advance, forgetReplies, sagaState } from "./attempt-model.ts";
import { isExpiring, noteExpiry } from "./expiration-model.ts";
import type { State } from "./layout.ts";
import type { Emit, Model, StepKind } from "./model.ts";
import { Ask, Row, Vote, type TransactionModel } from "./world.ts";

/** All steps of one transaction in its log, but for crashes. */
export function runLog(
  model: Model,
  state: State,
  transaction: TransactionModel,
  emit: Emit,
): void {
  const { name, row, driven, alarm, overdue, legs } = transaction;
  const isAt = state[row]!;
  if (isAt === Row.absent && isAskedFor(model, state, transaction)) {
    submit(model, state, transaction, emit);
  }
  if (isAt === Row.absent || isAt >= Row.committedSettled) return;
  const step = (field: number, label: string, kind?: StepKind) => {
    const next = state.slice();
    next[field] = 1;
    emit(label, next, kind);
  };
  if (state[driven] === 0) {
    if (state[alarm] === 0) step(driven, `the client repeats ${name}`, "mishap");
    else fireAlarm(model, state, transaction, emit);
  } else if (state[alarm] === 0) step(alarm, `the alarm for ${name} is armed`);
  if (isAt === Row.preparing && state[overdue] === 0)
    step(overdue, `the deadline of ${name} passes`, "deadline");
  if (state[driven] === 0) return;
  for (const { after, account } of isAt === Row.preparing ? legs : []) {
    if (after && state[after.leg.vote] === Vote.yes && state[after.asked] === 0) {
      step(after.asked, `the hold of ${name} is sent to ${account.name}, too`);
    }
  }
  if (!model.rules.compareAndSet) advance(model, state, transaction, "preparing", emit);
  if (isAt !== Row.preparing || model.rules.compareAndSet) {
    advance(model, state, transaction, sagaState(isAt), emit);
  }
}

/** Whether a client may ask for it by itself. */
function isAskedFor(
  { world: { batch } }: Model,
  state: State,
  transaction: TransactionModel,
): boolean {
  if (transaction.expires || batch?.items.includes(transaction)) return false;
  return transaction !== batch?.single || state[batch.recorded] === 0;
}

function fireAlarm(
  { rules }: Model,
  state: State,
  { name, driven, alarm }: TransactionModel,
  emit: Emit,
): void {
  const next = state.slice();
  next[driven] = 1;
  if (!rules.alarmGuard) next[alarm] = 0;
  emit(`the alarm for ${name}`, next);
}

/** A new key is submitted: row and alarm are written, then the holds leave. Lines that can be no
 *  transaction are refused at the edge, and so is the end of one that no log knows. */
function submit(model: Model, state: State, transaction: TransactionModel, emit: Emit): void {
  const { rules, world } = model;
  const { name, sent, lines, log, origin, late } = transaction;
  if (rules.flawOf(lines)) return;
  if (state[world.fullLogs.get(log) ?? -1] === 1) return;
  if (rules.originRecorded && origin && state[origin.row] === Row.absent) return;
  const again = state[sent] === 1;
  const next = state.slice();
  insert(model, next, transaction);
  const kind = again && world.configuration.rowMayBeLost ? undefined : "mishap";
  emit(`a client sends ${name}${again ? " again" : ""}`, next, kind);
  if (late < 0) return;
  const tooLate = next.slice();
  tooLate[late] = 1;
  if (transaction.deadline === "may be over") tooLate[transaction.overdue] = 1;
  emit(`a client sends ${name}, too late`, tooLate, kind);
}

/** The row and its alarm; then the holds leave. */
export function insert(model: Model, next: State, transaction: TransactionModel): void {
  const { row, alarm, driven, sent } = transaction;
  next[row] = Row[initialState];
  next[alarm] = model.rules.alarmWithRow ? 1 : 0;
  next[driven] = 1;
  next[sent] = 1;
  if (isExpiring(transaction)) noteExpiry(model, next, transaction);
}

/** What happens to a log from outside. */
export function befallLog(model: Model, state: State, log: string, emit: Emit): void {
  const { configuration, fullLogs } = model.world;
  if (!configuration.isCalm) crashLog(model, state, log, emit);
  if (configuration.alarmMayBeLost) loseAlarm(model, state, log, emit);
  const full = fullLogs.get(log);
  if (full === undefined || state[full] === 1) return;
  const next = state.slice();
  next[full] = 1;
  emit(`${log} is full`, next, "mishap");
}

/** The platform drops the alarm; the next start of the log arms it for all that is to be done. */
function loseAlarm({ world, rules }: Model, state: State, log: string, emit: Emit): void {
  const lost = state.slice();
  const started = state.slice();
  for (const transaction of world.transactions) {
    if (transaction.log !== log) continue;
    const { row, driven, alarm, expiration } = transaction;
    lost[alarm] = 0;
    if (state[row]! >= Row.preparing && state[row]! <= Row.rejected) {
      started[alarm] = 1;
      started[driven] = 0;
      forgetReplies(started, transaction);
    }
    if (!expiration) continue;
    lost[expiration.alarm] = 0;
    if (rules.startCoversExpirations) started[expiration.alarm] = state[expiration.waits]!;
  }
  emit(`the alarm of ${log} is lost`, lost, "mishap");
  emit(`${log} starts`, started);
}

/** Attempts and the replies they wait for are gone; rows and alarms stay. That a transaction is
 *  settled is gone too, where it was noted and not yet written. */
function crashLog(model: Model, state: State, log: string, emit: Emit): void {
  const { world, rules } = model;
  const running = world.transactions.filter((one) => one.log === log && state[one.driven] === 1);
  const noted = world.transactions.filter(
    (one) => one.log === log && state[one.row]! >= Row.committedSettled && !one.isPosted,
  );
  if (running.length === 0 && noted.length === 0) return;
  const next = state.slice();
  for (const transaction of running) {
    next[transaction.driven] = 0;
    forgetReplies(next, transaction);
    if (!rules.decisionBeforePost && next[transaction.row] === Row.committed) {
      next[transaction.row] = Row.preparing;
    }
  }
  if (running.length > 0) emit(`${log} crashes`, next, "mishap");
  if (noted.length > 0) {
    emit(`${log} crashes and forgets what is settled`, reopened(model, next, noted), "mishap");
  }
  if (rules.rowBeforeHold && !world.configuration.rowMayBeLost) return;
  const lost = running.filter(({ row }) => state[row] === Row.preparing);
  if (lost.length === 0) return;
  const poorer = next.slice();
  for (const { row, overdue, alarm, legs } of lost) {
    poorer[row] = Row.absent;
    if (overdue >= 0) poorer[overdue] = 0;
    poorer[alarm] = 0;
    for (const leg of legs) poorer[leg.refusal] = state[leg.refusal]!;
  }
  emit(`${log} crashes and has lost its newest row`, poorer, "mishap");
}

/** Decided and open again, as the rows were all the time. */
function reopened({ rules }: Model, state: State, noted: readonly TransactionModel[]): State {
  const next = state.slice();
  for (const { row, alarm } of noted) {
    next[row] = state[row] === Row.committedSettled ? Row.committed : Row.rejected;
    next[alarm] = rules.notedKeepsAlarm ? 1 : 0;
  }
  return next;
}

/** What one log tells an asker in one synchronous read, or that the call fails. */
export function answerAsks(
  model: Model,
  state: State,
  call: {
    readonly log: string;
    readonly asker: string;
    readonly asks: readonly { readonly about: TransactionModel; readonly answer: number }[];
  },
  emit: Emit,
): void {
  const { log, asker } = call;
  const asks = call.asks.filter(
    ({ about, answer }) => about.log === log && state[answer] === Ask.sent,
  );
  if (asks.length === 0) return;
  const next = state.slice();
  const failed = state.slice();
  for (const { about, answer } of asks) {
    next[answer] = answerOf(model, state, about);
    failed[answer] = Ask.failed;
  }
  emit(`${log} answers ${asker}`, next);
  if (model.world.configuration.isCalm) return;
  emit(`the ask of ${asker} fails`, failed, "mishap");
}

function answerOf({ rules, world, blame }: Model, state: State, about: TransactionModel): number {
  if (state[about.row] === Row.absent) {
    if (!world.configuration.rowMayBeLost) blame("a log does not know a leg that is held");
    return rules.answerOfUnknown === "fault" ? Ask.failed : Ask.reject;
  }
  return Ask[rules.decisionOf(sagaState(state[about.row]!), state[about.overdue] === 1)];
}
