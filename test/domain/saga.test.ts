// Guarantee: the saga walks one table and nothing else. A decision is final, only a YES from every
// account commits, one NO rejects, and nothing is asked again after the deadline.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refusalCodes, type Refusal } from "../../src/domain/errors.ts";
import {
  attemptMaxMs,
  attemptsUntilStuck,
  clockDriftMaxMs,
  decisionAheadMaxMs,
  preparingMaxMs,
} from "../../src/domain/limits.ts";
import type { Vote } from "../../src/domain/protocol/vote.ts";
import { holdDelayMs, settleDelayMs } from "../../src/domain/protocol/retry-policy.ts";
import {
  deadlineFor,
  decisionOf,
  decisionTime,
  initialState,
  isExpired,
  nextStep,
  postpone,
  sagaCalls,
  sagaTransitions,
  tally,
  transition,
  type Replies,
  type SagaEvent,
  type SagaRow,
  type SagaState,
} from "../../src/domain/protocol/saga.ts";

const states = ["preparing", "committed", "rejected"] as const satisfies readonly SagaState[];
const events = [
  "all_yes",
  "some_no",
  "no_decision",
  "expired",
  "unacknowledged",
  "acknowledged",
] as const satisfies readonly SagaEvent[];

/** What the table must say, cell by cell, in the order of `events`; null must throw. */
const expected: Readonly<Record<SagaState, readonly (string | null)[]>> = {
  preparing: ["committed", "rejected", "preparing", "rejected", null, null],
  committed: [null, null, null, null, "committed", "settled"],
  rejected: [null, null, null, null, "rejected", "settled"],
};

describe("the saga's table", () => {
  for (const state of states) {
    for (const [index, event] of events.entries()) {
      const cell = expected[state][index] ?? null;
      if (cell === null) {
        it(`has no way from ${state} on ${event}: it throws`, () => {
          expect(() => transition(state, event)).toThrow(`no transition from ${state} on ${event}`);
        });
      } else {
        it(`leads from ${state} on ${event} to ${cell}`, () => {
          expect(transition(state, event)).toBe(cell);
        });
      }
    }
  }

  it("begins undecided", () => {
    expect(initialState).toBe("preparing");
  });

  it("asks while preparing, posts what is committed, releases what is rejected", () => {
    expect(sagaCalls).toEqual({ preparing: "hold", committed: "post", rejected: "release" });
  });

  it("has no other rows, and none twice", () => {
    const keys = sagaTransitions.map((row) => `${row.from} ${row.event}`);
    expect(new Set(keys).size).toBe(keys.length);
    const cells = Object.values(expected).flat();
    expect(keys.length).toBe(cells.filter((cell) => cell !== null).length);
  });

  it("never leaves a decision", () => {
    const left = sagaTransitions.filter(
      (row) => row.from !== "preparing" && row.to !== row.from && row.to !== "settled",
    );
    expect(left).toEqual([]);
  });

  it("commits on the YES of all and on nothing else", () => {
    const commits = sagaTransitions.filter((row) => row.to === "committed" && row.from !== row.to);
    expect(commits.map((row) => `${row.from} ${row.event}`)).toEqual(["preparing all_yes"]);
  });
});

describe("the deadline", () => {
  it("comes after 30 seconds", () => {
    expect(deadlineFor(5)).toBe(30_005);
  });

  it("has passed exactly when it comes, and for a preparing transaction only", () => {
    const deadline = 1_000;
    const at = (now: number) => isExpired({ state: "preparing", deadline }, now);
    expect([at(deadline - 1), at(deadline), at(deadline + 1)]).toEqual([false, true, true]);
    expect(isExpired({ state: "committed", deadline }, deadline + 1)).toBe(false);
    expect(isExpired({ state: "rejected", deadline }, deadline + 1)).toBe(false);
  });

  it("has passed where only a wrong clock could have set it", () => {
    const aheadMs = preparingMaxMs + clockDriftMaxMs;
    const at = (deadline: number) => isExpired({ state: "preparing", deadline }, 0);
    expect([at(aheadMs), at(aheadMs + 1)]).toEqual([false, true]);
  });
});

describe("a transaction without a deadline", () => {
  const row: SagaRow = { state: "preparing", createdAt: 0 };

  it("never expires, however the clock steps", () => {
    for (const now of [0, 1e15, -1e15]) expect(isExpired(row, now)).toBe(false);
  });

  it("is postponed by its back-off alone", () => {
    const left = { ...row, attempts: 30, stuck: false };
    const later = postpone(left, { fault: false, now: 5, random: 0 });
    expect(later.nextAttemptAt).toBe(5 + 300_000);
  });
});

describe("a transaction that was asked for after its deadline", () => {
  const row: SagaRow = { state: "preparing", deadline: 1_000, createdAt: 1_000 };
  const step = (vote?: Vote, rounds = 0) => {
    const replies: Replies | undefined = vote && { to: "hold", votes: [vote] };
    return nextStep(row, replies, { now: 1_001, startedAt: 1_001, rounds });
  };

  it("asks its accounts once", () => {
    expect(step()).toEqual({ step: "call", call: "hold" });
    expect(step(undefined, 1)).toMatchObject({ step: "decide", to: "rejected" });
  });

  it("is refused as they say", () => {
    const refusal = { code: "authorization_expired", transactionId: "txn_1" } as const;
    expect(step({ vote: "no", refusal })).toMatchObject({ to: "rejected", refusal });
  });

  it.each([{ vote: "yes" } as const, { vote: "busy", reason: "claim_undecided" } as const])(
    "cannot commit, nor wait: $vote",
    (vote) => {
      expect(step(vote)).toMatchObject({
        step: "decide",
        to: "rejected",
        refusal: { code: "transaction_expired" },
      });
    },
  );
});

it("tells an asking account what was decided, and undecided before that", () => {
  expect(states.map(decisionOf)).toEqual(["undecided", "commit", "reject"]);
});

const no = (code: Refusal["code"], account?: string): Vote => ({
  vote: "no",
  refusal: { code, ...(account !== undefined && { account }) },
});
const yes: Vote = { vote: "yes" };
const busy: Vote = { vote: "busy", reason: "open_legs" };
const fault: Vote = { vote: "fault", detail: "x" };

describe("the next step of an attempt", () => {
  const deadline = 1_000;
  const preparing: SagaRow = { state: "preparing", deadline };
  const committed: SagaRow = { state: "committed", deadline };
  const rejected: SagaRow = { state: "rejected", deadline };
  const step = (row: SagaRow, replies?: Replies, now = 400, rounds = 0) =>
    nextStep(row, replies, { now, startedAt: 400, rounds });
  const votes = (...given: (Vote | undefined)[]): Replies => ({ to: "hold", votes: given });
  const acknowledged = { acknowledged: true };

  it("calls every account as its state asks for", () => {
    expect(step(preparing)).toEqual({ step: "call", call: "hold" });
    expect(step(committed)).toEqual({ step: "call", call: "post" });
    expect(step(rejected)).toEqual({ step: "call", call: "release" });
  });

  it("rejects at the deadline instead of asking again", () => {
    const refusal = { code: "transaction_expired" };
    const expired = { step: "decide", to: "rejected", refusal, decidedAt: deadline };
    expect(step(preparing, undefined, deadline - 1)).toEqual({ step: "call", call: "hold" });
    expect(step(preparing, undefined, deadline)).toEqual(expired);
    expect(step(committed, undefined, deadline)).toEqual({ step: "call", call: "post" });
    expect(step(rejected, undefined, deadline)).toEqual({ step: "call", call: "release" });
  });

  it("decides by the votes, also where they were on their way at the deadline", () => {
    for (const now of [400, deadline]) {
      const decided = { step: "decide", decidedAt: now };
      expect(step(preparing, votes(yes, yes), now)).toEqual({ ...decided, to: "committed" });
      const refusal = { code: "wallet_frozen" };
      const rejection = { ...decided, to: "rejected", refusal };
      expect(step(preparing, votes(yes, no("wallet_frozen")), now)).toEqual(rejection);
    }
  });

  it("dates a commit by what the accounts have posted, and a rejection by the clock", () => {
    const ahead: Vote = { vote: "yes", newestDecidedAt: 405 };
    const commit = { step: "decide", to: "committed", decidedAt: 405 };
    expect(step(preparing, votes(yes, ahead), 404)).toEqual(commit);
    const rejection = step(preparing, votes(ahead, no("wallet_frozen")), 404);
    expect(rejection).toMatchObject({ to: "rejected", decidedAt: 404 });
  });

  it("says what it left out of account, in a commit alone", () => {
    const wrong: Vote = { vote: "yes", newestDecidedAt: 401 + decisionAheadMaxMs };
    const commit = { step: "decide", to: "committed", decidedAt: 400 };
    const ignored = 401 + decisionAheadMaxMs;
    expect(step(preparing, votes(wrong, yes))).toEqual({ ...commit, ignored });
    expect(step(preparing, votes(wrong, no("wallet_frozen")))).not.toHaveProperty("ignored");
  });

  it("pauses after a round without a decision, longer each time", () => {
    for (const rounds of [0, 1, 2]) {
      const pauseMs = holdDelayMs(rounds + 1);
      expect(step(preparing, votes(yes, busy), 400, rounds)).toEqual({ step: "pause", pauseMs });
    }
  });

  it("leaves the next round to the alarm where the attempt would get too old", () => {
    const last = 400 + attemptMaxMs - holdDelayMs(1) - 1;
    const left = { step: "leave", fault: false };
    expect(step(preparing, votes(yes, undefined), last)).toMatchObject({ step: "pause" });
    expect(step(preparing, votes(yes, undefined), last + 1)).toEqual(left);
    expect(step(preparing, votes(yes, undefined), 399)).toEqual(left);
  });

  it("is finished when every account has acknowledged", () => {
    for (const [row, to] of [[committed, "post"] as const, [rejected, "release"] as const]) {
      const after = (...settling: ({ acknowledged: boolean; reason?: string } | undefined)[]) =>
        step(row, { to, settling });
      expect(after(acknowledged, acknowledged)).toEqual({ step: "finished" });
      expect(after(acknowledged, undefined)).toEqual({ step: "leave", fault: false });
      const waits = { acknowledged: false, reason: "open_legs" };
      expect(after(waits, acknowledged)).toEqual({ step: "leave", fault: false });
      const contradiction = { acknowledged: false, reason: "fault" };
      expect(after(acknowledged, contradiction)).toEqual({ step: "leave", fault: true });
    }
  });

  it("has nothing left to do with what is settled", () => {
    for (const row of [committed, rejected]) {
      expect(step({ ...row, settledAt: 500 }, undefined, deadline)).toEqual({ step: "finished" });
    }
  });

  it("throws on replies that a state does not ask for", () => {
    expect(() => step(committed, votes(yes, yes))).toThrow("no transition");
    expect(() => step(preparing, { to: "post", settling: [acknowledged] })).toThrow(
      "no transition",
    );
  });

  it("obeys the table that it is given", () => {
    const time = { now: 400, startedAt: 400, rounds: 0 };
    const calls = { ...sagaCalls, rejected: "post" } as const;
    const obeyed = nextStep(rejected, undefined, time, { transitions: sagaTransitions, calls });
    expect(obeyed).toEqual({ step: "call", call: "post" });
    const none = { transitions: [], calls: sagaCalls };
    expect(() => nextStep(preparing, votes(yes), time, none)).toThrow("no transition");
  });
});

describe("the time of a decision", () => {
  const now = 1_000_000;
  const voted = (...newest: (number | undefined)[]) =>
    newest.map((time): Vote => ({ vote: "yes", ...(time && { newestDecidedAt: time }) }));

  it("is now, where nothing newer is posted", () => {
    expect(decisionTime([], now)).toEqual({ decidedAt: now });
    expect(decisionTime(voted(undefined, now - 1), now)).toEqual({ decidedAt: now });
    expect(decisionTime([busy, undefined, no("wallet_frozen")], now)).toEqual({ decidedAt: now });
  });

  it("is never before the newest decision that an account has posted", () => {
    expect(decisionTime(voted(now + 1, now + 7, undefined), now)).toEqual({ decidedAt: now + 7 });
    const latest = now + decisionAheadMaxMs;
    expect(decisionTime(voted(latest), now)).toEqual({ decidedAt: latest });
  });

  it("does not follow a clock that was more than 30 s ahead", () => {
    expect(decisionAheadMaxMs).toBe(30_000);
    const wrong = now + decisionAheadMaxMs + 1;
    expect(decisionTime(voted(wrong), now)).toEqual({ decidedAt: now, ignored: wrong });
    const beside = decisionTime(voted(now + 7, wrong), now);
    expect(beside).toEqual({ decidedAt: now + 7, ignored: wrong });
  });
});

describe("a row that an attempt leaves", () => {
  const now = 1_000;
  const left = { state: "committed", deadline: 2_000, attempts: 2, stuck: false } as const;
  const after = { fault: false, now, random: 0 };

  it("is taken up again after a longer and longer time", () => {
    const nextAttemptAt = now + settleDelayMs(3, 0);
    expect(postpone(left, after)).toEqual({ attempts: 3, nextAttemptAt, stuck: false });
    const jittered = postpone(left, { ...after, random: 1 });
    expect(jittered.nextAttemptAt).toBe(now + settleDelayMs(3, 1));
  });

  it("is taken up at its deadline at the latest while undecided", () => {
    expect(postpone({ ...left, state: "preparing" }, after).nextAttemptAt).toBe(2_000);
    expect(postpone({ ...left, state: "preparing", deadline: 90_000 }, after)).toEqual(
      postpone(left, after),
    );
  });

  it("is stuck after a fault, after many attempts, and once it was", () => {
    expect(postpone(left, { ...after, fault: true }).stuck).toBe(true);
    expect(postpone({ ...left, stuck: true }, after).stuck).toBe(true);
    expect(postpone({ ...left, attempts: attemptsUntilStuck - 2 }, after).stuck).toBe(false);
    expect(postpone({ ...left, attempts: attemptsUntilStuck - 1 }, after).stuck).toBe(true);
  });
});

describe("the tally of votes", () => {
  it("commits only on a YES from every account", () => {
    expect(tally([yes, yes])).toEqual({ event: "all_yes" });
    for (const other of [busy, fault, undefined]) {
      expect(tally([yes, other])).toEqual({ event: "no_decision" });
      expect(tally([other, yes])).toEqual({ event: "no_decision" });
    }
  });

  it("decides nothing without votes: a transaction of no legs never commits", () => {
    expect(tally([])).toEqual({ event: "no_decision" });
    expect(tally([undefined, undefined])).toEqual({ event: "no_decision" });
  });

  it("rejects on one NO, whatever the others say", () => {
    for (const other of [yes, busy, fault, undefined]) {
      for (const votes of [[no("wallet_frozen"), other] as const, [other, no("wallet_frozen")]]) {
        expect(tally(votes)).toEqual({ event: "some_no", refusal: { code: "wallet_frozen" } });
      }
    }
  });

  it("reports the refusal that is first in precedence, from either account", () => {
    for (const [first, code] of refusalCodes.entries()) {
      for (const later of refusalCodes.slice(first + 1)) {
        const expectedTally = { event: "some_no", refusal: { code } };
        expect(tally([no(code), no(later)])).toEqual(expectedTally);
        expect(tally([no(later), no(code)])).toEqual(expectedTally);
      }
    }
  });

  it("reports the sender's refusal before the receiver's equal one", () => {
    const votes = [no("wallet_not_found", "sender"), no("wallet_not_found", "receiver")];
    expect(tally(votes)).toMatchObject({ refusal: { account: "sender" } });
  });

  it("holds for any number of legs", () => {
    const anyVote = fc.constantFrom<Vote | undefined>(
      yes,
      busy,
      fault,
      undefined,
      no("insufficient_funds"),
    );
    fc.assert(
      fc.property(fc.array(anyVote, { maxLength: 6 }), (votes) => {
        const { event } = tally(votes);
        const refused = votes.some((vote) => vote?.vote === "no");
        const unanimous = votes.length > 0 && votes.every((vote) => vote === yes);
        expect(event === "some_no").toBe(refused);
        expect(event === "all_yes").toBe(unanimous);
      }),
    );
  });
});
