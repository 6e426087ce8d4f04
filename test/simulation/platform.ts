// What a simulated object is made of: a running instance of a production class, what it is given, and
// the surroundings that all objects share.
import type { Clock } from "../../src/platform/clock.ts";
import type { Log } from "../../src/platform/log.ts";
import type { ObjectStorage } from "../../src/platform/storage.ts";
import type { Faults } from "./faults.ts";
import type { Caller, Network } from "./network.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

/** What production code gets in its constructor. All of it dies with the instance. */
export interface InstanceParts {
  readonly caller: Caller;
  readonly storage: ObjectStorage;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** A running instance of a production class. `ready`: no event is delivered before. */
export interface Instance {
  readonly ready: Promise<void>;
  readonly methods: Readonly<Record<string, (argument: never) => unknown>>;
  readonly alarm?: () => Promise<void>;
}

/** The surroundings that all objects share. `outputGate: false` shows what the gate is good for. */
export interface Platform {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly faults: Faults;
  readonly random: Random;
  readonly outputGate: boolean;
  readonly log: (object: string) => Log;
  /** A production method threw, and not because its storage did. */
  unexpected(object: string, error: unknown): void;
}
