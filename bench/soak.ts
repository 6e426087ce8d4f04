// `npm run bench -- --soak`: ten minutes of one load, with the service's memory and answers watched
// all along. Memory is flat when the second half needs hardly more than the first.
import { readFileSync } from "node:fs";
import { heldByWallets } from "./books.ts";
import { percentile, runOnLedger, type Target } from "./measure.ts";
import type { Population } from "./population.ts";
import type { Scenario } from "./scenarios.ts";

const slicesMax = 60;
const sliceSecondsMin = 1;
/** Caches fill in the beginning: what counts starts after this share of the time. */
const settlingShare = 0.25;
const growthMax = 1.15;
const bytesPerMegabyte = 1_048_576;

/** Resident memory of a process; Linux only, NaN elsewhere. */
function residentMegabytes(pid: number): number {
  try {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return (Number(line?.[1]) * 1_024) / bytesPerMegabyte;
  } catch {
    return Number.NaN;
  }
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

/** Growth from the first to the second half of what was measured after settling. */
function growthOf(memory: readonly number[]): number {
  const settled = memory.slice(Math.floor(memory.length * settlingShare));
  const middle = Math.floor(settled.length / 2);
  return mean(settled.slice(middle)) / mean(settled.slice(0, middle));
}

/** Whether memory stayed flat and money was kept. Prints a line for each slice of time. */
export async function soak(
  target: Target,
  population: Population,
  scenario: Scenario,
  plan: { readonly concurrency: number; readonly seconds: number },
): Promise<boolean> {
  const { concurrency, seconds } = plan;
  const sliceSeconds = Math.max(sliceSecondsMin, seconds / slicesMax);
  const memory: number[] = [];
  console.log(`soak: ${scenario.name}, ${concurrency} connections, ${seconds} s`);
  console.log("seconds  requests/s  p50 ms  p99 ms  errors  memory MB");
  for (let done = 0; done < seconds; done += sliceSeconds) {
    const { latenciesMs, errors } = await runOnLedger(target, population, {
      connections: concurrency,
      warmUpSeconds: 0,
      seconds: sliceSeconds,
      next: scenario.next,
    });
    memory.push(residentMegabytes(target.service.pid));
    const sorted = latenciesMs.toSorted((left, right) => left - right);
    const cells = [
      (done + sliceSeconds).toFixed(0).padStart(7),
      (sorted.length / sliceSeconds).toFixed(1).padStart(10),
      percentile(sorted, 0.5).toFixed(1).padStart(6),
      percentile(sorted, 0.99).toFixed(1).padStart(6),
      String(errors).padStart(6),
      memory.at(-1)!.toFixed(0).padStart(9),
    ];
    console.log(cells.join("  "));
  }
  const growth = growthOf(memory);
  const conserved = (await heldByWallets(target.service.origin, population)) === population.total;
  const isFlat = Number.isNaN(growth) || growth <= growthMax;
  console.log(`memory grew by a factor of ${growth.toFixed(3)}: ${isFlat ? "flat" : "NOT flat"}`);
  console.log(`money: ${conserved ? "conserved" : "NOT conserved"}`);
  return isFlat && conserved;
}
