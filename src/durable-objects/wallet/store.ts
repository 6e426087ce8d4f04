// The SQL statements that only wallets have: owner, freezes, sums over the ledger, checkpoints and
// history. Nothing here may call another object.
import type { FreezeAct, UserProfile } from "../../domain/fingerprint.ts";
import type { Standing } from "../../domain/admission/rule.ts";
import { add, addNet, type Net } from "../../domain/ledger/money.ts";
import type { Metadata } from "../../domain/text.ts";
import type { ObjectStorage, SqlRow, SqlRows } from "../../platform/storage.ts";
import type { EntryRow } from "../account/store.ts";

interface OwnerRow extends SqlRow {
  fingerprint: string;
  name: string;
  email: string | null;
  metadata: string | null;
  renderer: number;
  created_at: number;
  nonce: string | null;
}

interface LookRow extends SqlRow {
  known: number;
  frozen: number;
  openLegs: number;
  heldDebits: number;
  heldCredits: number;
  balance: number;
}

export interface Owner extends UserProfile {
  readonly fingerprint: string;
  readonly renderer: number;
  readonly createdAt: number;
  /** Of the call that opened it; absent in rows of earlier releases. */
  readonly nonce?: string;
}

interface FreezeRow extends SqlRow {
  freeze_id: string;
  fingerprint: string;
  frozen: number;
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

function toFreeze(row: FreezeRow): StoredFreeze {
  return {
    id: row.freeze_id,
    fingerprint: row.fingerprint,
    frozen: row.frozen === 1,
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
    const row = this.#storage.sql.exec<OwnerRow>("SELECT * FROM owner WHERE id = 1").toArray()[0];
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
      `INSERT INTO owner (id, fingerprint, name, email, metadata, renderer, created_at, nonce)
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
      `INSERT INTO freezes (id, frozen, created_at, freeze_id, fingerprint, reason, principal,
         renderer, nonce)
       SELECT coalesce(max(id), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ? FROM freezes`,
      freeze.frozen ? 1 : 0,
      freeze.createdAt,
      freeze.id,
      freeze.fingerprint,
      freeze.reason,
      freeze.principal,
      freeze.renderer,
      freeze.nonce ?? null,
    );
  }

  /** Whether a leg of the transaction is known, and what a new one of `currency` is measured
   *  against: in one statement, in which nothing grows with the ledger. SQLite adds up integers
   *  exactly. */
  look(
    transactionId: string,
    currency: string,
  ): { readonly known: boolean; readonly standing: Standing } {
    const query = `
      WITH checkpoint AS (SELECT sequence, net FROM sound_checkpoints
        ORDER BY sequence DESC LIMIT 1)
      SELECT EXISTS (SELECT 1 FROM legs WHERE open IN (0, 1) AND transaction_id = ?2) AS known,
        coalesce((SELECT frozen FROM freezes ORDER BY id DESC LIMIT 1), 0) AS frozen,
        count(*) AS openLegs,
        coalesce(sum(amount) FILTER (WHERE currency = ?1 AND direction = 'debit'), 0)
          AS heldDebits,
        coalesce(sum(amount) FILTER (WHERE currency = ?1 AND direction = 'credit'), 0)
          AS heldCredits,
        coalesce((SELECT net ->> ?1 FROM checkpoint), 0)
          + (SELECT coalesce(sum(amount), 0) FROM movements WHERE currency = ?1
             AND sequence > coalesce((SELECT sequence FROM checkpoint), 0)) AS balance
      FROM legs WHERE open = 1`;
    const [row] = this.#storage.sql.exec<LookRow>(query, currency, transactionId).toArray();
    if (!row) throw new Error("an aggregate has one row");
    const { known, frozen, openLegs, balance, heldDebits, heldCredits } = row;
    const funds = { balance, heldDebits, heldCredits };
    return { known: known === 1, standing: { frozen: frozen === 1, funds, openLegs } };
  }

  /** Net amount of every currency after entry `sequence`. The entries behind the checkpoint come as
   *  one row of JSON, and are added up here and not by GROUP BY, which sorts: every row would be
   *  read, and paid for, twice. */
  netAt(sequence: number): Net {
    const query = `
      WITH checkpoint AS (SELECT sequence, net FROM sound_checkpoints
        WHERE sequence <= CAST(?1 AS INTEGER) ORDER BY sequence DESC LIMIT 1)
      SELECT (SELECT net FROM checkpoint) AS net,
        (SELECT json_group_array(json_array(currency, amount)) FROM movements
          WHERE sequence > coalesce((SELECT sequence FROM checkpoint), 0)
            AND sequence <= CAST(?1 AS INTEGER)) AS since`;
    const [row] = this.#storage.sql
      .exec<{ net: string | null; since: string }>(query, sequence)
      .toArray();
    if (!row) throw new Error("a query of subqueries has one row");
    const since: Record<string, number> = {};
    for (const [currency, amount] of JSON.parse(row.since) as [string, number][]) {
      since[currency] = add(since[currency] ?? 0, amount);
    }
    return row.net === null ? since : addNet(JSON.parse(row.net) as Net, since);
  }

  insertCheckpoint(sequence: number, net: Net): void {
    this.#storage.sql.exec(
      "INSERT INTO checkpoints (sequence, net) VALUES (?, ?)",
      sequence,
      JSON.stringify(net),
    );
  }

  /** The checkpoint written with entry `sequence`, if it is there. */
  checkpointAt(sequence: number): Net | undefined {
    const query = "SELECT net FROM checkpoints WHERE sequence = CAST(? AS INTEGER)";
    const row = this.#storage.sql.exec<{ net: string }>(query, sequence).toArray()[0];
    return row && (JSON.parse(row.net) as Net);
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

  /** When entry `sequence` was posted, in ms since the epoch; undefined where there is none. */
  postedAt(sequence: number): number | undefined {
    const query = "SELECT created_at FROM entries WHERE sequence = CAST(? AS INTEGER)";
    return this.#storage.sql.exec<{ created_at: number }>(query, sequence).toArray()[0]?.created_at;
  }
}
