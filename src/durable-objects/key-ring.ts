// The Durable Object of one key ring: which API keys exist, whose they are, what they may do and
// which are revoked. Knows hashes of secrets, never a secret. Contract: key-ring-contract.ts.
import { DurableObject } from "cloudflare:workers";
import { keyRingObjectName, keyShardOf } from "../domain/ids.ts";
import { keyShardCount } from "../domain/limits.ts";
import { systemClock } from "../platform/clock.ts";
import { Schema } from "../platform/migrations.ts";
import type { ObjectStorage } from "../platform/storage.ts";
import { probeStorage } from "./canary.ts";
import type { Call, NotFound, Probe } from "./contract.ts";
import type {
  CreateKeyCall,
  CreateKeyResult,
  KeyRecord,
  KeyRingApi,
  LookUpCall,
  RevokeKeyCall,
} from "./key-ring-contract.ts";
import { createKeyDoor, listKeysDoor, lookUpDoor, revokeKeyDoor } from "./key-ring-door.ts";
import { KeyRingStore, type StoredKey } from "./key-ring-store.ts";
import { keyRingMigrations } from "./schema.ts";

const misled = "the key ring was called as another ring than it is";
const notFound: NotFound = { ok: false, problem: "not_found" };

export class KeyRing extends DurableObject<Env> implements KeyRingApi, Probe {
  readonly #storage: ObjectStorage;
  readonly #schema: Schema;
  readonly #store: KeyRingStore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#storage = ctx.storage;
    this.#schema = new Schema(ctx.storage, keyRingMigrations);
    this.#store = new KeyRingStore(ctx.storage);
  }

  async create(sent: CreateKeyCall): Promise<CreateKeyResult> {
    const call = createKeyDoor(sent);
    const key = this.#find(call.keyId) ?? this.#insert(call);
    const same = key.fingerprint === call.fingerprint && key.tenant === call.tenant;
    if (!same) return { ok: false, problem: "idempotency_key_reused" };
    // A call that is repeated because its answer was lost still has the key's own secret.
    return { ok: true, key, replayed: key.secretHash !== call.secretHash };
  }

  async lookUp(call: LookUpCall) {
    const key = this.#find(lookUpDoor(call).keyId);
    return key ? ({ ok: true, key } as const) : notFound;
  }

  async list(call: Call): Promise<readonly KeyRecord[]> {
    const { tenant } = listKeysDoor(call);
    return this.#schema.exists() ? this.#store.listOf(tenant) : [];
  }

  async revoke(sent: RevokeKeyCall) {
    const call = revokeKeyDoor(sent);
    const key = this.#find(call.keyId);
    if (key?.tenant !== call.tenant) return notFound;
    if (key.revoked) return { ok: true, key } as const;
    const revoked = { by: call.principal, at: systemClock.now() };
    this.#store.insertRevocation(key.id, revoked.by, revoked.at, call.requestId);
    return { ok: true, key: { ...key, revoked } } as const;
  }

  async probe() {
    return probeStorage(this.ctx, systemClock);
  }

  #insert(call: CreateKeyCall): StoredKey {
    const { keyId: id, tenant, fingerprint, request, secretHash, principal: createdBy } = call;
    const createdAt = systemClock.now();
    const key = { id, tenant, fingerprint, ...request, secretHash, createdBy, createdAt };
    try {
      this.#storage.transactionSync(() => {
        if (!this.#schema.exists()) {
          this.#createRing(keyShardOf(id));
        }
        this.#store.insertKey(key, call.requestId);
      });
    } catch (error) {
      this.#schema.rolledBack();
      throw error;
    }
    return key;
  }

  #createRing(shard: number): void {
    const { name } = this.ctx.id;
    if (name !== undefined && name !== keyRingObjectName(shard)) throw new Error(misled);
    this.#schema.create();
    this.#store.insertIdentity(shard, keyShardCount);
  }

  /** A ring answers for its own shard of the ids only, and only under the number of rings that it
   *  began with: another number would look for old keys in the wrong ring, and not find them. */
  #find(keyId: string): StoredKey | undefined {
    if (!this.#schema.exists()) return undefined;
    const identity = this.#store.identity();
    const same =
      identity?.class === "key-ring" &&
      identity.shard === keyShardOf(keyId) &&
      identity.shards === keyShardCount;
    if (!same) throw new Error(misled);
    return this.#store.find(keyId);
  }
}
