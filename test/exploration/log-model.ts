// The transfer log around the saga: what is written when, attempts, alarms, crashes. What an attempt
// does next and what an asker is told is the production code; an attempt that overtakes another one
// needs no modelling of its own: every attempt may decide on any votes that were given since the
// last crash, at any moment.
import type { Vote as AccountVote } from "../../src/domain/protocol/vote.ts";
import type { Refusal } from "../../src/domain/errors.ts";
import {
  initialState,
  type Replies,
  type SagaCall,
  type SagaState,
  type SagaStep,
} from "../../src/domain/protocol/saga.ts";
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

/** The next step of an attempt that sees a row in `seen`: its deadline is 1, and the time 0 or 1. */
function stepOf(
  { rules }: Model,
  state: State,
  { overdue }: TransactionModel,
  seen: SagaState,
  replies?: Replies,
): SagaStep {
  const now = state[overdue]!;
  const row = { state: seen, deadline: 1 };
  return rules.nextStep(row, replies, { now, startedAt: now, rounds: 0 });
}

/** The call that may be on its way, in any number, to each account of a recorded transaction. */
export function callOf(
  model: Model,
  state: State,
  transaction: TransactionModel,
): SagaCall | undefined {
  const row = state[transaction.row]!;
  if (row === Row.absent) return undefined;
  const step = stepOf(model, state, transaction, sagaState(row));
  return step.step === "call" ? step.call : undefined;
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
  if (!model.rules.compareAndSet) advance(model, state, transaction, "preparing", emit);
  if (isAt !== Row.preparing || model.rules.compareAndSet) {
    advance(model, state, transaction, sagaState(isAt), emit);
  }
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

/** A new key is submitted: row and alarm are written, then the holds leave. */
function submit(
  { rules, world }: Model,
  state: State,
  transaction: TransactionModel,
  emit: Emit,
): void {
  const { name, row, driven, alarm, sent } = transaction;
  const again = state[sent] === 1;
  const next = state.slice();
  next[row] = Row[initialState];
  next[alarm] = rules.alarmWithRow ? 1 : 0;
  next[driven] = 1;
  next[sent] = 1;
  const kind = again && world.configuration.rowMayBeLost ? undefined : "mishap";
  emit(`a client sends ${name}${again ? " again" : ""}`, next, kind);
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

export function refusalOf(world: World, { account }: LegModel, number: number): Refusal {
  const duplicate = world.transactions[number - duplicateOf];
  if (duplicate) return { code: "duplicate_payment_reference", transactionId: duplicate.id };
  const code = refusalNames[number] ?? "released";
  return code === "released" ? { code: "transaction_expired" } : { code, account: account.name };
}

/** What an attempt may have heard: nothing yet, or the replies to its last call. Of the holds some
 *  have answered, the others failed or are late. */
function repliesOf(
  model: Model,
  state: State,
  transaction: TransactionModel,
  seen: SagaState,
): readonly (Replies | undefined)[] {
  const first = stepOf(model, state, transaction, seen);
  if (seen === "preparing") {
    const [sender, receiver] = transaction.legs.map((leg) => votesOf(model, state, leg));
    const pairs = (sender ?? []).flatMap((one) => (receiver ?? []).map((other) => [one, other]));
    return [undefined, ...pairs.map((votes) => ({ to: "hold", votes }) as const)];
  }
  if (first.step !== "call" || first.call === "hold") return [undefined];
  const settling = transaction.legs.map((leg) =>
    state[leg.acknowledged] === 1 ? { acknowledged: true } : undefined,
  );
  return [undefined, { to: first.call, settling }];
}

/** Everything that an attempt may do next that the log itself can see: decisions and the end. */
function advance(
  model: Model,
  state: State,
  transaction: TransactionModel,
  seen: SagaState,
  emit: Emit,
): void {
  const decided = new Set<string>();
  for (const replies of repliesOf(model, state, transaction, seen)) {
    const step = stepOf(model, state, transaction, seen, replies);
    if (step.step === "finished") settle(model, state, transaction, seen, emit);
    if (step.step !== "decide") continue;
    const { name } = transaction;
    const heard = replies ? `the votes on ${name}` : `${name} expires`;
    const label = `${heard}: ${step.to}${step.refusal ? `, ${step.refusal.code}` : ""}`;
    if (decided.has(label)) continue;
    decided.add(label);
    if (replies && step.to === "rejected") checkRefusal(model, state, transaction, step.refusal);
    if (!replies && state[transaction.overdue] === 0) {
      model.blame("a transaction expires before its deadline");
    }
    const next = state.slice();
    apply(model, next, transaction, step.to);
    emit(label, next);
  }
}

/** A recorded refusal is one that an account voted; a duplicate's names a committed transaction. */
function checkRefusal(
  { world, blame }: Model,
  state: State,
  transaction: TransactionModel,
  refusal: Refusal | undefined,
): void {
  const isVoted = transaction.legs.some((leg) => {
    const vote = state[leg.vote]!;
    return vote >= Vote.no && refusalOf(world, leg, vote - Vote.no).code === refusal?.code;
  });
  if (!isVoted) blame("a transaction is rejected that no account refused");
  if (refusal?.code !== "duplicate_payment_reference") return;
  const first = world.transactions.find(({ id }) => id === refusal.transactionId);
  if (!first || !isCommitted(state, first)) {
    blame("duplicate_payment_reference names a transaction that is not committed");
  }
}

/** A decision is written, if the row is still as it was. What only a preparing row needs is
 *  forgotten. */
function apply(
  { rules, world }: Model,
  next: State,
  { row, overdue, legs }: TransactionModel,
  to: SagaState,
): void {
  if (rules.compareAndSet && next[row] !== Row.preparing) return;
  next[row] = Row[to];
  next[overdue] = 0;
  for (const leg of legs) {
    next[leg.refusal] = 0;
    if (rules.compareAndSet) next[leg.vote] = Vote.nothing;
  }
  noteMoment(world, next);
}

function settle(
  { blame }: Model,
  state: State,
  transaction: TransactionModel,
  seen: SagaState,
  emit: Emit,
): void {
  const { row, driven, alarm, name } = transaction;
  if (seen === "preparing") blame("a transaction is settled before it is decided");
  const next = state.slice();
  next[row] = seen === "committed" ? Row.committedSettled : Row.rejectedSettled;
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
