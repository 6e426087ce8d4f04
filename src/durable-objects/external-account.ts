// The Durable Object of one shard of the outside world: a thin shell around an Account. See
// contract.ts for what each method promises.
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../platform/clock.ts";
import { writeLog } from "../platform/log.ts";
import type { Account } from "./account.ts";
import { probeStorage } from "./canary.ts";
import type { BooksApi, BooksCall } from "./books-contract.ts";
import type { AccountApi, LegCall, Probe } from "./contract.ts";
import { legDoor } from "./door.ts";
import { booksOf } from "./external-books.ts";
import { createExternalAccount } from "./external-account-rules.ts";
import { readLegs } from "./leg-readings.ts";
import { externalAccountMigrations } from "./schema.ts";
import type { LegsApi, LegsCall } from "./scrub-contract.ts";
import { booksDoor, legsDoor } from "./scrub-door.ts";
import { logsOf } from "./stubs.ts";

export class ExternalAccount
  extends DurableObject<Env>
  implements AccountApi, LegsApi, BooksApi, Probe
{
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

  async readLegs(call: LegsCall) {
    return readLegs(this.#account, legsDoor(call));
  }

  async books(call: BooksCall) {
    const { storage } = this.ctx;
    return booksOf(this.#account, { storage, clock: systemClock }, booksDoor(call));
  }

  async probe() {
    return probeStorage(this.ctx, systemClock);
  }
}
