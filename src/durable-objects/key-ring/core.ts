// One key ring: creates, finds, lists and revokes the API keys of a shard. Everything but the
// shell. Stores hashes of secrets, never a secret; calls no other object.
import { keyRingObjectName, keyShardOf } from "../../domain/ids.ts";
import { keyShardCount } from "../../domain/limits.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import { Schema, type Migration } from "../../platform/migrations.ts";
import type { ObjectStorage } from "../../platform/storage.ts";
import type { KeyAuditReport } from "../account/audit-contract.ts";
import type { NotFound } from "../rpc/contract.ts";
import { assertIdentity, assertObjectName } from "../rpc/identity.ts";
import type {
  CreateKeyCall,
  CreateKeyResult,
  KeyAuditCall,
  KeyRecord,
  ListKeysCall,
  LookUpCall,
  RevokeKeyCall,
} from "./contract.ts";
import { auditKeys } from "./audit.ts";
import { KeyRingStore, type StoredKey } from "./store.ts";

const notFound: NotFound = { ok: false, problem: "not_found" };

export interface KeyRingParts {
  /** What the object is called; unknown to an instance that was reached by its id. */
  readonly objectName?: string | undefined;
  readonly storage: ObjectStorage;
  readonly clock: Clock;
  readonly log: Log;
  readonly migrations: readonly Migration[];
}

export class KeyRingCore {
  readonly #parts: KeyRingParts;
  readonly #schema: Schema;
  readonly #store: KeyRingStore;

  constructor(parts: KeyRingParts) {
    this.#parts = parts;
    this.#schema = new Schema(parts.storage, parts.migrations);
    this.#store = new KeyRingStore(parts.storage);
  }

  /** KeyRingApi.create. */
  create(call: CreateKeyCall): CreateKeyResult {
    const now = this.#parts.clock.now();
    const known = this.#find(call.keyId);
    if (!known && (call.request.expiresAt ?? Infinity) <= now) {
      return { ok: false, problem: "already_expired" };
    }
    const key = known ?? this.#insert(call, now);
    const same = key.fingerprint === call.fingerprint && key.tenant === call.tenant;
    if (!same) return { ok: false, problem: "idempotency_key_reused" };
    // A call that is repeated because its answer was lost still has the key's own secret.
    return { ok: true, key, replayed: key.secretHash !== call.secretHash };
  }

  /** KeyRingApi.lookUp. */
  lookUp({ keyId }: LookUpCall): { readonly ok: true; readonly key: KeyRecord } | NotFound {
    const key = this.#find(keyId);
    return key ? { ok: true, key } : notFound;
  }

  /** KeyRingApi.list. */
  list(call: ListKeysCall): readonly KeyRecord[] {
    return this.#schema.exists() ? this.#store.listOf(call) : [];
  }

  /** KeyRingApi.audit. */
  audit(call: KeyAuditCall): KeyAuditReport {
    const { objectName, log } = this.#parts;
    assertObjectName(objectName, keyRingObjectName(call.shard));
    return this.#schema.exists() ? auditKeys(this.#store, call, log) : { keys: 0 };
  }

  /** KeyRingApi.revoke. */
  revoke(call: RevokeKeyCall): { readonly ok: true; readonly key: KeyRecord } | NotFound {
    const key = this.#find(call.keyId);
    if (key?.tenant !== call.tenant) return notFound;
    if (key.revoked) return { ok: true, key };
    const revoked = { by: call.principal, at: this.#parts.clock.now() };
    this.#store.insertRevocation(key.id, revoked.by, revoked.at, call.requestId);
    return { ok: true, key: { ...key, revoked } };
  }

  #insert(call: CreateKeyCall, createdAt: number): StoredKey {
    const { keyId: id, tenant, fingerprint, request, secretHash, principal: createdBy } = call;
    const key = { id, tenant, fingerprint, ...request, secretHash, createdBy, createdAt };
    try {
      this.#parts.storage.transactionSync(() => {
        if (!this.#schema.exists()) this.#createRing(keyShardOf(id));
        this.#store.insertKey(key, call.requestId);
      });
    } catch (error) {
      this.#schema.rolledBack();
      throw error;
    }
    return key;
  }

  #createRing(shard: number): void {
    assertObjectName(this.#parts.objectName, keyRingObjectName(shard));
    this.#schema.create();
    this.#store.insertIdentity(shard, keyShardCount);
  }

  /** A ring answers for its own shard of the ids only, and only under the number of rings that it
   *  began with: another number would look for old keys in the wrong ring, and not find them. */
  #find(keyId: string): StoredKey | undefined {
    if (!this.#schema.exists()) return undefined;
    const own = { class: "key-ring", shard: keyShardOf(keyId), shards: keyShardCount };
    assertIdentity(this.#store.identity(), own);
    return this.#store.find(keyId);
  }
}
