// The Durable Object of one key ring: a thin shell around KeyRingCore. See contract.ts for what
// each method promises.
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../../platform/clock.ts";
import { writeLog } from "../../platform/log.ts";
import { probeStorage } from "../rpc/canary.ts";
import type { Probe } from "../rpc/contract.ts";
import { KeyRingCore } from "./core.ts";
import type {
  CreateKeyCall,
  KeyAuditCall,
  KeyRingApi,
  ListKeysCall,
  LookUpCall,
  RevokeKeyCall,
} from "./contract.ts";
import {
  validateAuditKeys,
  validateCreateKey,
  validateListKeys,
  validateLookUp,
  validateRevokeKey,
} from "./validate.ts";
import { keyRingMigrations } from "../rpc/migrations.ts";

export class KeyRing extends DurableObject<Env> implements KeyRingApi, Probe {
  readonly #register: KeyRingCore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#register = new KeyRingCore({
      objectName: ctx.id.name,
      storage: ctx.storage,
      clock: systemClock,
      log: writeLog,
      migrations: keyRingMigrations,
    });
  }

  async create(call: CreateKeyCall) {
    return this.#register.create(validateCreateKey(call));
  }

  async lookUp(call: LookUpCall) {
    return this.#register.lookUp(validateLookUp(call));
  }

  async list(call: ListKeysCall) {
    return this.#register.list(validateListKeys(call));
  }

  async audit(call: KeyAuditCall) {
    return this.#register.audit(validateAuditKeys(call));
  }

  async revoke(call: RevokeKeyCall) {
    return this.#register.revoke(validateRevokeKey(call));
  }

  async probe() {
    return probeStorage(this.ctx, systemClock);
  }
}
