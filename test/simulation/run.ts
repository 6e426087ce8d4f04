// Runs one seed through its phases and reports the outcome.
import type { Submission } from "../../src/domain/protocol/transaction.ts";
import { historyLimitMax, rejectedDetailsMaxMs } from "../../src/domain/limits.ts";
import { bodyOf, isFinal } from "./history.ts";
import { shards } from "./keys.ts";
import { Random } from "./random.ts";
import { Simulation, type SimulationOptions, type Violation } from "./simulation.ts";
import { perform, performWithKeys, startScrub } from "./steps.ts";
import type { Step } from "./workload.ts";
import { tallyOf, type Tally } from "./tally.ts";

/** Nothing that is on its way takes longer than this; only the clean-up lies further ahead. */
const quietMs = 20 * 60 * 1_000;
const stepsMax = 60_000;
const dayMs = 24 * 60 * 60 * 1_000;
const staleMessages = 12;
/** Where few legs may be open, a replay of everything at once has to wait for its turn. */
const replayAttemptsMax = 12;

export interface Run {
  readonly seed: number;
  readonly steps: number;
  /** SHA-256 over the trace, 64 hexadecimal digits. */
  readonly digest: string;
  readonly violation?: Violation;
  readonly tally: Tally;
  readonly simulation: Simulation;
}

/** Runs until nothing happens for a long time. */
async function settle(simulation: Simulation): Promise<void> {
  const { scheduler } = simulation;
  for (;;) {
    const next = scheduler.nextTime();
    if (next === undefined || next > scheduler.now + quietMs) return;
    if (scheduler.step > stepsMax) {
      simulation.violation ??= {
        invariant: "everything-settles",
        what: "events do not cease",
        step: scheduler.step,
      };
    }
    if (!(await simulation.step())) return;
  }
}

/** Alarms that the platform gave up are found by a look for unsettled transactions. */
function sweep(simulation: Simulation): void {
  for (const { object, shard } of simulation.books.logs.values()) {
    if (!object.alarmDropped) continue;
    object.crash(object.disk.written);
    perform(simulation, { kind: "list_unsettled", tenant: "operator", shard, atMs: 0 });
  }
}

type Submitting = Extract<Step, { readonly attemptsMax: number }>;

interface Replayed {
  readonly id: string;
  readonly isFinal: boolean;
}

function contentOf({ id, fingerprint }: Pick<Submission, "id" | "fingerprint">): string {
  return `${id} ${fingerprint}`;
}

/** Every opening, and every content of every key, once more. */
async function replayAll(simulation: Simulation): Promise<void> {
  const contents = new Map<string, Submitting>();
  for (const step of simulation.plan.steps) {
    if (step.kind === "open") perform(simulation, step);
    if (step.kind === "submit") contents.set(contentOf(step.submission), step);
    if (step.kind === "submit_batch") contents.set(contentOf(step.batch), step);
  }
  const { answers, batches } = simulation.history;
  const before = { answers: answers.length, batches: batches.length };
  for (const step of contents.values()) {
    perform(simulation, { ...step, attemptsMax: replayAttemptsMax });
  }
  await settle(simulation);
  if (simulation.violation) return;
  const last = new Map<string, Replayed>();
  for (const { submission, result } of answers.slice(before.answers)) {
    last.set(contentOf(submission), { id: submission.id, isFinal: isFinal(result) });
  }
  for (const { batch, result } of batches.slice(before.batches)) {
    last.set(contentOf(batch), { id: batch.id, isFinal: isFinal(result) });
  }
  const unanswered = [...contents.keys()].filter((content) => !last.has(content)).length;
  const open = [...last.values()].find((answer) => !answer.isFinal);
  if (unanswered === 0 && !open) return;
  simulation.violation = {
    invariant: "everything-settles",
    what: open ? "a replay is not answered finally" : `${unanswered} replays are not answered`,
    step: simulation.scheduler.step,
    ...(open && { subject: open.id }),
  };
}

/** The balances of every wallet, as clients see them, in bytes. */
async function readAll(simulation: Simulation): Promise<string> {
  const readings: unknown[] = [];
  const limit = Math.min(50, historyLimitMax);
  for (const { tenant, walletId } of simulation.plan.wallets) {
    const client = simulation.newClient();
    void client.readBalance(tenant, walletId).then((reading) => readings.push([walletId, reading]));
    void client.readHistory(tenant, walletId, { filter: {}, limit, pagesMax: 9 });
    await settle(simulation);
  }
  return JSON.stringify(readings);
}

function finalBodies(simulation: Simulation): string {
  const bodies = new Map<string, string>();
  for (const answer of simulation.history.answers) {
    const body = bodyOf(answer);
    if (body !== undefined) bodies.set(answer.submission.id, body);
  }
  return JSON.stringify([...bodies].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

/** A round of every log shard, to its end: what was decided is in the accounts, and the log says so
 *  of each of its transactions. A difference would be an incident too. */
async function scrubAll(simulation: Simulation): Promise<void> {
  for (const shard of simulation.books.logs.keys()) startScrub(simulation, shard, "at-rest");
  await settle(simulation);
  for (const { object, shard, transactions } of simulation.books.logs.values()) {
    if (transactions.size === 0) continue;
    const query = "SELECT cursor, checked, skipped, ended_at AS ended FROM scrub";
    const [scrub] = object.disk.query(query);
    const done = scrub?.["cursor"] === null && scrub["ended"] !== null && scrub["skipped"] === 0;
    if (done && scrub["checked"] === transactions.size) continue;
    simulation.violation ??= {
      invariant: "everything-settles",
      what: `the scrub of log-${shard} did not end: ${JSON.stringify(scrub)}`,
      step: simulation.scheduler.step,
    };
  }
}

/** The outside world and the key rings; wallets are audited now and then. */
async function auditAll(simulation: Simulation): Promise<void> {
  const { books, keyRings } = simulation;
  for (const { object, tenant, address } of books.accounts.values()) {
    if (address.class === "wallet") continue;
    void simulation.newClient().auditOf(object, address.id, tenant, { account: address.id });
  }
  for (const [shard, ring] of keyRings) {
    for (const tenant of new Set(simulation.keyPlan.map((step) => step.tenant))) {
      void simulation.newClient().auditOf(ring, ring.name, tenant, { shard });
    }
  }
  await settle(simulation);
}

/** What happens to a ledger at rest must not change a single answer. */
async function disturbAtRest(simulation: Simulation, random: Random): Promise<void> {
  const { network, scheduler, comparisons, books } = simulation;
  const before = await readAll(simulation);
  for (let count = 0; count < staleMessages; count++) {
    network.deliverAgain(random.pick(network.sent), random.between(0, 1_000));
  }
  await settle(simulation);
  const afterMessages = await readAll(simulation);
  comparisons.push({ what: "messages of long ago", before, after: afterMessages });

  for (const wallet of books.wallets()) {
    if (wallet.entries.length > 0) wallet.object.operate("DELETE FROM checkpoints");
  }
  const after = await readAll(simulation);
  comparisons.push({ what: "checkpoints deleted", before: afterMessages, after });

  if (random.chance(0.2)) await scrubAll(simulation);
  await auditAll(simulation);

  if (random.chance(0.04)) {
    const wallet = random.pick(simulation.plan.wallets);
    perform(simulation, { kind: "audit", wallet, atMs: 0 });
    await settle(simulation);
  }

  if (!random.chance(0.1)) return;
  const bodies = finalBodies(simulation);
  const until = scheduler.now + rejectedDetailsMaxMs + dayMs;
  scheduler.schedule(rejectedDetailsMaxMs + dayMs, "31 days pass", () => {});
  while ((scheduler.nextTime() ?? Infinity) <= until && (await simulation.step()));
  await settle(simulation);
  await replayAll(simulation);
  comparisons.push({ what: "31 days", before: bodies, after: finalBodies(simulation) });
}

/** From the first request until nothing is left to happen, or something is broken. */
export async function play(simulation: Simulation): Promise<void> {
  const { scheduler, plan, faults } = simulation;
  const random = new Random(simulation.seed, "phases");
  for (const step of plan.steps) {
    scheduler.schedule(step.atMs, "", () => perform(simulation, step));
  }
  const scrubs = new Random(simulation.seed, "scrubs");
  for (let count = scrubs.integer(0, 3); count > 0; count--) {
    const [shard, key] = [scrubs.pick(shards), `scrub-${count}`];
    const start = () => startScrub(simulation, shard, key);
    scheduler.schedule(scrubs.between(0, plan.durationMs), "", start);
  }
  for (const step of simulation.keyPlan) {
    scheduler.schedule(step.atMs, "", () => performWithKeys(simulation, step));
  }
  const calmMs = plan.durationMs + random.scaled(100, 60_000);
  scheduler.schedule(calmMs, "faults stop", () => faults.stop());
  while (faults.active && (await simulation.step()));
  simulation.completeDeployment();
  sweep(simulation);
  await settle(simulation);
  await replayAll(simulation);
  for (const step of simulation.keyPlan) performWithKeys(simulation, step);
  await settle(simulation);
  await readAll(simulation);
  simulation.checkAll();
  if (simulation.violation) return;
  await disturbAtRest(simulation, random);
  simulation.checkAll();
}

export async function run(seed: number, options: SimulationOptions = {}): Promise<Run> {
  const simulation = new Simulation(seed, options);
  await play(simulation);
  simulation.close();
  const { violation } = simulation;
  return {
    seed,
    steps: simulation.scheduler.step,
    digest: simulation.trace.digest(),
    tally: tallyOf(simulation),
    simulation,
    ...(violation && { violation }),
  };
}
