// Every SQL statement that both kinds of accounts share: identity, legs, entries. Named functions
// over rows; decisions are made in the domain. Nothing here may call another object.
import { encodeEntryMetadata, type Entry, type LedgerHead } from "../../domain/ledger/entry.ts";
import type { Refusal } from "../../domain/errors.ts";
import type { RecordedLeg } from "../../domain/protocol/leg.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { Direction } from "../../domain/ledger/money.ts";
import type { Metadata } from "../../domain/text.ts";
import type { ObjectStorage, SqlRow } from "../../platform/storage.ts";

export interface AccountIdentity {
  readonly class: string;
  readonly tenant: string;
  readonly account: string;
  readonly shards: number | null;
  readonly genesis: string;
}

export interface LegRow extends SqlRow {
  open: number;
  transaction_id: string;
  fingerprint: string;
  direction: Direction;
  currency: string;
  amount: number;
  sequence: number | null;
  refusal: string | null;
}

export interface EntryRow extends SqlRow {
  sequence: number;
  transaction_id: string;
  type: Entry["type"];
  direction: Direction;
  amount: number;
  currency: string;
  counterparty: string;
  provider: string | null;
  payment_reference: string | null;
  description: string | null;
  metadata: string | null;
  created_at: number;
  previous_hash: string;
  hash: string;
}

/** A leg but for its refusal, which is JSON only unless it was edited. */
export function toLegWithoutRefusal(row: LegRow): Omit<RecordedLeg, "refusal"> {
  const closed = row.sequence === null ? "void" : "posted";
  return {
    state: row.open === 1 ? "held" : closed,
    transactionId: row.transaction_id,
    fingerprint: row.fingerprint,
    direction: row.direction,
    currency: row.currency,
    amount: row.amount,
  };
}

function toLeg(row: LegRow): RecordedLeg {
  const { refusal } = row;
  const leg = toLegWithoutRefusal(row);
  return refusal === null ? leg : { ...leg, refusal: JSON.parse(refusal) as Refusal };
}

export function toEntry(row: EntryRow): Entry {
  return {
    sequence: row.sequence,
    transactionId: row.transaction_id,
    type: row.type,
    direction: row.direction,
    amount: row.amount,
    currency: row.currency,
    counterparty: row.counterparty,
    ...(row.provider !== null && { provider: row.provider }),
    ...(row.payment_reference !== null && { paymentReference: row.payment_reference }),
    ...(row.description !== null && { description: row.description }),
    ...(row.metadata !== null && { metadata: JSON.parse(row.metadata) as Metadata }),
    createdAt: row.created_at,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

/** Entries after `after` up to and including `last`, oldest first, at most `limit` of them. */
export function entryRowsAfter(
  { sql }: ObjectStorage,
  after: number,
  last: number,
  limit: number,
): EntryRow[] {
  const query = `SELECT * FROM entries WHERE sequence > CAST(? AS INTEGER)
    AND sequence <= CAST(? AS INTEGER) ORDER BY sequence LIMIT CAST(? AS INTEGER)`;
  return sql.exec<EntryRow>(query, after, last, limit).toArray();
}

export class AccountStore {
  readonly #storage: ObjectStorage;

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
  }

  identity(): AccountIdentity | undefined {
    const query = "SELECT class, tenant, account, shards, genesis FROM identity WHERE id = 1";
    return this.#storage.sql.exec<AccountIdentity & SqlRow>(query).toArray()[0];
  }

  insertIdentity(identity: AccountIdentity, now: number): void {
    this.#storage.sql.exec(
      `INSERT INTO identity (id, class, tenant, account, shards, genesis, opened_at)
       VALUES (1, ?, ?, ?, ?, ?, ?)`,
      identity.class,
      identity.tenant,
      identity.account,
      identity.shards,
      identity.genesis,
      now,
    );
  }

  leg(transactionId: string): RecordedLeg | undefined {
    const query = "SELECT * FROM legs WHERE open IN (0, 1) AND transaction_id = ?";
    const row = this.#storage.sql.exec<LegRow>(query, transactionId).toArray()[0];
    return row && toLeg(row);
  }

  /** The held legs, at most `openLegsMax` of them. */
  heldLegs(): RecordedLeg[] {
    const query = "SELECT * FROM legs WHERE open = 1";
    return this.#storage.sql.exec<LegRow>(query).toArray().map(toLeg);
  }

  insertHeld(posting: Posting): void {
    this.#insertLeg(1, posting, null);
  }

  /** The tombstone of a leg that was never held: after a NO, or of a release before its hold. */
  insertVoid(posting: Posting, refusal: Refusal | undefined): void {
    this.#insertLeg(0, posting, refusal ? JSON.stringify(refusal) : null);
  }

  #insertLeg(open: 0 | 1, posting: Posting, refusal: string | null): void {
    this.#storage.sql.exec(
      `INSERT INTO legs (open, transaction_id, fingerprint, direction, currency, amount, refusal)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      open,
      posting.transactionId,
      posting.fingerprint,
      posting.direction,
      posting.currency,
      posting.amount,
      refusal,
    );
  }

  /** held -> void. */
  voidHeld(transactionId: string): void {
    this.#storage.sql.exec(
      "UPDATE legs SET open = 0 WHERE open = 1 AND transaction_id = ?",
      transactionId,
    );
  }

  /** The hash of the entry that posts a leg; undefined where there is none. */
  entryHashOf(transactionId: string): string | undefined {
    const query = `SELECT hash FROM entries WHERE sequence =
      (SELECT sequence FROM legs WHERE open = 0 AND transaction_id = ?)`;
    return this.#storage.sql.exec<{ hash: string }>(query, transactionId).toArray()[0]?.hash;
  }

  /** The sequence that a posted leg was given; undefined for a leg that is not posted. */
  postedSequence(transactionId: string): number | undefined {
    const query = "SELECT sequence FROM legs WHERE open = 0 AND transaction_id = ?";
    const row = this.#storage.sql
      .exec<{ sequence: number | null }>(query, transactionId)
      .toArray()[0];
    return row?.sequence ?? undefined;
  }

  /** Posted legs of transactions after `after`, in order of their ids, at most `limit` of them.
   *  `entry`: the transaction of the entry that the leg points to; null where there is none. */
  postedLegsAfter(
    after: string,
    limit: number,
  ): {
    readonly transactionId: string;
    readonly sequence: number;
    readonly entry: string | null;
  }[] {
    return this.#storage.sql
      .exec<{ transactionId: string; sequence: number; entry: string | null }>(
        `SELECT legs.transaction_id AS transactionId, legs.sequence, entries.transaction_id AS entry
         FROM legs LEFT JOIN entries ON entries.sequence = legs.sequence
         WHERE legs.open = 0 AND legs.transaction_id > ? AND legs.sequence IS NOT NULL
         ORDER BY legs.transaction_id LIMIT CAST(? AS INTEGER)`,
        after,
        limit,
      )
      .toArray();
  }

  entriesAfter(after: number, last: number, limit: number): Entry[] {
    return entryRowsAfter(this.#storage, after, last, limit).map(toEntry);
  }

  /** The newest entry; undefined in an empty ledger. */
  lastEntry(): LedgerHead | undefined {
    const query = `SELECT sequence, hash, created_at AS createdAt FROM entries
                   ORDER BY sequence DESC LIMIT 1`;
    return this.#storage.sql.exec<LedgerHead & SqlRow>(query).toArray()[0];
  }

  /** Appends the entry and with it, by a trigger, closes its leg: held -> posted. One statement,
   *  which refuses an entry that does not continue the chain or has no held leg. */
  insertEntry(entry: Entry): void {
    this.#storage.sql.exec(
      `INSERT INTO entries (sequence, transaction_id, type, direction, amount, currency,
         counterparty, provider, payment_reference, description, metadata, created_at,
         previous_hash, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      entry.sequence,
      entry.transactionId,
      entry.type,
      entry.direction,
      entry.amount,
      entry.currency,
      entry.counterparty,
      entry.provider ?? null,
      entry.paymentReference ?? null,
      entry.description ?? null,
      encodeEntryMetadata(entry.metadata),
      entry.createdAt,
      entry.previousHash,
      entry.hash,
    );
  }
}
