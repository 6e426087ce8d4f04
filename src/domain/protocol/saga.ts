// The saga: the next action of the transfer log for a transaction. Pure: a runner performs the
// action. Client retry, alarm and recovery after a crash all follow this one table.
import { isDue } from "./clock-steps.ts";
import { firstRefusal, type Refusal } from "../errors.ts";
import { preparingMaxMs } from "../limits.ts";
import type { Vote } from "./leg.ts";

/** `committed` and `rejected` are decisions and final. Being settled is a time stamp, no state. */
export type SagaState = "preparing" | "committed" | "rejected";

export type SagaEvent =
  | "submitted"
  | "all_yes"
  | "some_no"
  | "no_decision"
  | "expired"
  | "unacknowledged"
  | "acknowledged";

/** What to do on every account of the transaction, or `answer` where nothing is left to do. */
export type SagaAction = "hold" | "post" | "release" | "answer";

export interface SagaTransition {
  readonly from: SagaState | "absent";
  readonly event: SagaEvent;
  readonly to: SagaState;
  readonly action: SagaAction;
}

/** The whole machine. An event that a state does not list is a bug and throws. */
export const sagaTransitions: readonly SagaTransition[] = [
  { from: "absent", event: "submitted", to: "preparing", action: "hold" },
  { from: "preparing", event: "all_yes", to: "committed", action: "post" },
  { from: "preparing", event: "some_no", to: "rejected", action: "release" },
  { from: "preparing", event: "no_decision", to: "preparing", action: "hold" },
  { from: "preparing", event: "expired", to: "rejected", action: "release" },
  { from: "committed", event: "unacknowledged", to: "committed", action: "post" },
  { from: "committed", event: "acknowledged", to: "committed", action: "answer" },
  { from: "rejected", event: "unacknowledged", to: "rejected", action: "release" },
  { from: "rejected", event: "acknowledged", to: "rejected", action: "answer" },
];

export function transition(from: SagaState | "absent", event: SagaEvent): SagaTransition {
  const found = sagaTransitions.find((row) => row.from === from && row.event === event);
  if (!found) throw new Error(`no transition from ${from} on ${event}`);
  return found;
}

export function deadlineFor(createdAt: number): number {
  return createdAt + preparingMaxMs;
}

/** What a driver that finds a transaction in `state` has to do with it now. `expire` comes before
 *  any further asking: after the deadline no late YES may be turned into a commit. A deadline that
 *  no rule could have set is a wrong clock's, and has passed. */
export function nextAction(
  saga: { readonly state: SagaState; readonly deadline: number; readonly settledAt?: number },
  now: number,
): SagaAction | "expire" {
  if (saga.settledAt !== undefined) return "answer";
  switch (saga.state) {
    case "preparing":
      return isDue(saga.deadline, now, preparingMaxMs) ? "expire" : "hold";
    case "committed":
      return "post";
    case "rejected":
      return "release";
  }
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
