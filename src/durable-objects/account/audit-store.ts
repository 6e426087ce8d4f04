// Every SQL statement of an account's audit. Rows may have been edited from outside, so nothing
// here relies on a CHECK, a trigger or valid JSON. Reads only.
import type { Entry } from "../../domain/ledger/entry.ts";
import type { Net } from "../../domain/ledger/money.ts";
import type { RecordedLeg } from "../../domain/protocol/leg.ts";
import type { ObjectStorage, SqlRow } from "../../platform/storage.ts";
import {
  entryRowsAfter,
  toEntry,
  toLegWithoutRefusal,
  type AccountIdentity,
  type LegRow,
} from "./store.ts";

export interface StoredIdentity extends AccountIdentity {
  readonly openedAt: number;
}

export interface AuditedLeg extends Omit<RecordedLeg, "refusal"> {
  readonly sequence: number | null;
  /** As stored: JSON, unless it was edited. */
  readonly refusal: string | null;
  /** The transaction of the entry that it points to. */
  readonly entryOf: string | null;
}

interface AuditedLegRow extends LegRow {
  entry_of: string | null;
}

/** As stored; the columns that a later migration added may be NULL. */
export interface AuditedFreeze extends SqlRow {
  readonly id: number;
  readonly frozen: number;
  readonly freezeId: string | null;
  readonly fingerprint: string | null;
  readonly reason: string | null;
  readonly principal: string | null;
  readonly renderer: number | null;
}

export interface AuditedOwner extends SqlRow {
  readonly fingerprint: string;
  readonly name: string;
  readonly email: string | null;
  readonly metadata: string | null;
  readonly renderer: number;
  readonly createdAt: number;
}

export interface AuditedClaim extends SqlRow {
  readonly provider: string;
  readonly reference: string;
  readonly transactionId: string;
  /** Of its leg; null where there is none. */
  readonly open: number | null;
  readonly sequence: number | null;
  /** Of the entry of its leg. */
  readonly entryProvider: string | null;
  readonly entryReference: string | null;
}

function toAuditedLeg(row: AuditedLegRow): AuditedLeg {
  const { sequence, refusal, entry_of: entryOf } = row;
  return { ...toLegWithoutRefusal(row), sequence, refusal, entryOf };
}

/** The value of a JSON text that is spelled as this code would spell it; undefined for any other:
 *  repeated keys and white space could mean one thing here and another to SQLite. */
export function parseCanonical(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

export class AuditStore {
  readonly #storage: ObjectStorage;

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
  }

  identity(): StoredIdentity | undefined {
    return this.#storage.sql
      .exec<StoredIdentity & SqlRow>(
        `SELECT class, tenant, account, shards, genesis, opened_at AS openedAt FROM identity`,
      )
      .toArray()[0];
  }

  /** Entries after `after` up to and including `last`, oldest first; an entry whose metadata are no
   *  JSON of ours is undefined. */
  entriesAfter(after: number, last: number, limit: number): (Entry | undefined)[] {
    return entryRowsAfter(this.#storage, after, last, limit).map((row) => {
      const isReadable = row.metadata === null || parseCanonical(row.metadata) !== undefined;
      return isReadable ? toEntry(row) : undefined;
    });
  }

  /** Legs of transactions after `after`, held, posted and void, in order of their ids. */
  legsAfter(after: string, limit: number): AuditedLeg[] {
    return this.#storage.sql
      .exec<AuditedLegRow>(
        `SELECT found.*, entries.transaction_id AS entry_of FROM (
           SELECT * FROM (SELECT * FROM legs WHERE open = 0 AND transaction_id > ?1
             ORDER BY transaction_id LIMIT CAST(?2 AS INTEGER))
           UNION ALL SELECT * FROM (SELECT * FROM legs WHERE open = 1 AND transaction_id > ?1
             ORDER BY transaction_id LIMIT CAST(?2 AS INTEGER))
         ) AS found LEFT JOIN entries ON entries.sequence = found.sequence
         ORDER BY found.transaction_id LIMIT CAST(?2 AS INTEGER)`,
        after,
        limit,
      )
      .toArray()
      .map(toAuditedLeg);
  }

  leg(transactionId: string): AuditedLeg | undefined {
    return this.#storage.sql
      .exec<AuditedLegRow>(
        `SELECT legs.*, entries.transaction_id AS entry_of
         FROM legs LEFT JOIN entries ON entries.sequence = legs.sequence
         WHERE open IN (0, 1) AND legs.transaction_id = ?`,
        transactionId,
      )
      .toArray()
      .map(toAuditedLeg)[0];
  }

  /** Of the checkpoints for entries after `after` up to `last`, by sequence; undefined for one that
   *  is no JSON of ours. */
  checkpoints(after: number, last: number): Map<number, Net | undefined> {
    const rows = this.#storage.sql
      .exec<{ sequence: number; net: string }>(
        `SELECT sequence, net FROM checkpoints
       WHERE sequence > CAST(? AS INTEGER) AND sequence <= CAST(? AS INTEGER)`,
        after,
        last,
      )
      .toArray();
    return new Map(rows.map((row) => [row.sequence, parseCanonical(row.net) as Net | undefined]));
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

  owner(): AuditedOwner | undefined {
    return this.#storage.sql
      .exec<AuditedOwner>(
        "SELECT fingerprint, name, email, metadata, renderer, created_at AS createdAt FROM owner",
      )
      .toArray()[0];
  }

  /** In the order in which they were made. */
  freezesAfter(id: number, limit: number): AuditedFreeze[] {
    return this.#storage.sql
      .exec<AuditedFreeze>(
        `SELECT id, frozen, freeze_id AS freezeId, fingerprint, reason, principal, renderer
       FROM freezes WHERE id > CAST(? AS INTEGER) ORDER BY id LIMIT CAST(? AS INTEGER)`,
        id,
        limit,
      )
      .toArray();
  }

  /** Claims after the given one, in order, each with its leg and its entry. */
  claimsAfter(provider: string, reference: string, limit: number): AuditedClaim[] {
    return this.#storage.sql
      .exec<AuditedClaim>(
        `SELECT claims.provider, reference, claims.transaction_id AS transactionId, open,
         legs.sequence, entries.provider AS entryProvider,
         entries.payment_reference AS entryReference
       FROM claims
         LEFT JOIN legs ON open IN (0, 1) AND legs.transaction_id = claims.transaction_id
         LEFT JOIN entries ON entries.sequence = legs.sequence
       WHERE (claims.provider, reference) > (?, ?)
       ORDER BY claims.provider, reference LIMIT CAST(? AS INTEGER)`,
        provider,
        reference,
        limit,
      )
      .toArray();
  }

  /** Who claims a payment reference. */
  claimant(provider: string, reference: string): string | undefined {
    return this.#storage.sql
      .exec<{ transaction_id: string }>(
        "SELECT transaction_id FROM claims WHERE provider = ? AND reference = ?",
        provider,
        reference,
      )
      .toArray()[0]?.transaction_id;
  }
}
