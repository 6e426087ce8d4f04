// Guarantee: one leg machine for every account. A YES is followed by nothing but a post or a
// release, a posted leg stays posted, a void stays void, and what contradicts that is a fault.
import { describe, expect, it } from "vitest";
import type { Admission } from "../../src/domain/admission/admit.ts";
import {
  closeLeg,
  decideHold,
  legTransitions,
  refuseUnopened,
  voteAfterAsks,
  writeOf,
  type LegCommand,
  type LegContent,
  type RecordedLeg,
} from "../../src/domain/protocol/leg.ts";
import type { LegState } from "../../src/domain/protocol/leg-state.ts";

const states = ["none", "held", "posted", "void"] as const satisfies readonly LegState[];
const recorded = ["held", "posted", "void"] as const satisfies readonly LegState[];
const commands = ["hold", "post", "release"] as const satisfies readonly LegCommand[];

/** The state after each command, cell by cell. */
const expected = {
  none: { hold: { yes: "held", no: "void", busy: "none" }, post: "fault", release: "void" },
  held: { hold: "held", post: "posted", release: "void" },
  posted: { hold: "posted", post: "posted", release: "fault" },
  void: { hold: "void", post: "fault", release: "void" },
};

const call: LegContent = {
  transactionId: "txn_1",
  fingerprint: "fingerprint",
  lines: [
    { bucket: "available", direction: "debit", currency: "USD", amount: 5 },
    { bucket: "reserved", direction: "credit", currency: "USD", amount: 5 },
  ],
  origin: { transactionId: "txn_0" },
};
const refusal = { code: "insufficient_funds", account: "wal_A" } as const;
const legIn = (state: RecordedLeg["state"]): RecordedLeg => ({ ...call, state });
const withLine = (place: number, change: object) =>
  call.lines.map((line, index) => {
    const other = Object.values(change).some((value) =>
      Object.values(line).includes(value as never),
    );
    const changed = other ? { amount: line.amount + 1 } : change;
    return index === place ? { ...line, ...changed } : line;
  });
const others: readonly Partial<LegContent>[] = [
  { fingerprint: "another" },
  { lines: call.lines.slice(0, 1) },
  { lines: call.lines.toReversed() },
  { lines: [...call.lines, ...call.lines] },
  ...[{ bucket: "reserved" }, { direction: "credit" }, { currency: "EUR" }, { amount: 6 }].flatMap(
    (change) => [0, 1].map((place) => ({ lines: withLine(place, change) })),
  ),
  { origin: { transactionId: "txn_9" } },
];
const another = "another content than the recorded leg's";

describe("the leg's table", () => {
  for (const state of states) {
    for (const command of commands) {
      it(`has the state after ${command} of a leg that is ${state}`, () => {
        expect(legTransitions[state][command]).toEqual(expected[state][command]);
      });
    }
  }

  it("knows no other states and commands", () => {
    expect(Object.keys(legTransitions)).toEqual(states);
    for (const state of states) expect(Object.keys(legTransitions[state])).toEqual(commands);
  });

  it("never leaves posted or void", () => {
    for (const state of ["posted", "void"] as const) {
      for (const command of commands) {
        expect([state, "fault"]).toContain(legTransitions[state][command]);
      }
    }
  });
});

describe("a move of a leg", () => {
  it("writes one thing, and nothing where the leg stays as it is", () => {
    expect(writeOf("none", "held")).toBe("hold");
    expect(writeOf("none", "void")).toBe("tombstone");
    expect(writeOf("held", "posted")).toBe("entries");
    expect(writeOf("held", "void")).toBe("void");
    for (const state of states) expect(writeOf(state, state)).toBeUndefined();
  });

  it("appends entries in exactly one place: the post of a held leg", () => {
    const writes = (leg: RecordedLeg | undefined) =>
      (["post", "release"] as const).filter(
        (command) => closeLeg(command, leg, call).write === "entries",
      );
    expect(writes(legIn("held"))).toEqual(["post"]);
    for (const leg of [undefined, legIn("posted"), legIn("void")]) expect(writes(leg)).toEqual([]);
  });
});

describe("a hold", () => {
  const held = [{ transactionId: "txn_2" }, { transactionId: "txn_3" }];
  const decide = (admission: Admission, mayAsk: boolean, legs = held) =>
    decideHold(undefined, call, { admission: () => admission, mayAsk, held: () => legs });
  const never = {
    admission: () => expect.fail("a known leg is not admitted again"),
    mayAsk: true,
    held: () => expect.fail("nothing is asked for a known leg"),
  };

  it("that is admitted is written and votes YES", () => {
    expect(decide({ vote: "yes" }, true)).toEqual({ write: "hold", vote: { vote: "yes" } });
  });

  it("that is refused for good writes a tombstone and asks nothing", () => {
    const step = decide({ vote: "no", refusal, contestable: false }, true);
    expect(step).toEqual({ write: "tombstone", vote: { vote: "no", refusal } });
  });

  it("asks about every held leg before a contestable refusal, and is refused after that", () => {
    const admission = { vote: "no", refusal, contestable: true } as const;
    expect(decide(admission, true)).toEqual({ ask: held });
    const no = { write: "tombstone", vote: { vote: "no", refusal } };
    expect(decide(admission, false)).toEqual(no);
    expect(decide(admission, true, [])).toEqual(no);
  });

  it("asks about the claimant alone where only that can change the answer; BUSY writes nothing", () => {
    const reason = "claim_undecided";
    const admission = { vote: "busy", reason, claimants: ["txn_3"], contestable: true } as const;
    expect(decide(admission, true)).toEqual({ ask: [{ transactionId: "txn_3" }] });
    const busy = { write: undefined, vote: { vote: "busy", reason } };
    expect(decide(admission, false)).toEqual(busy);
    expect(decide(admission, true, [{ transactionId: "txn_2" }])).toEqual(busy);
  });

  it("of a known leg gives the vote that was given, and writes nothing", () => {
    const again = (leg: RecordedLeg) => decideHold(leg, call, never);
    const yes = { write: undefined, vote: { vote: "yes" } };
    expect(again(legIn("held"))).toEqual(yes);
    expect(again(legIn("posted"))).toEqual(yes);
    const no = { write: undefined, vote: { vote: "no", refusal } };
    expect(again({ ...legIn("void"), refusal })).toEqual(no);
  });

  it("after its release is refused as expired", () => {
    const step = decideHold(legIn("void"), call, never);
    const expired = { code: "transaction_expired" };
    expect(step).toEqual({ write: undefined, vote: { vote: "no", refusal: expired } });
  });

  it("of another content than the recorded leg's is a fault", () => {
    for (const state of recorded) {
      for (const other of others) {
        const step = decideHold(legIn(state), { ...call, ...other }, never);
        expect(step).toEqual({ write: undefined, vote: { vote: "fault", detail: another } });
      }
    }
  });

  it("is refused by a wallet that was never opened", () => {
    const refused = { code: "wallet_not_found", account: "wal_A" };
    expect(refuseUnopened("wal_A")).toEqual({ vote: "no", refusal: refused });
  });

  it("is BUSY after a failed ask, and starts over after others", () => {
    expect(voteAfterAsks({ failed: true })).toEqual({ vote: "busy", reason: "ask_failed" });
    expect(voteAfterAsks({ failed: false })).toBeUndefined();
  });
});

describe("a post or a release", () => {
  const write = (command: "post" | "release", leg?: RecordedLeg) => closeLeg(command, leg, call);

  it("closes a held leg, once: repeated it writes nothing", () => {
    expect(write("post", legIn("held"))).toEqual({ write: "entries" });
    expect(write("post", legIn("posted"))).toEqual({ write: undefined });
    expect(write("release", legIn("held"))).toEqual({ write: "void" });
    expect(write("release", legIn("void"))).toEqual({ write: undefined });
  });

  it("before its hold: a release leaves a tombstone, a post is a fault", () => {
    expect(write("release")).toEqual({ write: "tombstone" });
    expect(write("post")).toEqual({ fault: "post of a leg that is none" });
  });

  it("that contradicts the record is a fault", () => {
    expect(write("post", legIn("void"))).toEqual({ fault: "post of a leg that is void" });
    expect(write("release", legIn("posted"))).toEqual({ fault: "release of a leg that is posted" });
    for (const other of others) {
      for (const command of ["post", "release"] as const) {
        const step = closeLeg(command, legIn("held"), { ...call, ...other });
        expect(step).toEqual({ fault: another });
      }
    }
  });
});
