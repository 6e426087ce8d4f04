// What a seed did, in figures.
import type { FaultKind } from "./faults.ts";
import { outcomeOf } from "./history.ts";
import type { Simulation } from "./simulation.ts";

/** What a seed did: how often each fault struck, what clients were answered, what they read, and why
 *  accounts gave no vote. */
export interface Tally {
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly reads: Readonly<Record<"clean" | "in_flight", number>>;
  readonly busy: Readonly<Record<string, number>>;
  /** Of instances, by release; none where only the current one runs. */
  readonly starts: Readonly<Record<string, number>>;
}

export function tallyOf({ history, network, faults, releases }: Simulation): Tally {
  const outcomes: Record<string, number> = {};
  for (const { result } of history.answers) {
    const outcome = outcomeOf(result);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  const inFlight = history.readings.filter((read) =>
    read.kind === "balance" ? read.reading.inFlight : read.pages[0]?.inFlight,
  );
  const reads = {
    clean: history.readings.length - inFlight.length,
    in_flight: inFlight.length,
  };
  const busy: Record<string, number> = {};
  for (const { vote } of network.votes) {
    if (vote.vote === "busy") busy[vote.reason] = (busy[vote.reason] ?? 0) + 1;
  }
  return { faults: faults.counts, outcomes, reads, busy, starts: { ...releases?.starts } };
}
