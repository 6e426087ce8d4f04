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
  /** What batches were answered, and how many of each operation were committed as their items. */
  readonly batches: Readonly<Record<string, number>>;
  /** Committed transactions, by how many lines they have. */
  readonly lines: Readonly<Record<string, number>>;
  /** Of instances, by release; none where only the current one runs. */
  readonly starts: Readonly<Record<string, number>>;
}

const sizes = [2, 10, 20, 40] as const;

/** "up to 10", for 3 to 10 lines. */
function sizeOf(lines: number): string {
  return `up to ${sizes.find((size) => lines <= size) ?? Infinity}`;
}

export function tallyOf({ books, history, network, faults, releases }: Simulation): Tally {
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
  const batches: Record<string, number> = {};
  for (const { result } of history.batches) {
    const answer = result.outcome === "refused" ? result.problem : result.outcome;
    batches[answer] = (batches[answer] ?? 0) + 1;
  }
  for (const log of books.logs.values()) {
    for (const id of [...log.batches.values()].flatMap(({ itemIds }) => itemIds)) {
      const item = log.transactions.get(id);
      if (item?.state !== "committed") continue;
      batches[item.request.type] = (batches[item.request.type] ?? 0) + 1;
    }
  }
  const busy: Record<string, number> = {};
  for (const { vote } of network.votes) {
    if (vote.vote === "busy") busy[vote.reason] = (busy[vote.reason] ?? 0) + 1;
  }
  const lines: Record<string, number> = {};
  for (const transaction of books.transactions()) {
    if (transaction.state !== "committed") continue;
    const size = sizeOf(transaction.lines.length);
    lines[size] = (lines[size] ?? 0) + 1;
  }
  return {
    faults: faults.counts,
    outcomes,
    reads,
    busy,
    batches,
    lines,
    starts: { ...releases?.starts },
  };
}
