// Every SQL statement of an account's audit. Rows may have been edited from outside, so nothing
// here relies on a CHECK, a trigger or valid JSON. Reads only.
import type { UsedClaim } from "../../domain/admission/rule.ts";
import type { Entry } from "../../domain/ledger/entry.ts";
import type { Line } from "../../domain/ledger/line.ts";
import type { LegState } from "../../domain/protocol/leg-state.ts";
import type { ObjectStorage, SqlRow } from "../../platform/storage.ts";
import { encodeFurther, linesOfRow, stateOfRow, toEntry, type LegRow } from "./rows.ts";
import { AccountStore, entryRowsAfter, type AccountIdentity } from "./store.ts";

export interface StoredIdentity extends AccountIdentity {
  readonly openedAt: number;
}

export interface AuditedLeg {
  readonly state: Exclude<LegState, "none">;
  readonly transactionId: string;
  readonly fingerprint: string;
  /** Undefined where the row is not spelled as this code would spell it. */
  readonly lines: readonly Line[] | undefined;
  readonly origin: string | null;
  /** Of the last line's entry. */
  readonly sequence: number | null;
  /** As stored: JSON, unless it was edited. */
  readonly refusal: string | null;
  /** The transaction of the entry that it points to. */
  readonly entryOf: string | null;
}

interface AuditedLegRow extends LegRow {
  entry_of: string | null;
}

/** A claim with what is stored of its leg. */
export interface AuditedClaim extends SqlRow {
  readonly key: string;
  readonly transactionId: string;
  /** Of its leg; null where there is none. */
  readonly open: number | null;
  readonly sequence: number | null;
  /** Of the last entry of its leg. */
  readonly origin: string | null;
  readonly provider: string | null;
  readonly paymentReference: string | null;
  readonly payoutReference: string | null;
}

function toLeg(row: AuditedLegRow): AuditedLeg {
  return {
    state: stateOfRow(row),
    transactionId: row.transaction_id,
    fingerprint: row.fingerprint,
    lines: canonicalLines(row),
    origin: row.origin,
    sequence: row.sequence,
    refusal: row.refusal,
    entryOf: row.entry_of,
  };
}

function canonicalLines(row: LegRow): readonly Line[] | undefined {
  try {
    const lines = linesOfRow(row);
    return encodeFurther(lines) === row.further ? lines : undefined;
  } catch {
    return undefined;
  }
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
  readonly #account: AccountStore;

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
    this.#account = new AccountStore(storage);
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
      .map(toLeg);
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
      .map(toLeg)[0];
  }

  /** Claims after the given one, in order, each with its leg and its entry. */
  claimsAfter(key: string, transactionId: string, limit: number): AuditedClaim[] {
    return this.#storage.sql
      .exec<AuditedClaim>(
        `SELECT key, claims.transaction_id AS transactionId, open, legs.sequence,
           entries.origin, entries.provider, entries.payment_reference AS paymentReference,
           entries.payout_reference AS payoutReference
         FROM claims
           LEFT JOIN legs ON open IN (0, 1) AND legs.transaction_id = claims.transaction_id
           LEFT JOIN entries ON entries.sequence = legs.sequence
         WHERE (key, claims.transaction_id) > (?, ?)
         ORDER BY key, claims.transaction_id LIMIT CAST(? AS INTEGER)`,
        key,
        transactionId,
        limit,
      )
      .toArray();
  }

  /** As admission sees them: those that were posted first in front. */
  claimsOf(key: string): readonly UsedClaim[] {
    return this.#account.claimsOf(key);
  }

  /** The amount of one claim; undefined where there is none. */
  claimed(key: string, transactionId: string): number | undefined {
    return this.#storage.sql
      .exec<{ amount: number }>(
        "SELECT amount FROM claims WHERE key = ? AND transaction_id = ?",
        key,
        transactionId,
      )
      .toArray()[0]?.amount;
  }
}
