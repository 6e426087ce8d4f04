// What is told of the seeds that ran: one line for a seed, a summary of many, and a readable trace of
// a seed that broke an invariant, with the command that repeats it.
import { createHash } from "node:crypto";
import type { Run } from "./run.ts";
import type { Violation } from "./simulation.ts";
import type { Tally } from "./tally.ts";

const aboutSubject = 60;
const lastLines = 40;

/** What remains of a run when its objects are gone: can be sent between threads. */
export interface SeedReport {
  readonly seed: number;
  readonly steps: number;
  readonly digest: string;
  readonly tally: Tally;
  readonly violation?: Violation;
  /** Present with a violation. */
  readonly trace?: readonly string[];
}

/** `mode`: what else the command has to say to repeat it. */
export function reportOn(run: Run, mode: readonly string[] = []): SeedReport {
  const { seed, steps, digest, tally, violation, simulation } = run;
  if (!violation) return { seed, steps, digest, tally };
  const { trace } = simulation;
  const { invariant, what, subject } = violation;
  const about = subject ? trace.tail(aboutSubject, subject) : [];
  const lines = [
    `seed ${seed} breaks ${invariant} in step ${violation.step}: ${trace.readable(what)}`,
    `repeat it with: npm run test:sim -- ${[...mode, "--seed", seed].join(" ")}`,
    ...(subject ? [`about ${trace.readable(subject)} (${subject}):`, ...about] : []),
    "last events:",
    ...trace.tail(lastLines),
  ];
  return { seed, steps, digest, tally, violation, trace: lines };
}

/** The last line of a replay. */
export function seedLine({ seed, steps, digest }: SeedReport): string {
  return `seed ${seed} steps ${steps} trace ${digest}`;
}

function addCounts(sums: Map<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count);
}

function counted(name: string, sums: ReadonlyMap<string, number>): string {
  const shown = [...sums].toSorted(([left], [right]) => (left < right ? -1 : 1));
  return `${name}: ${shown.map(([kind, count]) => `${kind} ${count}`).join(", ")}`;
}

/** Sums over all seeds; the digest covers every seed's trace, in order of the seeds. */
export function summary(reports: readonly SeedReport[], seconds: number): string[] {
  const faults = new Map<string, number>();
  const outcomes = new Map<string, number>();
  const reads = new Map<string, number>();
  const busy = new Map<string, number>();
  const batches = new Map<string, number>();
  const lines = new Map<string, number>();
  const starts = new Map<string, number>();
  const hash = createHash("sha256");
  let steps = 0;
  for (const report of reports.toSorted((left, right) => left.seed - right.seed)) {
    steps += report.steps;
    hash.update(seedLine(report));
    addCounts(faults, report.tally.faults);
    addCounts(outcomes, report.tally.outcomes);
    addCounts(reads, report.tally.reads);
    addCounts(busy, report.tally.busy);
    addCounts(batches, report.tally.batches);
    addCounts(lines, report.tally.lines);
    addCounts(starts, report.tally.starts);
  }
  const broken = reports.filter((report) => report.violation).length;
  return [
    counted("faults", faults),
    counted("answers", outcomes),
    counted("reads", reads),
    counted("busy", busy),
    counted("batches", batches),
    counted("commits by lines", lines),
    ...(starts.size > 0 ? [counted("starts by release", starts)] : []),
    `${reports.length} seeds, ${broken} broken, ${steps} steps, ${seconds.toFixed(1)} s, ` +
      `traces ${hash.digest("hex")}`,
  ];
}
