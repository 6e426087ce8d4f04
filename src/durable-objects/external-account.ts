// The Durable Object of one shard of the outside world: a thin shell around an Account. See
// contract.ts for what each method promises.
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../platform/clock.ts";
import { writeLog } from "../platform/log.ts";
import type { Account } from "./account.ts";
import { probeStorage } from "./canary.ts";
import type { AccountApi, LegCall, Probe } from "./contract.ts";
import { legDoor } from "./door.ts";
import { createExternalAccount } from "./external-account-rules.ts";
import { externalAccountMigrations } from "./schema.ts";
import { logsOf } from "./stubs.ts";

export class ExternalAccount extends DurableObject<Env> implements AccountApi, Probe {
  readonly #account: Account;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const parts = {
      objectName: ctx.id.name,
      storage: ctx.storage,
      clock: systemClock,
      logs: logsOf(env),
      log: writeLog,
    };
    this.#account = createExternalAccount(parts, externalAccountMigrations);
  }

  async hold(call: LegCall) {
    return this.#account.hold(legDoor(call));
  }

  async post(call: LegCall) {
    return this.#account.post(legDoor(call));
  }

  async release(call: LegCall) {
    return this.#account.release(legDoor(call));
  }

  async probe() {
    return probeStorage(this.ctx, systemClock);
  }
}
