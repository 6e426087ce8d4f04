// Every SQL statement of a wallet's audit that is not in account/audit-store.ts, whose rules it
// follows. Reads only.
import { originKey } from "../../domain/operations/operation.ts";
import type { ObjectStorage, SqlRow } from "../../platform/storage.ts";
import { parseCanonical } from "../account/audit-store.ts";

/** As stored. `sums`: undefined for what is no JSON of ours. */
export interface AuditedCheckpoint {
  readonly sums: unknown;
  readonly decidedAt: number;
  readonly lag: number;
}

/** As stored. */
export interface AuditedProfile extends SqlRow {
  readonly version: number;
  readonly fingerprint: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly metadata: string | null;
  readonly externalId: string | null;
  readonly renderer: number;
  readonly createdAt: number;
  readonly erasedAt: number | null;
}

/** As stored. */
export interface AuditedFreeze extends SqlRow {
  readonly id: number;
  readonly scope: string;
  readonly freezeId: string;
  readonly fingerprint: string;
  readonly reason: string;
  readonly principal: string;
  readonly renderer: number;
  readonly createdAt: number;
}

interface CheckpointRow extends SqlRow {
  sequence: number;
  sums: string;
  decidedAt: number;
  lag: number;
}

export class WalletAuditStore {
  readonly #storage: ObjectStorage;

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
  }

  /** Of the checkpoints for entries after `after` up to `last`, by sequence. */
  checkpoints(after: number, last: number): ReadonlyMap<number, AuditedCheckpoint> {
    const rows = this.#storage.sql
      .exec<CheckpointRow>(
        `SELECT sequence, sums, decided_at AS decidedAt, lag FROM checkpoints
         WHERE sequence > CAST(? AS INTEGER) AND sequence <= CAST(? AS INTEGER)`,
        after,
        last,
      )
      .toArray();
    return new Map(
      rows.map(({ sequence, sums, ...row }) => [sequence, { ...row, sums: parseCanonical(sums) }]),
    );
  }

  /** Whether a transaction has an end that is posted, up to the entry `last`. */
  isEnded(transactionId: string, last: number): boolean {
    const ends = this.#storage.sql.exec(
      `SELECT 1 FROM claims
         JOIN legs ON legs.open = 0 AND legs.transaction_id = claims.transaction_id
       WHERE key = ? AND legs.sequence <= CAST(? AS INTEGER) LIMIT 1`,
      originKey(transactionId),
      last,
    );
    return ends.toArray().length > 0;
  }

  /** The first checkpoint that belongs to no entry. */
  strayCheckpoint(): number | undefined {
    return this.#storage.sql
      .exec<{ sequence: number }>(
        `SELECT sequence FROM checkpoints
         WHERE sequence < 1 OR sequence > (SELECT coalesce(max(sequence), 0) FROM entries)
         ORDER BY sequence LIMIT 1`,
      )
      .toArray()[0]?.sequence;
  }

  /** In the order in which they were made. */
  profilesAfter(version: number, limit: number): AuditedProfile[] {
    return this.#storage.sql
      .exec<AuditedProfile>(
        `SELECT version, fingerprint, name, email, metadata, external_id AS externalId, renderer,
           created_at AS createdAt, erased_at AS erasedAt
         FROM profiles WHERE version > CAST(? AS INTEGER)
         ORDER BY version LIMIT CAST(? AS INTEGER)`,
        version,
        limit,
      )
      .toArray();
  }

  /** In the order in which they were made. */
  freezesAfter(id: number, limit: number): AuditedFreeze[] {
    return this.#storage.sql
      .exec<AuditedFreeze>(
        `SELECT id, scope, freeze_id AS freezeId, fingerprint, reason, principal, renderer,
           created_at AS createdAt
         FROM freezes WHERE id > CAST(? AS INTEGER) ORDER BY id LIMIT CAST(? AS INTEGER)`,
        id,
        limit,
      )
      .toArray();
  }
}
