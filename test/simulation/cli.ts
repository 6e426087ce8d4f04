// npm run test:sim -- --seed N [--trace]        replays one seed; its last line is its digest
// npm run test:sim -- --seeds N [--from A]      runs seeds A .. A+N-1 (A is 1) on all cores
// --small-limits: limits that the workload meets all the time (small-limits.ts).
// --mixed-releases: objects of the previous release and of the current one call each other.
// Exits with 1 if an invariant is broken, and says which, where, and how to see it again.
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { smallLimits } from "./loader.ts";
import { reportOn, seedLine, summary, type SeedReport } from "./report.ts";
import { readArguments } from "../../scripts/usage.mjs";

const usage =
  "usage: npm run test:sim -- [--seeds N] [--from N] [--seed N] [--trace] [--small-limits]" +
  " [--mixed-releases]";

const seedsDefault = "2000";

const { values } = readArguments(usage, {
  options: {
    seed: { type: "string" },
    seeds: { type: "string", default: seedsDefault },
    from: { type: "string", default: "1" },
    trace: { type: "boolean", default: false },
    "small-limits": { type: "boolean", default: false },
    "mixed-releases": { type: "boolean", default: false },
  },
});

const mode = (["small-limits", "mixed-releases"] as const)
  .filter((name) => values[name])
  .map((name) => `--${name}`);

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

function integer(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`not a count or seed: ${text}`);
  return value;
}

async function replay(seed: number): Promise<boolean> {
  if (values["small-limits"]) smallLimits();
  const { run } = await import("./run.ts");
  const done = await run(seed, values["mixed-releases"] ? { releases: "mixed" } : {});
  const report = reportOn(done, mode);
  const { trace } = done.simulation;
  if (values.trace) print(trace.tail(trace.lines.length));
  if (report.trace) print(report.trace);
  print([seedLine(report)]);
  return report.violation === undefined;
}

/** Hands out one seed at a time, so that no process idles while another has long ones left. */
function runMany(from: number, count: number): Promise<SeedReport[]> {
  const reports: SeedReport[] = [];
  let next = from;
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = fork(`${import.meta.dirname}/worker.ts`, mode);
      let seed = from;
      const handOut = () => {
        seed = next++;
        if (seed < from + count) worker.send(seed);
        else worker.disconnect();
      };
      worker.on("message", (report: SeedReport) => {
        reports.push(report);
        if (report.trace) print(report.trace);
        handOut();
      });
      worker.on("exit", (code) => {
        if (code === 0) resolve();
        else reject(new Error(`seed ${seed} ended the simulator`));
      });
      handOut();
    });
  const workers = Array.from({ length: Math.min(availableParallelism(), count) }, work);
  return Promise.all(workers).then(() => reports);
}

async function main(): Promise<boolean> {
  if (values.seed !== undefined) return replay(integer(values.seed));
  const startedAt = performance.now();
  const reports = await runMany(integer(values.from), integer(values.seeds));
  print(summary(reports, (performance.now() - startedAt) / 1_000));
  return reports.every((report) => !report.violation);
}

process.exitCode = (await main()) ? 0 : 1;
