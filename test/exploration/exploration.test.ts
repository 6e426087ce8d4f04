// Guarantee: under the production rules no order of messages, crashes and failures in a small world
// breaks a promise, and the explorer would notice if it did. `npm run test:explore` is the whole.
import { describe, expect, test } from "vitest";
import { configurations } from "./configurations.ts";
import { cannotSettle, Explorer, waitsForDeadline, type Exploration } from "./explorer.ts";
import { mutants } from "./mutants.ts";
import { productionRules, type Rules } from "./rules.ts";
import { buildWorld } from "./build-world.ts";

function explore(name: string, rules: Rules): Exploration {
  const configuration = configurations.find((one) => one.name === name);
  if (!configuration) throw new Error(`no such configuration: ${name}`);
  return new Explorer(buildWorld(configuration, rules), rules).explore();
}

test("one transfer keeps every promise, in every order of events", () => {
  const { violation, states, outcomes } = explore("one-transfer", productionRules);
  expect(violation).toBeUndefined();
  expect(states).toBeGreaterThan(4_000);
  expect(outcomes).toEqual([
    "T1 committed",
    "T1 rejected",
    "held after a release that was not written",
    "wallet_frozen",
    "wallet_not_found",
  ]);
});

test("two fundings with one reference keep every promise, in every order of events", () => {
  const { violation, outcomes } = explore("one-reference", productionRules);
  expect(violation).toBeUndefined();
  expect(outcomes).toContain("duplicate_payment_reference");
  expect(outcomes).not.toContain("T1 committed, T2 committed");
});

test("two withdrawals under one reference keep every promise, in every order of events", () => {
  const { violation, outcomes } = explore("one-payout", productionRules);
  expect(violation).toBeUndefined();
  expect(outcomes).toContain("duplicate_payout_reference");
  expect(outcomes).not.toContain("T1 committed, T2 committed");
});

test("a payment and a payout of the same name do not meet", () => {
  const { violation, outcomes } = explore("in-and-out", productionRules);
  expect(violation).toBeUndefined();
  expect(outcomes).toContain("T1 committed, T2 committed");
  expect(outcomes).not.toContain("duplicate_");
});

test("a reversal comes after what it reverses, in every order of events", () => {
  const { violation, outcomes } = explore("late-reversal", productionRules);
  expect(violation).toBeUndefined();
  expect(outcomes).toContain("T1 committed, T2 committed");
  expect(outcomes).not.toContain("T1 rejected, T2 committed");
});

test("what is reserved has one end, also where its log is full and its wallet frozen", () => {
  const { violation, outcomes } = explore("full-log", productionRules);
  expect(violation).toBeUndefined();
  expect(outcomes).toEqual([
    "T1 committed, T2 committed, T3 rejected",
    "T1 committed, T2 rejected, T3 committed",
    "authorization_cancelled",
    "authorization_expired",
  ]);
});

test("an authorization expires late where a clock was ahead, and never early", () => {
  const { violation, outcomes } = explore("clock-of-an-expiry", productionRules);
  expect(violation).toBeUndefined();
  expect(outcomes).toEqual(["T1 committed, T2 committed"]);
});

test("two payouts under one reference keep every promise, in every order of events", () => {
  const { violation, outcomes } = explore("two-payouts-reserved", productionRules);
  expect(violation).toBeUndefined();
  expect(outcomes).toContain("duplicate_payout_reference");
  expect(outcomes).not.toContain("T1 committed, T2 committed, T3 committed, T4 committed");
});

test("a batch is recorded as a whole, under a key of its own", () => {
  expect(explore("batch", productionRules).violation).toBeUndefined();
});

test("lines that can be no transaction are never recorded", () => {
  expect(explore("flawed", productionRules).states).toBe(1);
});

describe("a rule that is left out is missed", () => {
  const quickest = mutants.filter(({ world }) =>
    ["one-transfer", "debited-twice", "full-wallet", "full-log", "batch", "flawed"].includes(world),
  );
  test.each(quickest)("$name", ({ rules, world }) => {
    const { violation } = explore(world, rules);
    expect(violation?.trace.length).toBeGreaterThan(0);
  });
});

test("a duplicate that waits and is not refused is found by the deadline that it waits for", () => {
  const mutant = mutants.find(({ name }) => name === "posted-claim-not-checked");
  const { violation } = explore("one-reference", mutant?.rules ?? productionRules);
  expect(violation?.promise).toBe(waitsForDeadline);
});

test("a transaction without an alarm is found by progress alone", () => {
  const mutant = mutants.find(({ name }) => name === "alarm-after-send");
  const { violation } = explore("one-transfer", mutant?.rules ?? productionRules);
  expect(violation?.promise).toBe(cannotSettle);
  expect(violation?.trace.map(({ label }) => label)).toEqual([
    "a client sends T1",
    "log of T1 crashes",
  ]);
});
