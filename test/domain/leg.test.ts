// Guarantee: one leg machine for every account. A YES is followed by nothing but a post or a
// release, a posted leg stays posted, a void stays void, and what contradicts that is a fault.
import { describe, expect, it } from "vitest";
import { legTransitions, type LegCommand, type LegState } from "../../src/domain/protocol/leg.ts";

const states = ["none", "held", "posted", "void"] as const satisfies readonly LegState[];
const commands = ["hold", "post", "release"] as const satisfies readonly LegCommand[];

/** Effect and state after it, cell by cell. */
const expected: Readonly<Record<LegState, Readonly<Record<LegCommand, string>>>> = {
  none: { hold: "admit", post: "integrity_fault", release: "write_void -> void" },
  held: {
    hold: "vote_again -> held",
    post: "append_entry -> posted",
    release: "write_void -> void",
  },
  posted: {
    hold: "vote_again -> posted",
    post: "acknowledge -> posted",
    release: "integrity_fault",
  },
  void: { hold: "vote_again -> void", post: "integrity_fault", release: "acknowledge -> void" },
};

describe("the leg's table", () => {
  for (const state of states) {
    for (const command of commands) {
      it(`answers ${command} of a leg that is ${state} with ${expected[state][command]}`, () => {
        const step = legTransitions[state][command];
        const shown = "next" in step ? `${step.effect} -> ${step.next}` : step.effect;
        expect(shown).toBe(expected[state][command]);
      });
    }
  }

  it("knows no other states and commands", () => {
    expect(Object.keys(legTransitions)).toEqual(states);
    for (const state of states) expect(Object.keys(legTransitions[state])).toEqual(commands);
  });

  it("admits only what was never heard of: YES holds, NO leaves a tombstone, BUSY no trace", () => {
    expect(legTransitions.none.hold).toEqual({
      effect: "admit",
      yes: "held",
      no: "void",
      busy: "none",
    });
  });

  it("appends an entry in exactly one place: the post of a held leg", () => {
    const appending = states.flatMap((state) =>
      commands
        .filter((command) => legTransitions[state][command].effect === "append_entry")
        .map((command) => `${command} of ${state}`),
    );
    expect(appending).toEqual(["post of held"]);
  });

  it("never leaves posted or void", () => {
    const left = (["posted", "void"] as const).filter((state) =>
      commands.some((command) => {
        const step = legTransitions[state][command];
        return "next" in step && step.next !== state;
      }),
    );
    expect(left).toEqual([]);
  });
});
