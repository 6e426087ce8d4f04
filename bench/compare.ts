// `npm run bench:compare -- BEFORE AFTER [--scenario NAME] [--entries N] [--rounds N] [--seconds N]
// [--dir DIR]`, on Linux: CPU time of two or more checkouts of this repository, in alternating slices
// of one run, so that a noisy machine disturbs all alike. A checkout is a folder, say of
// `git worktree`, with its packages.
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { percentile } from "./measure.ts";
import { scenarioNames } from "./scenarios.ts";
import { readArguments } from "../scripts/usage.mjs";

const usage = `usage: npm run bench:compare -- BEFORE AFTER [--scenario NAME] [--entries N] [--rounds N]
       [--seconds N] [--dir DIR]`;

const connections = 32;
const warmUpSeconds = 4;
/** What /proc counts in: hundredths of a second. */
const tickMicroseconds = 10_000;

const { values, positionals: checkouts } = readArguments(usage, {
  allowPositionals: true,
  options: {
    scenario: { type: "string", default: "uniform" },
    entries: { type: "string", default: "10" },
    rounds: { type: "string", default: "8" },
    seconds: { type: "string", default: "2" },
    dir: { type: "string", default: join(import.meta.dirname, "..", "dist", "bench") },
  },
});
const numbers = [values.rounds, values.seconds, values.entries].map(Number);
const [rounds = 0, seconds = 0, entries = 0] = numbers;
const name = scenarioNames.find((one) => one === values.scenario);
if (!name || checkouts.length < 2 || !numbers.every((one) => one > 0)) {
  console.error(`Two checkouts or more, a scenario, and positive numbers.\n\n${usage}`);
  process.exit(2);
}

/** User and system time of a process so far, in microseconds. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * tickMicroseconds;
}

interface Contender {
  readonly checkout: string;
  /** Runs one slice; microseconds of CPU for each success. */
  readonly slice: (seconds: number) => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** The service of a checkout, built, seeded and driven by that checkout's own code. */
async function contender(checkout: string): Promise<Contender> {
  const loaded = <Module>(path: string) => import(join(resolve(checkout), path)) as Promise<Module>;
  const { prepareService } =
    await loaded<typeof import("../scripts/workerd.ts")>("scripts/workerd.ts");
  const { runLoad } = await loaded<typeof import("./load.ts")>("bench/load.ts");
  const { settleAll } = await loaded<typeof import("./books.ts")>("bench/books.ts");
  const { populate } = await loaded<typeof import("./population.ts")>("bench/population.ts");
  const { scenariosOf } = await loaded<typeof import("./scenarios.ts")>("bench/scenarios.ts");
  const { temporaryFolder } = await loaded<typeof import("./start.ts")>("bench/start.ts");
  mkdirSync(join(checkout, "dist", "docs"), { recursive: true });
  const folder = await prepareService(temporaryFolder(values.dir));
  const { service, population } = await populate(folder, [entries]);
  const scenario = name && scenariosOf(name, population)[0];
  if (!scenario) throw new Error(`no scenario ${values.scenario} in ${checkout}`);
  const slice = async (long: number) => {
    const { origin, pid } = service;
    const before = cpuOf(pid);
    const load = { connections, warmUpSeconds: 0, seconds: long, next: scenario.next };
    const { succeeded } = await runLoad({ ...load, origin });
    const spentMicroseconds = cpuOf(pid) - before;
    // Asks all log shards, which takes as much as many reads: not a part of them.
    await settleAll(origin);
    return spentMicroseconds / succeeded;
  };
  return { checkout, slice, stop: () => service.stop() };
}

const contenders: Contender[] = [];
for (const checkout of checkouts) contenders.push(await contender(checkout));
for (const { slice } of contenders) await slice(warmUpSeconds);
const spent = new Map(contenders.map((one) => [one, [] as number[]]));
for (let round = 0; round < rounds; round++) {
  for (const [{ slice }, slices] of spent) slices.push(await slice(seconds));
}
console.log(`${name}: microseconds of CPU for each request, ${connections} connections`);
for (const [{ checkout }, slices] of spent) {
  const sorted = slices.toSorted((left, right) => left - right);
  const [least, median] = [percentile(sorted, 0), percentile(sorted, 0.5)];
  const all = slices.map((one) => one.toFixed(0)).join(" ");
  console.log(`${checkout}: least ${least.toFixed(0)}, median ${median.toFixed(0)} (${all})`);
}
await Promise.all(contenders.map(({ stop }) => stop()));
