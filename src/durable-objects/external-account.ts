// The Durable Object of one shard of the outside world: a thin shell around an Account. See
// contract.ts for what each method promises.
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../platform/clock.ts";
import { writeLog } from "../platform/log.ts";
import type { Account, AccountParts } from "./account.ts";
import type { ExternalAuditCall } from "./audit-contract.ts";
import { probeStorage } from "./canary.ts";
import type { BooksApi, BooksCall } from "./books-contract.ts";
import type { ExternalAccountApi, LegCall, Probe } from "./contract.ts";
import { externalAuditDoor, legDoor } from "./door.ts";
import { auditExternalAccount } from "./external-audit.ts";
import { booksOf } from "./external-books.ts";
import { createExternalAccount } from "./external-account-rules.ts";
import { readLegs } from "./leg-readings.ts";
import { externalAccountMigrations } from "./schema.ts";
import type { LegsApi, LegsCall } from "./scrub-contract.ts";
import { booksDoor, legsDoor } from "./scrub-door.ts";
import { logsOf } from "./stubs.ts";

export class ExternalAccount
  extends DurableObject<Env>
  implements ExternalAccountApi, LegsApi, BooksApi, Probe
{
  readonly #account: Account;
  readonly #parts: AccountParts;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#parts = {
      objectName: ctx.id.name,
      storage: ctx.storage,
      clock: systemClock,
      logs: logsOf(env),
      log: writeLog,
    };
    this.#account = createExternalAccount(this.#parts, externalAccountMigrations);
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

  async audit(call: ExternalAuditCall) {
    return auditExternalAccount(this.#account, this.#parts, externalAuditDoor(call));
  }

  async probe() {
    return probeStorage(this.ctx, systemClock);
  }
}
