// Guarantee: every invariant of the simulator can fail. Each is shown a fault that breaks it, and a
// platform without an output gate is found out.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { invariants } from "./invariants/all.ts";
import { plantedFaults } from "./planted-faults.ts";
import { play, run } from "./run.ts";
import { Simulation } from "./simulation.ts";

/** Without faults, with transfers, refusals, duplicates, reversals, and authorizations that were
 *  captured and that expired: something to plant every fault into. */
const healthySeed = 16;

/** Seeds of which at least one has to notice that messages overtake writes. */
const gatelessSeeds = 60;

const calm = { strikes: () => false, durable: async () => {}, pause: async () => {} };

async function atRest(): Promise<Simulation> {
  const simulation = new Simulation(healthySeed);
  await play(simulation);
  return simulation;
}

function brokenIn(simulation: Simulation): string[] {
  return [...new Set([...simulation.findings()].map(({ invariant }) => invariant))];
}

describe("a fault that is planted is found", { timeout: 30_000 }, () => {
  test("there is one for every invariant", () => {
    expect(plantedFaults.map(({ invariant }) => invariant)).toEqual(
      invariants.map(({ name }) => name),
    );
  });

  test("and none where nothing is planted", async () => {
    const simulation = await atRest();
    expect(simulation.violation).toBeUndefined();
    expect(brokenIn(simulation)).toEqual([]);
    simulation.close();
  });

  test.each(plantedFaults)("$invariant: $fault", async ({ invariant, plant }) => {
    const simulation = await atRest();
    plant(simulation);
    expect(brokenIn(simulation)).toContain(invariant);
    simulation.close();
  });
});

test(
  "without the output gate money goes wrong, and some seed shows it",
  { timeout: 60_000 },
  async () => {
    let broken: string | undefined;
    for (let seed = 1; seed <= gatelessSeeds && !broken; seed++) {
      broken = (await run(seed, { outputGate: false })).violation?.invariant;
    }
    expect(broken).toBeDefined();
  },
);

test.each([
  { comes: "an hour too late", inMs: 3_600_000, isFound: true },
  { comes: "at once", inMs: 0, isFound: false },
])("unfinished work whose alarm comes $comes", { timeout: 30_000 }, async ({ inMs, isFound }) => {
  const invariant = "unfinished-work-has-an-alarm";
  const simulation = await atRest();
  plantedFaults.find((fault) => fault.invariant === invariant)?.plant(simulation);
  for (const { object } of simulation.books.logs.values()) {
    await object.disk.mount(() => true, calm).setAlarm(object.now() + inMs);
  }
  expect(brokenIn(simulation).includes(invariant)).toBe(isFound);
  simulation.close();
});

test("docs/invariants.md lists every invariant as it is checked", () => {
  const text = readFileSync(`${import.meta.dirname}/../../docs/invariants.md`, "utf8");
  const rows = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const listed = rows.flatMap(([, name, promise, holds]) =>
    name?.startsWith("`") && /^(?:always|at quiescence)$/.test(holds ?? "")
      ? [{ name: name.slice(1, -1), promise, holds }]
      : [],
  );
  expect(listed).toEqual(invariants.map(({ name, promise, holds }) => ({ name, promise, holds })));
});
