// Every SQL statement about batches. Their items are rows of transactions, in store.ts.
import type { BatchRecord } from "../../domain/protocol/batch.ts";
import type { ObjectStorage, SqlRow } from "../../platform/storage.ts";

interface BatchRow extends SqlRow {
  id: string;
  tenant: string;
  fingerprint: string;
  count: number;
  created_at: number;
  nonce: string | null;
}

/** What a batch's key was used for. `createdAt` in ms since the epoch. */
export interface StoredBatch extends BatchRecord {
  readonly createdAt: number;
  /** Of the call that created it. */
  readonly nonce?: string;
}

export class BatchStore {
  readonly #storage: ObjectStorage;

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
  }

  find(id: string): StoredBatch | undefined {
    const query = "SELECT * FROM batches WHERE id = ?";
    const row = this.#storage.sql.exec<BatchRow>(query, id).toArray()[0];
    if (!row) return undefined;
    const { created_at: createdAt, nonce, ...record } = row;
    return { ...record, createdAt, ...(nonce !== null && { nonce }) };
  }

  insert({ id, tenant, fingerprint, count, createdAt, nonce }: StoredBatch): void {
    this.#storage.sql.exec(
      `INSERT INTO batches (id, tenant, fingerprint, count, created_at, nonce)
       VALUES (?, ?, ?, ?, ?, ?)`,
      id,
      tenant,
      fingerprint,
      count,
      createdAt,
      nonce ?? null,
    );
  }
}
