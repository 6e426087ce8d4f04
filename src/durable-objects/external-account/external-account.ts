// The Durable Object of one shard of the outside world: a thin shell around an Account. See
// contract.ts for what each method promises.
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../../platform/clock.ts";
import { writeLog } from "../../platform/log.ts";
import type { Account } from "../account/core.ts";
import type { AccountPorts } from "../account/ports.ts";
import type { ExternalAuditCall } from "../account/audit-contract.ts";
import { probeStorage } from "../rpc/canary.ts";
import type { BooksApi, BooksCall } from "./books-contract.ts";
import type { ClaimsCall, LegCall, PostCall } from "../account/contract.ts";
import type { ExternalAccountApi } from "./contract.ts";
import type { Probe } from "../rpc/contract.ts";
import {
  validateBooks,
  validateExternalAudit,
  validateOutsideLeg,
  validateOutsidePost,
} from "./validate.ts";
import { auditExternalAccount } from "./audit.ts";
import { booksOf } from "./books.ts";
import { createExternalAccount } from "./core.ts";
import { readClaims } from "../account/claim-readings.ts";
import { validateClaims } from "../account/validate.ts";
import { readLegs } from "../account/leg-readings.ts";
import { externalAccountMigrations } from "../rpc/migrations.ts";
import type { LegsApi, LegsCall } from "../transfer-log/scrub-contract.ts";
import { validateLegs } from "../transfer-log/scrub-validate.ts";
import { logsOf } from "../rpc/stubs.ts";

export class ExternalAccount
  extends DurableObject<Env>
  implements ExternalAccountApi, LegsApi, BooksApi, Probe
{
  readonly #account: Account;
  readonly #ports: AccountPorts;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#ports = {
      objectName: ctx.id.name,
      storage: ctx.storage,
      clock: systemClock,
      logs: logsOf(env),
      log: writeLog,
    };
    this.#account = createExternalAccount(this.#ports, externalAccountMigrations);
  }

  async hold(call: LegCall) {
    return this.#account.hold(validateOutsideLeg(call));
  }

  async post(call: PostCall) {
    return this.#account.post(validateOutsidePost(call));
  }

  async release(call: LegCall) {
    return this.#account.release(validateOutsideLeg(call));
  }

  async readClaims(call: ClaimsCall) {
    return readClaims(this.#account, validateClaims(call));
  }

  async readLegs(call: LegsCall) {
    return readLegs(this.#account, validateLegs(call));
  }

  async books(call: BooksCall) {
    const { storage } = this.ctx;
    return booksOf(this.#account, { storage, clock: systemClock }, validateBooks(call));
  }

  async audit(call: ExternalAuditCall) {
    return auditExternalAccount(this.#account, this.#ports, validateExternalAudit(call));
  }

  async probe() {
    return probeStorage(this.ctx, systemClock);
  }
}
