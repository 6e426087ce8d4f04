// Every SQL statement of a key ring. Rows are only ever added; triggers of the tables enforce it.
// Nothing here may call another object.
import type { Scope } from "../../domain/principal.ts";
import type { ObjectStorage, SqlRow } from "../../platform/storage.ts";
import type { ShardIdentity } from "../rpc/identity.ts";
import type { KeyRecord, ListKeysCall } from "./contract.ts";

interface KeyRow extends SqlRow {
  id: string;
  tenant: string;
  fingerprint: string;
  name: string;
  scopes: string;
  secret_hash: string;
  expires_at: number | null;
  created_by: string;
  created_at: number;
  revoked_by: string | null;
  revoked_at: number | null;
}

export interface StoredKey extends KeyRecord {
  readonly fingerprint: string;
}

/** For an audit: the scopes are JSON, unless they were edited. */
export interface AuditedKey extends SqlRow {
  readonly id: string;
  readonly fingerprint: string;
  readonly name: string;
  readonly scopes: string;
  readonly expiresAt: number | null;
}

function toKey(row: KeyRow): StoredKey {
  return {
    id: row.id,
    tenant: row.tenant,
    fingerprint: row.fingerprint,
    name: row.name,
    scopes: JSON.parse(row.scopes) as readonly Scope[],
    secretHash: row.secret_hash,
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    createdBy: row.created_by,
    createdAt: row.created_at,
    ...(row.revoked_by !== null &&
      row.revoked_at !== null && { revoked: { by: row.revoked_by, at: row.revoked_at } }),
  };
}

export class KeyRingStore {
  readonly #storage: ObjectStorage;

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
  }

  identity(): ShardIdentity | undefined {
    const query = "SELECT class, shard, shards FROM identity WHERE id = 1";
    return this.#storage.sql.exec<ShardIdentity & SqlRow>(query).toArray()[0];
  }

  insertIdentity(shard: number, shards: number): void {
    this.#storage.sql.exec(
      "INSERT INTO identity (id, class, shard, shards) VALUES (1, 'key-ring', ?, ?)",
      shard,
      shards,
    );
  }

  find(id: string): StoredKey | undefined {
    const query = `SELECT keys.*, revoked_by, revoked_at FROM keys
      LEFT JOIN revocations ON key_id = id WHERE id = ?`;
    const row = this.#storage.sql.exec<KeyRow>(query, id).toArray()[0];
    return row && toKey(row);
  }

  listOf({ tenant, limit, after }: ListKeysCall): StoredKey[] {
    const query = `SELECT keys.*, revoked_by, revoked_at FROM keys
      LEFT JOIN revocations ON key_id = id
      WHERE tenant = ?1
        AND (?2 IS NULL OR (created_at, id) > (CAST(?2 AS INTEGER), ?3))
      ORDER BY created_at, id LIMIT CAST(?4 AS INTEGER)`;
    return this.#storage.sql
      .exec<KeyRow>(query, tenant, after?.createdAt ?? null, after?.id ?? null, limit)
      .toArray()
      .map(toKey);
  }

  /** The tenant's keys as they are stored, in the order of their ids. */
  keysToAudit(tenant: string): AuditedKey[] {
    const query = `SELECT id, fingerprint, name, scopes, expires_at AS expiresAt FROM keys
      WHERE tenant = ? ORDER BY id`;
    return this.#storage.sql.exec<AuditedKey>(query, tenant).toArray();
  }

  insertKey(key: StoredKey, requestId: string): void {
    this.#storage.sql.exec(
      `INSERT INTO keys (id, tenant, fingerprint, name, scopes, secret_hash, expires_at,
         created_by, created_at, request_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      key.id,
      key.tenant,
      key.fingerprint,
      key.name,
      JSON.stringify(key.scopes),
      key.secretHash,
      key.expiresAt ?? null,
      key.createdBy,
      key.createdAt,
      requestId,
    );
  }

  insertRevocation(id: string, principal: string, at: number, requestId: string): void {
    this.#storage.sql.exec(
      "INSERT INTO revocations (key_id, revoked_by, revoked_at, request_id) VALUES (?, ?, ?, ?)",
      id,
      principal,
      at,
      requestId,
    );
  }
}
