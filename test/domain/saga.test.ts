// Guarantee: the saga walks one table and nothing else. A decision is final, only a YES from every
// account commits, one NO rejects, and nothing is asked again after the deadline.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refusalCodes, type Refusal } from "../../src/domain/errors.ts";
import type { Vote } from "../../src/domain/protocol/leg.ts";
import {
  deadlineFor,
  decisionOf,
  nextAction,
  sagaTransitions,
  tally,
  transition,
  type SagaEvent,
  type SagaState,
} from "../../src/domain/protocol/saga.ts";

const states = ["absent", "preparing", "committed", "rejected"] as const;
const events = [
  "submitted",
  "all_yes",
  "some_no",
  "no_decision",
  "expired",
  "unacknowledged",
  "acknowledged",
] as const satisfies readonly SagaEvent[];

/** What the table must say, cell by cell, in the order of `events`; null must throw. */
const expected: Readonly<Record<(typeof states)[number], readonly (string | null)[]>> = {
  absent: ["preparing, hold", null, null, null, null, null, null],
  preparing: [
    null,
    "committed, post",
    "rejected, release",
    "preparing, hold",
    "rejected, release",
    null,
    null,
  ],
  committed: [null, null, null, null, null, "committed, post", "committed, answer"],
  rejected: [null, null, null, null, null, "rejected, release", "rejected, answer"],
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
          const { to, action } = transition(state, event);
          expect(`${to}, ${action}`).toBe(cell);
        });
      }
    }
  }

  it("has no other rows, and none twice", () => {
    const keys = sagaTransitions.map((row) => `${row.from} ${row.event}`);
    expect(new Set(keys).size).toBe(keys.length);
    const cells = Object.values(expected).flat();
    expect(keys.length).toBe(cells.filter((cell) => cell !== null).length);
  });

  it("never leaves a decision", () => {
    const left = sagaTransitions.filter(
      (row) => (row.from === "committed" || row.from === "rejected") && row.to !== row.from,
    );
    expect(left).toEqual([]);
  });

  it("commits on the YES of all and on nothing else", () => {
    const commits = sagaTransitions.filter((row) => row.to === "committed" && row.from !== row.to);
    expect(commits.map((row) => `${row.from} ${row.event}`)).toEqual(["preparing all_yes"]);
  });
});

describe("what a driver does next", () => {
  const deadline = 1_000;
  const now = 400;

  it("asks while preparing, posts what is committed, releases what is rejected", () => {
    expect(nextAction({ state: "preparing", deadline }, now)).toBe("hold");
    expect(nextAction({ state: "committed", deadline }, now)).toBe("post");
    expect(nextAction({ state: "rejected", deadline }, now)).toBe("release");
  });

  it("expires a preparing transaction exactly at its deadline", () => {
    expect(nextAction({ state: "preparing", deadline }, deadline - 1)).toBe("hold");
    expect(nextAction({ state: "preparing", deadline }, deadline)).toBe("expire");
    expect(nextAction({ state: "preparing", deadline }, deadline + 1)).toBe("expire");
  });

  it("never expires a decision", () => {
    expect(nextAction({ state: "committed", deadline }, deadline + 1)).toBe("post");
    expect(nextAction({ state: "rejected", deadline }, deadline + 1)).toBe("release");
  });

  it("only answers once settled", () => {
    for (const state of ["committed", "rejected"] as const) {
      expect(nextAction({ state, deadline, settledAt: 500 }, deadline + 1)).toBe("answer");
    }
  });

  it("gives a transaction 30 seconds", () => {
    expect(deadlineFor(5)).toBe(30_005);
  });

  it("tells an asking account what was decided, and undecided before that", () => {
    const decisions = (["preparing", "committed", "rejected"] as const satisfies SagaState[]).map(
      decisionOf,
    );
    expect(decisions).toEqual(["undecided", "commit", "reject"]);
  });
});

const no = (code: Refusal["code"], account?: string): Vote => ({
  vote: "no",
  refusal: { code, ...(account !== undefined && { account }) },
});
const yes: Vote = { vote: "yes" };
const busy: Vote = { vote: "busy", reason: "open_legs" };
const fault: Vote = { vote: "fault", detail: "x" };

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

  it("reports the refusal that is first in precedence, whoever sent it", () => {
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
