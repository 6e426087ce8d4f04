// One row of the results: a scenario at one concurrency, on the ledger and, in alternating slices
// of time, on the floor, so that a noisy machine disturbs both alike.
import type { ServiceFolder, Workerd } from "../scripts/workerd.ts";
import { heldByWallets, settleAll } from "./books.ts";
import { CommitMeter } from "./commits.ts";
import { inParallel, runLoad, type Answers, type Load } from "./load.ts";
import { perform, type Population } from "./population.ts";
import type { Scenario } from "./scenarios.ts";

export interface Target {
  readonly folder: ServiceFolder;
  readonly service: Workerd;
}

export interface Row {
  readonly scenario: string;
  /** Of the one wallet that is read. */
  readonly entries?: number;
  readonly concurrency: number;
  readonly storage: "disk" | "memory";
  /** Successes only. */
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly errors: number;
  /** Whether all wallets hold what was paid in, nothing being in flight. */
  readonly conserved: boolean;
  readonly floorRequestsPerSecond?: number;
  readonly ratioToFloor?: number;
  /** Durable commits for each operation, alarms included. */
  readonly commitsPerOperation?: number;
  readonly alarmCommitsPerOperation?: number;
  readonly floorCommitsPerOperation?: number;
  readonly floorObjectRequestsPerOperation?: number;
}

const slices = 2;
const warmUpShare = 0.2;
const repeatersAtOnce = 32;
/** For the floor's requests that were cut off at the end of a slice to run to their end, in ms. */
const floorRestMs = 500;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export function percentile(sorted: readonly number[], share: number): number {
  const rank = Math.max(0, Math.ceil(sorted.length * share) - 1);
  return sorted[rank] ?? Number.NaN;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** What the slices of one side amount to. */
export class Sum {
  readonly latenciesMs: number[] = [];
  errors = 0;
  operations = 0;
  objectRequests = 0;
  commits = 0;
  alarmCommits = 0;

  add(answers: Answers): void {
    for (const latency of answers.latenciesMs) this.latenciesMs.push(latency);
    this.errors += answers.errors;
  }
}

/** One slice on the ledger. Afterwards every outcome is known, in the books as here. */
export async function runOnLedger(
  { folder, service }: Target,
  population: Population,
  load: Omit<Load, "origin">,
  sum: Sum = new Sum(),
): Promise<Answers> {
  const { origin } = service;
  const meter = new CommitMeter(folder.state);
  const answers = await runLoad({ ...load, origin });
  await inParallel(answers.unknown, repeatersAtOnce, (operation) => perform(origin, operation));
  await settleAll(origin);
  const { objects, alarms } = meter.stop();
  const late = answers.unknown.reduce((more, { inflow = 0 }) => more + inflow, 0);
  population.total += answers.inflow + late;
  sum.add(answers);
  sum.operations += answers.succeeded + answers.unknown.length;
  sum.commits += objects + alarms;
  sum.alarmCommits += alarms;
  return answers;
}

interface FloorCounts {
  readonly operations: number;
  readonly objectRequests: number;
}

async function runOnFloor(target: Target, load: Omit<Load, "origin">, sum: Sum): Promise<void> {
  const { origin } = target.service;
  const counts = async () => (await (await fetch(origin)).json()) as FloorCounts;
  const before = await counts();
  const meter = new CommitMeter(target.folder.state);
  sum.add(await runLoad({ ...load, origin }));
  await pause(floorRestMs);
  const { objects, alarms } = meter.stop();
  const after = await counts();
  sum.commits += objects + alarms;
  sum.operations += after.operations - before.operations;
  sum.objectRequests += after.objectRequests - before.objectRequests;
}

/** Figures of the floor, or of a scenario without one, none. */
function compare(ledger: number, floor: Sum, seconds: number): Partial<Row> {
  if (floor.operations === 0) return {};
  const floorRequestsPerSecond = floor.latenciesMs.length / seconds;
  return {
    floorRequestsPerSecond: round(floorRequestsPerSecond, 1),
    ratioToFloor: round(ledger / floorRequestsPerSecond, 3),
    floorCommitsPerOperation: round(floor.commits / floor.operations, 2),
    floorObjectRequestsPerOperation: round(floor.objectRequests / floor.operations, 2),
  };
}

export async function measure(
  ledgerTarget: Target,
  floorTarget: Target,
  population: Population,
  scenario: Scenario,
  plan: { concurrency: number; seconds: number; storage: Row["storage"] },
): Promise<Row> {
  const { concurrency, seconds, storage } = plan;
  const load = {
    connections: concurrency,
    warmUpSeconds: (seconds / slices) * warmUpShare,
    seconds: seconds / slices,
    next: scenario.next,
  };
  const [ledger, floor] = [new Sum(), new Sum()];
  for (let slice = 0; slice < slices; slice++) {
    await runOnLedger(ledgerTarget, population, load, ledger);
    if (scenario.hasFloor) await runOnFloor(floorTarget, load, floor);
  }
  const sorted = ledger.latenciesMs.toSorted((left, right) => left - right);
  const requestsPerSecond = sorted.length / seconds;
  const held = await heldByWallets(ledgerTarget.service.origin, population);
  return {
    scenario: scenario.name,
    ...(scenario.entries !== undefined && { entries: scenario.entries }),
    concurrency,
    storage,
    requestsPerSecond: round(requestsPerSecond, 1),
    p50Ms: round(percentile(sorted, 0.5), 2),
    p95Ms: round(percentile(sorted, 0.95), 2),
    p99Ms: round(percentile(sorted, 0.99), 2),
    errors: ledger.errors,
    conserved: held === population.total,
    ...compare(requestsPerSecond, floor, seconds),
    ...(scenario.writes && {
      commitsPerOperation: round(ledger.commits / ledger.operations, 2),
      alarmCommitsPerOperation: round(ledger.alarmCommits / ledger.operations, 2),
    }),
  };
}
