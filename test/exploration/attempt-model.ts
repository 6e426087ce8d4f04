// An attempt to settle a transaction: what it may have heard, and what it does then, which is the
// production code. An attempt that overtakes another one needs no modelling of its own: every
// attempt may decide on any votes that were given since the last crash, at any moment.
import type { Refusal } from "../../src/domain/errors.ts";
import type {
  Replies,
  SagaCall,
  SagaState,
  SagaStep,
  Votes,
} from "../../src/domain/protocol/saga.ts";
import { decideExpiring, isExpiring } from "./expiration-model.ts";
import type { State } from "./layout.ts";
import type { Emit, Model } from "./model.ts";
import { noteMoment } from "./moments.ts";
import { refusalOf } from "./refusals.ts";
import { clockOf, dateDecision, reportedNewest } from "./time-model.ts";
import { isCommitted, Row, Vote, type LegModel, type TransactionModel } from "./world.ts";

export function sagaState(row: number): SagaState {
  if (row === Row.preparing) return "preparing";
  return row === Row.committed || row === Row.committedSettled ? "committed" : "rejected";
}

/** The next step of an attempt that sees a row in `seen`: its deadline is now, or is not yet. */
function stepOf(
  { rules, world }: Model,
  state: State,
  transaction: TransactionModel,
  seen: SagaState,
  replies?: Replies,
): SagaStep {
  const { overdue, late, deadline } = transaction;
  const now = clockOf(world.clocks, state, transaction);
  const row = {
    state: seen,
    ...(deadline !== "none" && { deadline: state[overdue] === 1 ? now : now + 1 }),
    createdAt: state[late] === 1 ? now : now - 1,
  };
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

/** What the votes that an attempt may have of one leg look like to the tally. */
function votesOf({ world: { clocks } }: Model, state: State, leg: LegModel): Votes {
  const vote = state[leg.vote]!;
  const without = [undefined, { vote: "busy", reason: "ask_failed" }] as const;
  if (vote === Vote.nothing) return without;
  if (vote === Vote.yes)
    return [...without, { vote: "yes", ...reportedNewest(clocks, state, leg) }];
  return [...without, { vote: "no", refusal: refusalOf(leg, vote - Vote.no) }];
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
    const all = transaction.legs.reduce<readonly Votes[]>(
      (some, leg) =>
        some.flatMap((votes) => votesOf(model, state, leg).map((one) => [...votes, one])),
      [[]],
    );
    return [undefined, ...all.map((votes) => ({ to: "hold", votes }) as const)];
  }
  if (first.step !== "call" || first.call === "hold") return [undefined];
  const settling = transaction.legs.map((leg) =>
    state[leg.acknowledged] === 1 ? { acknowledged: true } : undefined,
  );
  return [undefined, { to: first.call, settling }];
}

/** Everything that an attempt may do next that the log itself can see: decisions and the end. */
export function advance(
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
    const refused = step.refusal ? `, ${step.refusal.code}` : "";
    const time = model.world.clocks ? ` at ${step.decidedAt / model.world.clocks.tickMs}` : "";
    const label = `${heard}: ${step.to}${refused}${time}`;
    if (decided.has(label)) continue;
    decided.add(label);
    if (replies && step.to === "rejected") checkRefusal(model, state, transaction, step.refusal);
    if (!replies && state[transaction.overdue] !== 1) {
      model.blame("a transaction expires before its deadline");
    }
    if (step.to === "committed" && state[transaction.late] === 1) {
      model.blame(`${name} is committed and was asked for after its deadline`);
    }
    const next = state.slice();
    apply(model, next, transaction, step);
    emit(label, next);
  }
}

/** A recorded refusal is one that an account voted, or that of the deadline, and what it says of
 *  others is true. */
function checkRefusal(
  { world, blame }: Model,
  state: State,
  transaction: TransactionModel,
  refusal: Refusal | undefined,
): void {
  const { code, transactionId } = refusal ?? {};
  const isVoted = transaction.legs.some((leg) => {
    const vote = state[leg.vote]!;
    return vote >= Vote.no && refusalOf(leg, vote - Vote.no).code === code;
  });
  const isTooLate = state[transaction.late] === 1 && code === "transaction_expired";
  if (!isVoted && !isTooLate) blame("a transaction is rejected that no account refused");
  const named = world.transactions.find(({ id }) => id === transactionId);
  if (named && named === transaction.origin) {
    if (isCommitted(state, named)) blame(`${code}: its origin is committed`);
  } else if (named || code?.startsWith("duplicate_")) {
    if (!(named && isCommitted(state, named))) {
      blame(`${code} names a transaction that is not committed`);
    }
  }
}

/** A decision is written, if the row is still as it was. What only a preparing row needs is
 *  forgotten. */
function apply(
  model: Model,
  next: State,
  transaction: TransactionModel,
  { to, decidedAt }: Extract<SagaStep, { step: "decide" }>,
): void {
  const { rules, world } = model;
  const { row, overdue, late, legs } = transaction;
  if (rules.compareAndSet && next[row] !== Row.preparing) return;
  next[row] = Row[to];
  if (overdue >= 0) next[overdue] = 0;
  if (late >= 0) next[late] = 0;
  if (to === "committed") dateDecision(model, next, transaction, decidedAt);
  if (isExpiring(transaction)) decideExpiring(model, next, transaction);
  for (const leg of legs) {
    next[leg.refusal] = 0;
    if (rules.compareAndSet) forgetVote(next, leg);
  }
  noteMoment(world, next);
}

function forgetVote(next: State, { vote, newest }: LegModel): void {
  next[vote] = Vote.nothing;
  if (newest >= 0) next[newest] = 0;
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

export function forgetReplies(next: State, { legs }: TransactionModel): void {
  for (const leg of legs) {
    forgetVote(next, leg);
    next[leg.acknowledged] = 0;
  }
}
