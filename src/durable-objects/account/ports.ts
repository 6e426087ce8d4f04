// The ports of an account: storage, clock, logs. Injected, so that tests and the simulator can
// replace them.
import type { Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import type { ObjectStorage } from "../../platform/storage.ts";
import type { Logs } from "../rpc/stubs.ts";

export interface AccountPorts {
  /** What the object is called; unknown to an instance that was reached by its id. */
  readonly objectName?: string | undefined;
  readonly storage: ObjectStorage;
  readonly clock: Clock;
  readonly logs: Logs;
  readonly log: Log;
}
