// `npm run bench -- --overload`: finds the concurrency that saturates the service, then offers four
// times as much. What is asked for on top may be refused or wait; what is done per second may not
// fall by more than a fifth, and nothing that was acknowledged may be missing afterwards.
import { heldByWallets, settleAll } from "./books.ts";
import { headersOf, inParallel, runLoad, type Answers, type Operation } from "./load.ts";
import { percentile, type Target } from "./measure.ts";
import type { Population } from "./population.ts";
import type { Scenario } from "./scenarios.ts";

const ladder = [8, 16, 32, 64, 128, 256];
/** The lowest step of the ladder that reaches this share of the peak saturates the service. */
const saturatedShare = 0.95;
const overloadFactor = 4;
const goodputShareMin = 0.8;
const warmUpSeconds = 1;
const readersAtOnce = 32;

interface Step {
  readonly connections: number;
  readonly goodput: number;
  readonly answers: Answers;
}

/** Whether the key of an acknowledged write gives the recorded answer again. */
async function isKnown(origin: string, operation: Operation): Promise<boolean> {
  const { method, path, body = null } = operation;
  const response = await fetch(origin + path, { method, headers: headersOf(operation), body });
  await response.arrayBuffer();
  return response.status === 201 && response.headers.get("idempotent-replayed") === "true";
}

/** Returns whether goodput and money were kept. Prints a line for each step. */
export async function overload(
  { service: { origin } }: Target,
  population: Population,
  scenario: Scenario,
  seconds: number,
): Promise<boolean> {
  const run = async (connections: number): Promise<Step> => {
    const { next } = scenario;
    const answers = await runLoad({ origin, connections, warmUpSeconds, seconds, next });
    await settleAll(origin);
    const sorted = answers.latenciesMs.toSorted((left, right) => left - right);
    const goodput = sorted.length / seconds;
    const cells = [
      String(connections).padStart(11),
      goodput.toFixed(1).padStart(9),
      percentile(sorted, 0.5).toFixed(1).padStart(8),
      percentile(sorted, 0.99).toFixed(1).padStart(8),
      (answers.errors / seconds).toFixed(1).padStart(9),
    ];
    console.log(cells.join("  "));
    return { connections, goodput, answers };
  };
  console.log(`overload: ${scenario.name}, ${seconds} s for each step`);
  console.log("connections  goodput/s    p50 ms    p99 ms  refused/s");
  const steps: Step[] = [];
  for (const connections of ladder) steps.push(await run(connections));
  const peak = Math.max(...steps.map(({ goodput }) => goodput));
  const saturated = steps.find(({ goodput }) => goodput >= saturatedShare * peak)!.connections;
  const { goodput, answers } = await run(overloadFactor * saturated);

  const known = await inParallel(answers.acknowledged, readersAtOnce, (one) =>
    isKnown(origin, one),
  );
  const missing = known.filter((one) => !one).length;
  const conserved = (await heldByWallets(origin, population)) === population.total;
  const share = goodput / peak;
  console.log(
    `saturated at ${saturated} connections; at ${overloadFactor * saturated} the goodput is ` +
      `${(100 * share).toFixed(0)} % of the peak of ${peak.toFixed(0)}/s`,
  );
  console.log(
    `of the last ${known.length} acknowledged writes, ${missing} are missing; ` +
      `money: ${conserved ? "conserved" : "NOT conserved"}`,
  );
  return share >= goodputShareMin && missing === 0 && conserved;
}
