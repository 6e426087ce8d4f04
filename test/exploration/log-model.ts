// The transfer log's shell around the saga, in the order of steps of saga-log.ts and saga-
// runner.ts: submission, alarm, attempts, decision by compare-and-set, settlement, asks, crash. An
// attempt that overtakes another one needs no modelling of its own: every attempt may decide on any
// votes that were given since the last crash, at any moment.
import type { Vote as AccountVote } from "../../src/domain/protocol/leg.ts";
import type { Refusal } from "../../src/domain/errors.ts";
import type { SagaState, Tally } from "../../src/domain/protocol/saga.ts";
import type { State } from "./layout.ts";
import type { Emit, Model } from "./model.ts";
import { noteMoment } from "./moments.ts";
import {
  Ask,
  duplicateOf,
  refusalNames,
  Row,
  Vote,
  type LegModel,
  type TransactionModel,
  type World,
} from "./world.ts";

function sagaState(row: number): SagaState {
  if (row === Row.preparing) return "preparing";
  return row === Row.committed || row === Row.committedSettled ? "committed" : "rejected";
}

function isCommitted(state: State, transaction: TransactionModel): boolean {
  return sagaState(state[transaction.row]!) === "committed";
}

/** All steps of one transaction in its log, but for crashes. */
export function runLog(
  model: Model,
  state: State,
  transaction: TransactionModel,
  emit: Emit,
): void {
  const { name, row, driven, alarm, overdue } = transaction;
  const isAt = state[row]!;
  if (isAt === Row.absent) submit(model, state, transaction, emit);
  if (isAt === Row.absent || isAt >= Row.committedSettled) return;
  const step = (field: number, label: string, kind?: "mishap") => {
    const next = state.slice();
    next[field] = 1;
    emit(label, next, kind);
  };
  if (state[driven] === 0) {
    if (state[alarm] === 0) step(driven, `the client repeats ${name}`, "mishap");
    else fireAlarm(model, state, transaction, emit);
  } else if (state[alarm] === 0) step(alarm, `the alarm for ${name} is armed`);
  if (isAt === Row.preparing && state[overdue] === 0)
    step(overdue, `the deadline of ${name} passes`);
  if (state[driven] === 0) return;
  if (isAt === Row.preparing) expire(model, state, transaction, emit);
  if (isAt === Row.preparing || !model.rules.compareAndSet) decide(model, state, transaction, emit);
  if (isAt !== Row.preparing) settle(model, state, transaction, emit);
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

/** SagaLog.submit of a new key: row and alarm are written, then the holds leave. */
function submit(
  { rules, world }: Model,
  state: State,
  transaction: TransactionModel,
  emit: Emit,
): void {
  const { name, row, driven, alarm, sent } = transaction;
  const again = state[sent] === 1;
  const next = state.slice();
  next[row] = Row[rules.transition("absent", "submitted").to];
  next[alarm] = rules.alarmWithRow ? 1 : 0;
  next[driven] = 1;
  next[sent] = 1;
  const kind = again && world.configuration.rowMayBeLost ? undefined : "mishap";
  emit(`a client sends ${name}${again ? " again" : ""}`, next, kind);
}

function expire(model: Model, state: State, transaction: TransactionModel, emit: Emit): void {
  const saga = { state: "preparing", deadline: 1 } as const;
  if (model.rules.nextAction(saga, state[transaction.overdue]!) !== "expire") return;
  const next = state.slice();
  if (state[transaction.overdue] === 0) model.blame("a transaction expires before its deadline");
  apply(model, next, transaction, "expired");
  emit(`${transaction.name} expires: rejected`, next);
}

/** What the votes that an attempt may have of one leg look like to the tally. */
function votesOf(
  { world }: Model,
  state: State,
  leg: LegModel,
): readonly (AccountVote | undefined)[] {
  const vote = state[leg.vote]!;
  const without = [undefined, { vote: "busy", reason: "ask_failed" }] as const;
  if (vote === Vote.nothing) return without;
  if (vote === Vote.yes) return [...without, { vote: "yes" }];
  return [...without, { vote: "no", refusal: refusalOf(world, leg, vote - Vote.no) }];
}

function refusalOf(world: World, { account }: LegModel, number: number): Refusal {
  const duplicate = world.transactions[number - duplicateOf];
  if (duplicate) return { code: "duplicate_payment_reference", transactionId: duplicate.id };
  const code = refusalNames[number] ?? "released";
  return code === "released" ? { code: "transaction_expired" } : { code, account: account.name };
}

/** SagaRunner.#step in `hold`: some of the calls have answered, the others failed or are late. */
function decide(model: Model, state: State, transaction: TransactionModel, emit: Emit): void {
  const seen = new Set<string>();
  const [first, second] = transaction.legs.map((leg) => votesOf(model, state, leg));
  for (const one of first ?? []) {
    for (const other of second ?? []) {
      const outcome = model.rules.tally([one, other]);
      if (outcome.event === "no_decision") continue;
      const why = outcome.event === "some_no" ? `rejected, ${outcome.refusal.code}` : "committed";
      if (seen.has(why)) continue;
      seen.add(why);
      const next = state.slice();
      if (outcome.event === "some_no") checkRefusal(model, state, transaction, outcome.refusal);
      apply(model, next, transaction, outcome.event);
      emit(`the votes on ${transaction.name}: ${why}`, next);
    }
  }
}

/** A recorded refusal is one that an account voted; a duplicate's names a committed transaction. */
function checkRefusal(
  { world, blame }: Model,
  state: State,
  transaction: TransactionModel,
  refusal: Refusal,
): void {
  const isVoted = transaction.legs.some((leg) => {
    const vote = state[leg.vote]!;
    return vote >= Vote.no && refusalOf(world, leg, vote - Vote.no).code === refusal.code;
  });
  if (!isVoted) blame("a transaction is rejected that no account refused");
  if (refusal.code !== "duplicate_payment_reference") return;
  const first = world.transactions.find(({ id }) => id === refusal.transactionId);
  if (!first || !isCommitted(state, first)) {
    blame("duplicate_payment_reference names a transaction that is not committed");
  }
}

/** SagaRunner.#apply of a decision. What only the preparing row needs is forgotten. */
function apply(
  { rules, world }: Model,
  next: State,
  { row, overdue, legs }: TransactionModel,
  event: Exclude<Tally["event"], "no_decision"> | "expired",
): void {
  next[row] = Row[rules.transition("preparing", event).to];
  next[overdue] = 0;
  for (const leg of legs) {
    next[leg.refusal] = 0;
    if (rules.compareAndSet) next[leg.vote] = Vote.nothing;
  }
  noteMoment(world, next);
}

function settle(model: Model, state: State, transaction: TransactionModel, emit: Emit): void {
  const { row, driven, alarm, legs, name } = transaction;
  const committed = state[row] === Row.committed;
  const decision = committed ? "committed" : "rejected";
  const acknowledgements = legs.map((leg) => state[leg.acknowledged] === 1);
  if (!model.rules.isAcknowledged(decision, acknowledgements)) return;
  const next = state.slice();
  model.rules.transition(decision, "acknowledged");
  next[row] = committed ? Row.committedSettled : Row.rejectedSettled;
  next[driven] = 0;
  next[alarm] = 0;
  forgetReplies(next, transaction);
  emit(`${name} is settled and answered`, next);
}

function forgetReplies(next: State, { legs }: TransactionModel): void {
  for (const leg of legs) {
    next[leg.vote] = Vote.nothing;
    next[leg.acknowledged] = 0;
  }
}

/** Attempts and the replies they wait for are gone; rows and alarms stay. That a transaction is
 *  settled is gone too, where it was noted and not yet written. */
export function crashLog(model: Model, state: State, log: string, emit: Emit): void {
  const { world, rules } = model;
  const running = world.transactions.filter((one) => one.log === log && state[one.driven] === 1);
  const noted = world.transactions.filter(
    (one) => one.log === log && state[one.row]! >= Row.committedSettled,
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
    poorer[overdue] = 0;
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
  emit(`the ask of ${asker} fails`, failed, "mishap");
}

function answerOf({ rules, world, blame }: Model, state: State, about: TransactionModel): number {
  if (state[about.row] === Row.absent) {
    if (!world.configuration.rowMayBeLost) blame("a log does not know a leg that is held");
    return rules.answerOfUnknown === "fault" ? Ask.failed : Ask.reject;
  }
  return Ask[rules.decisionOf(sagaState(state[about.row]!), state[about.overdue] === 1)];
}
