// Guarantee: whatever the platform does to the objects, in any order, money is neither lost nor
// doubled nor invented, everything settles, and every run can be repeated to the byte.
// `npm run test:sim` runs many more seeds than these.
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { refusalCodes } from "../../src/domain/errors.ts";
import { allOperations } from "../operations/all.ts";
import { faultKinds } from "./faults.ts";
import { reportOn, type SeedReport } from "./report.ts";
import { run } from "./run.ts";

const seeds = 72;
/** The first in which a client acts on an authorization after it has expired. */
const lateSeed = 192;
const replayedSeeds = [1, 2, 3];

describe(`the first ${seeds} seeds and seed ${lateSeed}`, () => {
  const reports: SeedReport[] = [];

  test("break no invariant", async () => {
    for (let seed = 1; seed <= seeds; seed++) reports.push(reportOn(await run(seed)));
    reports.push(reportOn(await run(lateSeed)));
    expect(reports.flatMap((report) => report.trace ?? [])).toEqual([]);
  }, 120_000);

  test("see every kind of fault, every refusal and both kinds of reads", () => {
    const faults = new Set(reports.flatMap(({ tally }) => Object.keys(tally.faults)));
    expect(faults).toEqual(new Set(faultKinds));
    const outcomes = new Set(reports.flatMap(({ tally }) => Object.keys(tally.outcomes)));
    // 256 reversals of one transaction are more than a seed plans.
    const refusals = refusalCodes.filter((code) => code !== "too_many_reversals");
    for (const outcome of ["committed", "pending", "idempotency_key_reused", ...refusals]) {
      expect(outcomes).toContain(outcome);
    }
    expect(reports.some(({ tally }) => tally.reads.clean > 0)).toBe(true);
    expect(reports.some(({ tally }) => tally.reads.in_flight > 0)).toBe(true);
  });

  test("commit transactions of up to forty lines", () => {
    const sizes = new Set(reports.flatMap(({ tally }) => Object.keys(tally.lines)));
    expect(sizes).toEqual(new Set(["up to 2", "up to 10", "up to 20", "up to 40"]));
  });

  test("record batches of all operations that clients ask for, and refuse others under their keys", () => {
    const batches = new Set(reports.flatMap(({ tally }) => Object.keys(tally.batches)));
    for (const { type, path } of allOperations) {
      if (path !== undefined) expect(batches).toContain(type);
    }
    expect(batches).toContain("recorded");
    expect(batches).toContain("idempotency_key_reused");
  });

  test("leave a quarter of the seeds undisturbed", () => {
    const calm = reports.filter(({ tally }) => Object.keys(tally.faults).length === 0);
    expect(calm.map(({ seed }) => seed)).toEqual(
      reports.map(({ seed }) => seed).filter((seed) => seed % 4 === 0),
    );
  });
});

const replays = { timeout: 60_000 };

test.each(replayedSeeds)("seed %i runs the same twice, to the byte", replays, async (seed) => {
  const [first, second] = [await run(seed), await run(seed)];
  expect(second.simulation.trace.lines).toEqual(first.simulation.trace.lines);
  expect([second.steps, second.digest]).toEqual([first.steps, first.digest]);
});

test("small limits are met, and break nothing", { timeout: 120_000 }, () => {
  const command = [`${import.meta.dirname}/cli.ts`, "--small-limits", "--seeds", "24"];
  const output = execFileSync(process.execPath, command, { encoding: "utf8" });
  expect(output).toMatch(/^24 seeds, 0 broken, /m);
  expect(output).toMatch(/^busy: .*\bopen_legs [1-9]/m);
});

test("two releases work with each other, forward and back", { timeout: 120_000 }, () => {
  const command = [`${import.meta.dirname}/cli.ts`, "--mixed-releases", "--seeds", "16"];
  const output = execFileSync(process.execPath, command, { encoding: "utf8" });
  expect(output).toMatch(/^16 seeds, 0 broken, /m);
  expect(output).toMatch(/^starts by release: current [1-9]\d*, previous [1-9]/m);
});
