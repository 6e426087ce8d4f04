// Rules left out, one at a time. Each mutant says which sentence of the protocol it breaks and in
// which small world that must be found. If a rule could be left out unnoticed, it would
// be decoration, or the explorer blind.
import type { CloseStep } from "../../src/domain/protocol/leg.ts";
import type { LegState } from "../../src/domain/protocol/leg-state.ts";
import {
  nextStep,
  sagaCalls,
  sagaTransitions,
  type Replies,
  type SagaCall,
  type SagaEvent,
  type SagaState,
  type SagaTransition,
} from "../../src/domain/protocol/saga.ts";
import { authorizationMutants } from "./authorization-mutants.ts";
import { batchMutants } from "./batch-mutants.ts";
import { movementMutants } from "./movement-mutants.ts";
import {
  admitting,
  asPosted,
  seeingClaims,
  seeingFunds,
  uncontested,
  votes,
  without,
  type Mutant,
} from "./mutant.ts";
import { productionRules, type Rules } from "./rules.ts";

type Settling = Exclude<Replies, { to: "hold" }>["settling"];

/** The same table, in which a post or a release of a leg in one state does something else. */
function closing(command: "post" | "release", state: LegState, step: CloseStep): Partial<Rules> {
  return {
    closeLeg: (given, leg, call) =>
      given === command && (leg?.state ?? "none") === state
        ? step
        : productionRules.closeLeg(given, leg, call),
  };
}

/** The ladder of a hold, in which a vote that was just given is not written. */
function unwritten(vote: "yes" | "no"): Partial<Rules> {
  return {
    decideHold: (leg, call, look) => {
      const step = productionRules.decideHold(leg, call, look);
      return !step.ask && step.vote.vote === vote ? { ...step, write: undefined } : step;
    },
  };
}

/** One row of the saga's table with another target. */
function sagaRow(from: SagaState, event: SagaEvent, to: SagaTransition["to"]): Partial<Rules> {
  const transitions = sagaTransitions.map((one) =>
    one.from === from && one.event === event ? { ...one, to } : one,
  );
  const table = { transitions, calls: sagaCalls };
  return { nextStep: (seen, replies, time) => nextStep(seen, replies, time, table) };
}

/** Another call in one state. */
function sagaCall(state: SagaState, call: SagaCall): Partial<Rules> {
  const table = { transitions: sagaTransitions, calls: { ...sagaCalls, [state]: call } };
  return { nextStep: (seen, replies, time) => nextStep(seen, replies, time, table) };
}

/** Acknowledgements that are heard as others, in one state. */
function acknowledged(state: SagaState, hear: (heard: Settling) => Settling): Partial<Rules> {
  return {
    nextStep: (seen, replies, time) =>
      replies && replies.to !== "hold" && seen.state === state
        ? nextStep(seen, { to: replies.to, settling: hear(replies.settling) }, time)
        : nextStep(seen, replies, time),
  };
}

const yes = { vote: "yes" } as const;
const no = { vote: "no", refusal: { code: "transaction_expired" } } as const;
const done = { acknowledged: true } as const;

export const mutants: readonly Mutant[] = [
  without(
    "no-tombstone",
    "one-transfer",
    "release: held or none => void, so that a late hold cannot keep money",
    closing("release", "none", { write: undefined }),
  ),
  without("void-forgets", "one-transfer", "hold: a known leg gives the same vote again", {
    decideHold: (leg, call, look) =>
      productionRules.decideHold(leg?.state === "void" ? undefined : leg, call, look),
  }),
  without("vote-not-durable", "one-transfer", "YES writes the hold before it is answered", {
    ...unwritten("yes"),
  }),
  without("refusal-not-durable", "double-spend", "A NO writes a void", {
    ...unwritten("no"),
  }),
  without("held-debit-not-counted", "double-spend", "available = balance - held debits", {
    ...seeingFunds(({ posted, undecided }) => ({ posted, undecided: { ...undecided, debits: 0 } })),
  }),
  without("headroom-not-held", "headroom", "Headroom counts held credits", {
    ...seeingFunds(({ posted, undecided }) => ({
      posted,
      undecided: { ...undecided, incoming: 0 },
    })),
  }),
  without("spend-incoming", "chain", "held credits use up headroom but cannot be spent", {
    ...seeingFunds(({ posted, undecided }) => ({
      posted: { ...posted, available: posted.available + undecided.incoming },
      undecided,
    })),
  }),
  without("commit-on-first-yes", "one-transfer", "preparing, YES from all => committed", {
    ...votes((heard) =>
      heard.some((vote) => vote?.vote === "yes") ? heard.map(() => yes) : heard,
    ),
  }),
  without("commit-despite-no", "double-spend", "preparing, some NO => rejected", {
    ...votes((heard) => {
      const counted = heard.every((vote) => vote?.vote === "yes" || vote?.vote === "no");
      return counted ? heard.map(() => yes) : heard;
    }),
  }),
  without("busy-is-no", "one-transfer", "BUSY is no vote", {
    ...votes((heard) => heard.map((vote) => (vote?.vote === "busy" ? no : vote))),
  }),
  without("failed-call-is-no", "one-transfer", "An error on a call is not a NO", {
    ...votes((heard) => heard.map((vote) => vote ?? no)),
  }),
  without("all-yes-rejects", "one-transfer", "preparing, all_yes => committed", {
    ...sagaRow("preparing", "all_yes", "rejected"),
  }),
  without("some-no-commits", "one-transfer", "preparing, some_no => rejected", {
    ...sagaRow("preparing", "some_no", "committed"),
  }),
  without("no-decision-rejects", "one-transfer", "preparing, no_decision => preparing", {
    ...sagaRow("preparing", "no_decision", "rejected"),
  }),
  without("no-decision-commits", "one-transfer", "preparing, no_decision => preparing", {
    ...sagaRow("preparing", "no_decision", "committed"),
  }),
  without("no-decision-settles", "one-transfer", "preparing, no_decision => preparing", {
    ...sagaRow("preparing", "no_decision", "settled"),
  }),
  without("expired-waits", "busy-ring", "preparing, expired => rejected", {
    ...sagaRow("preparing", "expired", "preparing"),
  }),
  without("unposted-is-settled", "one-transfer", "committed, unacknowledged => committed", {
    ...sagaRow("committed", "unacknowledged", "settled"),
  }),
  without("unreleased-is-settled", "one-transfer", "rejected, unacknowledged => rejected", {
    ...sagaRow("rejected", "unacknowledged", "settled"),
  }),
  without("posted-is-not-settled", "one-transfer", "committed, acknowledged => settled", {
    ...sagaRow("committed", "acknowledged", "committed"),
  }),
  without("released-is-not-settled", "one-transfer", "rejected, acknowledged => settled", {
    ...sagaRow("rejected", "acknowledged", "rejected"),
  }),
  without("preparing-posts", "one-transfer", "preparing: hold", sagaCall("preparing", "post")),
  without(
    "preparing-releases",
    "one-transfer",
    "preparing: hold",
    sagaCall("preparing", "release"),
  ),
  without(
    "committed-releases",
    "one-transfer",
    "committed: post",
    sagaCall("committed", "release"),
  ),
  without("committed-holds", "one-transfer", "committed: post", sagaCall("committed", "hold")),
  without("rejected-posts", "one-transfer", "rejected: release", sagaCall("rejected", "post")),
  without("rejected-holds", "one-transfer", "rejected: release", sagaCall("rejected", "hold")),
  without(
    "no-compare-and-set",
    "one-transfer",
    "compare-and-set from the state it was decided in",
    {
      compareAndSet: false,
    },
  ),
  without("expire-early", "one-transfer", "transaction_expired only after the deadline", {
    nextStep: (seen, replies, time) =>
      nextStep(seen, replies, { ...time, now: seen.deadline ?? 0 }),
  }),
  without(
    "hold-for-ever",
    "busy-ring",
    "a driver after the deadline rejects before it asks again",
    {
      nextStep: (seen, replies, time) => nextStep(seen, replies, { ...time, now: 0 }),
    },
  ),
  without("expiry-commits", "one-transfer", "preparing, after the deadline => rejected", {
    ...sagaRow("preparing", "expired", "committed"),
  }),
  without(
    "alarm-after-send",
    "one-transfer",
    "the alarm is part of the transition that writes the row",
    {
      alarmWithRow: false,
    },
  ),
  without("alarm-after-run", "one-transfer", "arm the next alarm first", { alarmGuard: false }),
  without("noted-drops-alarm", "one-transfer", "a row keeps its alarm until `settled` is written", {
    notedKeepsAlarm: false,
  }),
  without("row-after-hold", "one-transfer", "write, then call: the row before the holds", {
    rowBeforeHold: false,
  }),
  without(
    "decision-after-post",
    "one-transfer",
    "write, then call: the decision before the posts",
    {
      decisionBeforePost: false,
    },
  ),
  without("settled-on-first-post", "one-transfer", "a 201 only after every leg is posted", {
    ...acknowledged("committed", (heard) => (heard.some(Boolean) ? heard.map(() => done) : heard)),
  }),
  without(
    "release-not-acknowledged",
    "one-transfer",
    "a refusal only after every leg is released",
    {
      ...acknowledged("rejected", (heard) => heard.map(() => done)),
    },
  ),
  without(
    "post-once",
    "one-transfer",
    "post: posted => same acknowledgement, also of a repeated post",
    {
      ...closing("post", "posted", { fault: "post of a leg that is posted" }),
    },
  ),
  without(
    "post-not-idempotent",
    "one-transfer",
    "post: the entry and the closing of its leg happen once",
    {
      ...closing("post", "posted", { write: "entries" }),
    },
  ),
  without(
    "post-refused-by-freeze",
    "one-transfer",
    "A YES binds: a freeze may not refuse to post it",
    {
      postsWhenFrozen: false,
    },
  ),
  without(
    "account-expires-holds",
    "one-transfer",
    "an account never expires a hold on its own clock",
    {
      holdsForEver: false,
    },
  ),
  without("undecided-is-reject", "double-spend", "undecided => funds count it as held", {
    undecidedStaysHeld: false,
  }),
  without(
    "overdue-is-reject",
    "double-spend",
    "ask: preparing is undecided, also after the deadline",
    {
      decisionOf: (state, overdue) =>
        state === "preparing" && overdue ? "reject" : productionRules.decisionOf(state, overdue),
    },
  ),
  without("unknown-is-reject", "lost-row", "an unknown id is never read as reject", {
    answerOfUnknown: "reject",
  }),
  without("refuse-without-asking", "chain", "Before ANY NO, ask the log of the other leg", {
    decideHold: (leg, call, look) =>
      productionRules.decideHold(leg, call, { ...look, mayAsk: false }),
  }),
  without("busy-without-asking", "one-reference", "Before ANY BUSY, ask the log of the claimant", {
    decideHold: (leg, call, look) =>
      productionRules.decideHold(leg, call, { ...look, mayAsk: false }),
  }),
  without("failed-ask-votes", "chain", "A failed ask gives no vote", {
    voteAfterAsks: () => undefined,
  }),
  without(
    "no-second-look",
    "double-spend",
    "after its asks the handler starts over from `known leg`",
    {
      decideHold: (leg, call, look) =>
        productionRules.decideHold(look.mayAsk ? leg : undefined, call, look),
    },
  ),
  without(
    "refuse-held-claim",
    "one-reference",
    "a duplicate is refused only against a posted claim",
    seeingClaims(asPosted),
  ),
  without(
    "claim-not-checked",
    "one-reference",
    "no other leg with this reference is held or posted",
    admitting("claim", "claim_undecided"),
  ),
  without("claim-released-early", "one-reference", "a claim goes only with its leg", {
    undecidedKeepsClaim: false,
  }),
  without(
    "claim-outlives-void",
    "one-reference",
    "a claim goes in the sql transaction of the void",
    {
      voidDropsClaim: false,
    },
  ),
  without("funds-not-checked", "double-spend", "available >= amount", {
    ...admitting("insufficient_funds"),
  }),
  without("headroom-not-checked", "headroom", "balance + held credits + amount <= 2^53-1", {
    ...admitting("balance_limit_exceeded"),
  }),
  without(
    "held-claim-not-checked",
    "one-reference",
    "a claim that is held makes a duplicate BUSY",
    admitting("claim_undecided"),
  ),
  without(
    "posted-claim-not-checked",
    "one-reference",
    "a claim that is posted refuses a duplicate",
    admitting("claim"),
  ),
  without(
    "funds-not-contested",
    "chain",
    "insufficient_funds is contestable",
    uncontested("insufficient_funds"),
  ),
  without(
    "headroom-not-contested",
    "headroom",
    "balance_limit_exceeded is contestable",
    uncontested("balance_limit_exceeded"),
  ),
  without(
    "held-claim-not-contested",
    "one-reference",
    "a held claim is contestable",
    uncontested("claim_undecided"),
  ),
  without(
    "full-account-not-contested",
    "busy-ring",
    "a full account is contestable",
    uncontested("open_legs"),
  ),
  without(
    "held-leg-not-released",
    "one-transfer",
    "release: held => void",
    closing("release", "held", { write: undefined }),
  ),
  without(
    "held-leg-not-posted",
    "one-transfer",
    "post: held => entry and posted",
    closing("post", "held", { write: undefined }),
  ),
  without("read-does-not-ask", "chain", "a read asks the logs about the held legs", {
    readAsks: false,
  }),
  without("read-does-not-repeat", "one-transfer", "if a commit was learned, capture again", {
    readRepeats: false,
  }),
  without("read-despite-failure", "one-transfer", "if an ask failed, capture again", {
    readNeedsAnswers: false,
  }),
  without("read-after-asks", "opposing", "the answer is the captured entries", {
    readAnswersCapture: false,
  }),
  without("read-shows-rejected", "one-transfer", "captured holds minus those learned rejected", {
    readDropsRejected: false,
  }),
  ...movementMutants,
  ...authorizationMutants,
  ...batchMutants,
];
