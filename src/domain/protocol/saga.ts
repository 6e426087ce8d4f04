// The saga: the next step of the transfer log for a transaction. Pure: an attempt performs it.
// Client retry, alarm and recovery after a crash all follow this one table.
import { isDue, isYoung } from "./clock-steps.ts";
import { firstRefusal, type Refusal } from "../errors.ts";
import { attemptMaxMs, attemptsUntilStuck, decisionAheadMaxMs, preparingMaxMs } from "../limits.ts";
import type { Vote } from "./vote.ts";
import { holdDelayMs, settleDelayMs } from "./retry-policy.ts";

/** `committed` and `rejected` are decisions and final. Being settled is a time stamp, no state. */
export type SagaState = "preparing" | "committed" | "rejected";

export type SagaEvent =
  "all_yes" | "some_no" | "no_decision" | "expired" | "unacknowledged" | "acknowledged";

export interface SagaTransition {
  readonly from: SagaState;
  readonly event: SagaEvent;
  /** The same state again: the event has changed nothing, and its cause is repeated later. */
  readonly to: SagaState | "settled";
}

/** What a submission is recorded as. */
export const initialState: SagaState = "preparing";

/** The whole machine. An event that a state does not list is a bug and throws. */
export const sagaTransitions: readonly SagaTransition[] = [
  { from: "preparing", event: "all_yes", to: "committed" },
  { from: "preparing", event: "some_no", to: "rejected" },
  { from: "preparing", event: "no_decision", to: "preparing" },
  { from: "preparing", event: "expired", to: "rejected" },
  { from: "committed", event: "unacknowledged", to: "committed" },
  { from: "committed", event: "acknowledged", to: "settled" },
  { from: "rejected", event: "unacknowledged", to: "rejected" },
  { from: "rejected", event: "acknowledged", to: "settled" },
];

/** A call to every account of the transaction. */
export type SagaCall = "hold" | "post" | "release";

/** The call that each state asks for until an event leads out of it. */
export const sagaCalls: Readonly<Record<SagaState, SagaCall>> = {
  preparing: "hold",
  committed: "post",
  rejected: "release",
};

/** What the saga obeys. The explorer breaks it, row by row. */
export interface SagaTable {
  readonly transitions: readonly SagaTransition[];
  readonly calls: Readonly<Record<SagaState, SagaCall>>;
}

const table: SagaTable = { transitions: sagaTransitions, calls: sagaCalls };

export function transition(
  from: SagaState,
  event: SagaEvent,
  { transitions }: SagaTable = table,
): SagaTransition["to"] {
  const found = transitions.find((row) => row.from === from && row.event === event);
  if (!found) throw new Error(`no transition from ${from} on ${event}`);
  return found.to;
}

export function deadlineFor(createdAt: number): number {
  return createdAt + preparingMaxMs;
}

/** What a step goes by: the transaction's row as it is now. Times in ms since the epoch. */
export interface SagaRow {
  readonly state: SagaState;
  /** Absent for a transaction that may take as long as it takes. */
  readonly deadline?: number;
  readonly createdAt?: number;
  readonly settledAt?: number;
}

/** After its deadline a transaction is rejected. A deadline that no rule could have set is a wrong
 *  clock's, and has passed. */
export function isExpired({ state, deadline }: SagaRow, now: number): boolean {
  return state === "preparing" && deadline !== undefined && isDue(deadline, now, preparingMaxMs);
}

/** Whether it was asked for after its deadline. It cannot commit, but its accounts are asked once:
 *  their refusal says more than that it comes too late. */
function isTooLate({ deadline, createdAt }: SagaRow): boolean {
  return deadline !== undefined && createdAt !== undefined && deadline <= createdAt;
}

/** The votes so far, in the order of the legs; undefined where an account has not answered. */
export type Votes = readonly (Vote | undefined)[];

export type Tally =
  | { readonly event: "all_yes" }
  | { readonly event: "some_no"; readonly refusal: Refusal }
  | { readonly event: "no_decision" };

/** What the votes amount to: one NO rejects, only a YES from every leg commits. */
export function tally(votes: Votes): Tally {
  const refusal = firstRefusal(
    votes.flatMap((vote) => (vote?.vote === "no" ? [vote.refusal] : [])),
  );
  if (refusal) return { event: "some_no", refusal };
  const unanimous = votes.length > 0 && votes.every((vote) => vote?.vote === "yes");
  return { event: unanimous ? "all_yes" : "no_decision" };
}

/** When a transaction is decided, in ms since the epoch: never before anything that its accounts
 *  have posted, so that nothing is dated before what it spends. `ignored`: a newest posting that
 *  only a wrong clock can have dated, and which does not count; people must look. */
export function decisionTime(
  votes: Votes,
  now: number,
): { readonly decidedAt: number; readonly ignored?: number } {
  const newest = votes.flatMap((vote) =>
    vote?.vote === "yes" && vote.newestDecidedAt !== undefined ? [vote.newestDecidedAt] : [],
  );
  const latest = now + decisionAheadMaxMs;
  const decidedAt = Math.max(now, ...newest.filter((time) => time <= latest));
  const ignored = newest.find((time) => time > latest);
  return { decidedAt, ...(ignored !== undefined && { ignored }) };
}

/** What an account answers to a post or a release, as far as the saga goes by it. */
interface Settling {
  readonly acknowledged: boolean;
  readonly reason?: string;
}

/** What the accounts answered to the last call, in the order of the legs; undefined where a call
 *  brought no answer. */
export type Replies =
  | { readonly to: "hold"; readonly votes: Votes }
  | { readonly to: "post" | "release"; readonly settling: readonly (Settling | undefined)[] };

/** An attempt to settle a transaction. Times in ms since the epoch. */
export interface AttemptTime {
  readonly now: number;
  readonly startedAt: number;
  /** Rounds of holds so far that brought no decision. */
  readonly rounds: number;
}

/** What an attempt does next: `call` the accounts or `decide` (compare-and-set), and go on;
 *  `pause` and read the row again, or leave the rest to the alarm; or it is finished. */
export type SagaStep =
  | { readonly step: "call"; readonly call: SagaCall }
  | ({ readonly step: "decide"; readonly to: SagaState; readonly refusal?: Refusal } & ReturnType<
      typeof decisionTime
    >)
  | { readonly step: "pause"; readonly pauseMs: number }
  | { readonly step: "leave"; readonly fault: boolean }
  | { readonly step: "finished" };

type Happened = { readonly event: SagaEvent; readonly refusal?: Refusal };

const expired: Happened = { event: "expired", refusal: { code: "transaction_expired" } };

/** The deadline comes before any further asking: no YES of a later round may commit. */
function happened(
  row: SagaRow,
  replies: Replies | undefined,
  { now, rounds }: AttemptTime,
): Happened | undefined {
  if (row.settledAt !== undefined) return { event: "acknowledged" };
  if (replies?.to === "hold") {
    const votes = tally(replies.votes);
    return votes.event !== "some_no" && isTooLate(row) ? expired : votes;
  }
  if (replies) {
    const everywhere = replies.settling.every((reply) => reply?.acknowledged);
    return { event: everywhere ? "acknowledged" : "unacknowledged" };
  }
  const isAskedOnce = isTooLate(row) && rounds === 0;
  return isExpired(row, now) && !isAskedOnce ? expired : undefined;
}

/** The next step of an attempt that sees `row` and has `replies` to the call it made last, if that
 *  was its last step. */
export function nextStep(
  row: SagaRow,
  replies: Replies | undefined,
  time: AttemptTime,
  obeyed: SagaTable = table,
): SagaStep {
  const outcome = happened(row, replies, time);
  if (!outcome) return { step: "call", call: obeyed.calls[row.state] };
  const to = transition(row.state, outcome.event, obeyed);
  if (to === "settled") return { step: "finished" };
  const { refusal } = outcome;
  if (to !== row.state) {
    const votes = replies?.to === "hold" && to === "committed" ? replies.votes : [];
    return { step: "decide", to, ...decisionTime(votes, time.now), ...(refusal && { refusal }) };
  }
  return replies?.to === "hold" ? pauseOrLeave(time) : { step: "leave", fault: hasFault(replies) };
}

/** Votes are asked for again within the attempt while it has the time; no longer where the clock
 *  was put back meanwhile. */
function pauseOrLeave({ now, startedAt, rounds }: AttemptTime): SagaStep {
  const pauseMs = holdDelayMs(rounds + 1);
  const hasTime = isYoung(startedAt, now, attemptMaxMs - pauseMs);
  return hasTime ? { step: "pause", pauseMs } : { step: "leave", fault: false };
}

function hasFault(replies: Exclude<Replies, { to: "hold" }> | undefined): boolean {
  return replies?.settling.some((reply) => reply?.reason === "fault") ?? false;
}

/** When a row that an attempt has left is taken up again. Times in ms since the epoch. */
export interface Postponement {
  /** Attempts that ended without settling. */
  readonly attempts: number;
  readonly nextAttemptAt: number;
  /** Many attempts, or a fault: people must look. */
  readonly stuck: boolean;
}

/** `random`: from 0 to 1, drawn by the caller. */
export function postpone(
  row: SagaRow & Omit<Postponement, "nextAttemptAt">,
  {
    fault,
    now,
    random,
  }: { readonly fault: boolean; readonly now: number; readonly random: number },
): Postponement {
  const attempts = row.attempts + 1;
  const delayed = now + settleDelayMs(attempts, random);
  return {
    attempts,
    nextAttemptAt: row.state === "preparing" ? Math.min(delayed, row.deadline ?? delayed) : delayed,
    stuck: row.stuck || fault || attempts >= attemptsUntilStuck,
  };
}

/** What an account that asks about one of its held legs is told. */
export type Decision = "undecided" | "commit" | "reject";

export function decisionOf(state: SagaState): Decision {
  switch (state) {
    case "preparing":
      return "undecided";
    case "committed":
      return "commit";
    case "rejected":
      return "reject";
  }
}
