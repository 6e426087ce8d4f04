// The Durable Object of one key ring: a thin shell around KeyRegister. Contract: key-ring-contract.ts.
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../platform/clock.ts";
import { probeStorage } from "./canary.ts";
import type { Probe } from "./contract.ts";
import { KeyRegister } from "./key-register.ts";
import type {
  CreateKeyCall,
  KeyRingApi,
  ListKeysCall,
  LookUpCall,
  RevokeKeyCall,
} from "./key-ring-contract.ts";
import { createKeyDoor, listKeysDoor, lookUpDoor, revokeKeyDoor } from "./key-ring-door.ts";
import { keyRingMigrations } from "./schema.ts";

export class KeyRing extends DurableObject<Env> implements KeyRingApi, Probe {
  readonly #register: KeyRegister;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#register = new KeyRegister({
      objectName: ctx.id.name,
      storage: ctx.storage,
      clock: systemClock,
      migrations: keyRingMigrations,
    });
  }

  async create(call: CreateKeyCall) {
    return this.#register.create(createKeyDoor(call));
  }

  async lookUp(call: LookUpCall) {
    return this.#register.lookUp(lookUpDoor(call));
  }

  async list(call: ListKeysCall) {
    return this.#register.list(listKeysDoor(call));
  }

  async revoke(call: RevokeKeyCall) {
    return this.#register.revoke(revokeKeyDoor(call));
  }

  async probe() {
    return probeStorage(this.ctx, systemClock);
  }
}
