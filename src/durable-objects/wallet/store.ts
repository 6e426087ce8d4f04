// The SQL statements that only wallets have: owner, freezes, and history. What is added up over the
// ledger is in sums.ts. Nothing here may call another object.
import type { FreezeScope } from "../../domain/admission/rule.ts";
import type { FreezeAct, UserProfile } from "../../domain/fingerprint.ts";
import type { Metadata } from "../../domain/text.ts";
import type { ObjectStorage, SqlRow, SqlRows } from "../../platform/storage.ts";
import type { EntryRow } from "../account/rows.ts";

interface OwnerRow extends SqlRow {
  fingerprint: string;
  name: string;
  email: string | null;
  metadata: string | null;
  renderer: number;
  created_at: number;
  nonce: string | null;
}

export interface Owner extends UserProfile {
  readonly fingerprint: string;
  readonly renderer: number;
  readonly createdAt: number;
  /** Of the call that opened it. */
  readonly nonce?: string;
}

interface FreezeRow extends SqlRow {
  freeze_id: string;
  fingerprint: string;
  scope: FreezeScope;
  reason: string;
  principal: string;
  renderer: number;
  created_at: number;
  nonce: string | null;
}

/** One act of freezing (`frozen`) or thawing. */
export interface StoredFreeze extends FreezeAct {
  readonly id: string;
  readonly fingerprint: string;
  readonly principal: string;
  readonly renderer: number;
  readonly createdAt: number;
  /** As for an owner. */
  readonly nonce?: string;
}

/** An entry that reserves money. `amount` in minor units. */
interface Reservation extends SqlRow {
  sequence: number;
  transactionId: string;
  amount: number;
}

function toFreeze(row: FreezeRow): StoredFreeze {
  return {
    id: row.freeze_id,
    fingerprint: row.fingerprint,
    frozen: row.scope !== "none",
    reason: row.reason,
    principal: row.principal,
    renderer: row.renderer,
    createdAt: row.created_at,
    ...(row.nonce !== null && { nonce: row.nonce }),
  };
}

export class WalletStore {
  readonly #storage: ObjectStorage;

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
  }

  owner(): Owner | undefined {
    const row = this.#storage.sql
      .exec<OwnerRow>("SELECT * FROM profiles WHERE version = 1")
      .toArray()[0];
    return (
      row && {
        fingerprint: row.fingerprint,
        name: row.name,
        ...(row.email !== null && { email: row.email }),
        ...(row.metadata !== null && { metadata: JSON.parse(row.metadata) as Metadata }),
        renderer: row.renderer,
        createdAt: row.created_at,
        ...(row.nonce !== null && { nonce: row.nonce }),
      }
    );
  }

  insertOwner(owner: Owner): void {
    this.#storage.sql.exec(
      `INSERT INTO profiles (version, fingerprint, name, email, metadata, renderer, created_at,
         nonce)
       VALUES (1, ?, ?, ?, ?, ?, ?, ?)`,
      owner.fingerprint,
      owner.name,
      owner.email ?? null,
      owner.metadata ? JSON.stringify(owner.metadata) : null,
      owner.renderer,
      owner.createdAt,
      owner.nonce ?? null,
    );
  }

  freeze(id: string): StoredFreeze | undefined {
    const query = "SELECT * FROM freezes WHERE freeze_id = ?";
    const row = this.#storage.sql.exec<FreezeRow>(query, id).toArray()[0];
    return row && toFreeze(row);
  }

  /** `before`: the `freeze_id` of a freeze; none that is unknown has any before it. */
  newestFreezes(limit: number, before?: string): StoredFreeze[] {
    const query = `SELECT * FROM freezes
      WHERE ?1 IS NULL OR id < (SELECT id FROM freezes WHERE freeze_id = ?1)
      ORDER BY id DESC LIMIT CAST(?2 AS INTEGER)`;
    return this.#storage.sql
      .exec<FreezeRow>(query, before ?? null, limit)
      .toArray()
      .map(toFreeze);
  }

  insertFreeze(freeze: StoredFreeze): void {
    this.#storage.sql.exec(
      `INSERT INTO freezes (id, scope, created_at, freeze_id, fingerprint, reason, principal,
         renderer, nonce)
       SELECT coalesce(max(id), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ? FROM freezes`,
      (freeze.frozen ? "debits" : "none") satisfies FreezeScope,
      freeze.createdAt,
      freeze.id,
      freeze.fingerprint,
      freeze.reason,
      freeze.principal,
      freeze.renderer,
      freeze.nonce ?? null,
    );
  }

  /** The newest `limit` entries below `before`, newest first. Read on only as far as needed: rows
   *  come lazily. */
  entriesBefore(before: number, limit: number): SqlRows<EntryRow> {
    return this.#storage.sql.exec<EntryRow>(
      `SELECT * FROM entries WHERE sequence < CAST(? AS INTEGER)
       ORDER BY sequence DESC LIMIT CAST(? AS INTEGER)`,
      before,
      limit,
    );
  }

  /** The newest entry that reserves money, from sequence `lowest` up to before `end`. Reads no
   *  entry beyond it. */
  newestReservation(lowest: number, end: number): Reservation | undefined {
    const query = `SELECT sequence, transaction_id AS transactionId, amount FROM entries
      WHERE sequence >= CAST(? AS INTEGER) AND sequence < CAST(? AS INTEGER)
        AND bucket = 'reserved' AND direction = 'credit'
      ORDER BY sequence DESC LIMIT 1`;
    return this.#storage.sql.exec<Reservation>(query, lowest, end).toArray()[0];
  }

  /** When entry `sequence` was posted, in ms since the epoch; undefined where there is none. */
  postedAt(sequence: number): number | undefined {
    const query = "SELECT created_at FROM entries WHERE sequence = CAST(? AS INTEGER)";
    return this.#storage.sql.exec<{ created_at: number }>(query, sequence).toArray()[0]?.created_at;
  }
}
