// What may go wrong, how often in a given seed, and how often it did. A quarter of the seeds runs
// without any fault; the others mix about half of the kinds, each at a rate of its own.
import type { Random, Range } from "./random.ts";

/** Kinds of faults, with the range from which a seed draws its probability per opportunity. */
const ranges = {
  /** A request that never arrives; its caller hears nothing, or an error. */
  request_lost: [0.005, 0.15],
  /** The work is done, the answer never arrives. */
  reply_lost: [0.005, 0.15],
  /** The request arrives a second time soon after. */
  request_duplicated: [0.01, 0.3],
  /** The request arrives again much later, when all may be over. */
  request_late: [0.01, 0.2],
  /** A message takes seconds. */
  slow_message: [0.005, 0.1],
  /** The platform refuses the call for load, without delivering it. */
  overloaded: [0.005, 0.1],
  /** The called object cannot be reached for up to minutes. */
  outage: [0.0005, 0.01],
  /** The call arrives as one of another protocol version. */
  unknown_protocol: [0.005, 0.1],
  /** The object crashes after an event and loses writes that are not durable yet. */
  crash: [0.003, 0.08],
  /** The object leaves memory after an event; what it wrote becomes durable. */
  eviction: [0.002, 0.05],
  /** All objects restart at once. Per event. */
  deploy: [0.0003, 0.005],
  /** A statement throws, and perhaps all others of the object for a while. */
  statement_failed: [0.0005, 0.01],
  /** An sql transaction throws at its end and is rolled back. */
  sql_transaction_failed: [0.0005, 0.02],
  /** `sync` throws at once. */
  sync_refused: [0.005, 0.1],
  /** `sync` rejects later. */
  sync_failed: [0.005, 0.1],
  /** Writes take up to seconds to become durable. */
  slow_disk: [0.005, 0.15],
  /** `setAlarm` takes a while to return. */
  slow_set_alarm: [0.01, 0.3],
  /** The clock of one object jumps, by seconds, up to a minute or hours, forward or back, or is put
   *  right; the object may restart with it. Per event. */
  clock_jump: [0.0002, 0.02],
  alarm_late: [0.05, 0.5],
  /** The alarm handler runs again after it succeeded. */
  alarm_duplicated: [0.05, 0.5],
  /** The platform cannot start the handler, several times, and gives the alarm up. */
  alarm_dropped: [0.01, 0.1],
  /** A log shard reports that it is full, for one statement. */
  log_full: [0.005, 0.1],
} as const satisfies Record<string, Range>;

export type FaultKind = keyof typeof ranges;

export const faultKinds = Object.keys(ranges) as readonly FaultKind[];

export type FaultPlan = Readonly<Partial<Record<FaultKind, number>>>;

export function planFaults(seed: number, random: Random): FaultPlan {
  if (seed % 4 === 0) return {};
  const plan: Partial<Record<FaultKind, number>> = {};
  for (const kind of faultKinds) {
    const range: Range = ranges[kind];
    const rate = random.scaled(...range);
    if (random.chance(0.5)) plan[kind] = rate;
  }
  return plan;
}

export class Faults {
  readonly counts: Partial<Record<FaultKind, number>> = {};
  readonly #plan: FaultPlan;
  readonly #random: Random;
  #active = true;

  constructor(plan: FaultPlan, random: Random) {
    this.#plan = plan;
    this.#random = random;
  }

  get active(): boolean {
    return this.#active;
  }

  /** Nothing ever goes wrong. */
  get calm(): boolean {
    return Object.keys(this.#plan).length === 0;
  }

  /** From now on nothing goes wrong any more. */
  stop(): void {
    this.#active = false;
  }

  /** Whether a fault of this kind happens here and now. */
  strikes(kind: FaultKind): boolean {
    const rate = this.#plan[kind];
    if (!this.#active || rate === undefined || !this.#random.chance(rate)) return false;
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    return true;
  }
}
