// Every SQL statement that both kinds of accounts share: identity, legs, claims, entries. Named
// functions over rows; decisions are made in the domain. Nothing here may call another object.
import { encodeEntryMetadata, type Entry, type LedgerHead } from "../../domain/ledger/entry.ts";
import type { UsedClaim } from "../../domain/admission/rule.ts";
import type { Refusal } from "../../domain/errors.ts";
import type { OperationType } from "../../domain/operations/all.ts";
import type { Claim } from "../../domain/operations/operation.ts";
import type { RecordedLeg } from "../../domain/protocol/leg.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { ObjectStorage, SqlRow } from "../../platform/storage.ts";
import { encodeFurther, toEntry, toLeg, type EntryRow, type LegRow } from "./rows.ts";

export interface AccountIdentity {
  readonly class: string;
  readonly tenant: string;
  readonly account: string;
  readonly shards: number | null;
  readonly genesis: string;
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
    const { transactionId, fingerprint, lines, origin } = posting;
    const [first] = lines;
    if (!first) throw new Error("a leg has a line");
    this.#storage.sql.exec(
      `INSERT INTO legs (open, transaction_id, fingerprint, bucket, direction, currency, amount,
         further, origin, refusal)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      open,
      transactionId,
      fingerprint,
      first.bucket,
      first.direction,
      first.currency,
      first.amount,
      encodeFurther(lines),
      origin?.transactionId ?? null,
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

  insertClaim({ key, amount }: Claim, transactionId: string): void {
    this.#storage.sql.exec(
      "INSERT INTO claims (key, transaction_id, amount) VALUES (?, ?, ?)",
      key,
      transactionId,
      amount,
    );
  }

  deleteClaim({ key }: Claim, transactionId: string): void {
    this.#storage.sql.exec(
      "DELETE FROM claims WHERE key = ? AND transaction_id = ?",
      key,
      transactionId,
    );
  }

  /** Who claims a key, held and posted, those that were posted first in front. */
  claimsOf(key: string): UsedClaim[] {
    return this.#storage.sql
      .exec<{ transactionId: string; amount: number; type: OperationType | null }>(
        `SELECT claims.transaction_id AS transactionId, claims.amount, entries.type
         FROM claims
           JOIN legs ON legs.open IN (0, 1) AND legs.transaction_id = claims.transaction_id
           LEFT JOIN entries ON entries.sequence = legs.sequence
         WHERE key = ? ORDER BY legs.sequence IS NULL, legs.sequence`,
        key,
      )
      .toArray()
      .map(({ type, ...claim }) => ({ ...claim, posted: type !== null, ...(type && { type }) }));
  }

  /** The hash of the entry of a leg's last line; undefined where there is none. */
  entryHashOf(transactionId: string): string | undefined {
    const query = `SELECT hash FROM entries WHERE sequence =
      (SELECT sequence FROM legs WHERE open = 0 AND transaction_id = ?)`;
    return this.#storage.sql.exec<{ hash: string }>(query, transactionId).toArray()[0]?.hash;
  }

  /** When the transaction of a posted leg was decided, in ms since the epoch; undefined for a leg
   *  that is not posted. */
  decidedAtOf(transactionId: string): number | undefined {
    const query = `SELECT decided_at AS decidedAt FROM entries WHERE sequence =
      (SELECT sequence FROM legs WHERE open = 0 AND transaction_id = ?)`;
    const [row] = this.#storage.sql.exec<{ decidedAt: number }>(query, transactionId).toArray();
    return row?.decidedAt;
  }

  /** The sequence of a posted leg's last line; undefined for a leg that is not posted. */
  postedSequence(transactionId: string): number | undefined {
    const query = "SELECT sequence FROM legs WHERE open = 0 AND transaction_id = ?";
    const row = this.#storage.sql
      .exec<{ sequence: number | null }>(query, transactionId)
      .toArray()[0];
    return row?.sequence ?? undefined;
  }

  /** Entries after `after` up to and including `last`, oldest first, at most `limit` of them. */
  entriesAfter(after: number, last: number, limit: number): Entry[] {
    return entryRowsAfter(this.#storage, after, last, limit).map(toEntry);
  }

  /** The newest entry; undefined in an empty ledger. */
  lastEntry(): LedgerHead | undefined {
    const query = `SELECT sequence, hash, created_at AS createdAt FROM entries
                   ORDER BY sequence DESC LIMIT 1`;
    return this.#storage.sql.exec<LedgerHead & SqlRow>(query).toArray()[0];
  }

  /** Appends the entry of one line. The last one of a leg also closes the leg, by a trigger: held
   *  -> posted. Refuses an entry that does not continue the chain or is not the next line of a held
   *  leg. */
  insertEntry(entry: Entry): void {
    this.#storage.sql.exec(
      `INSERT INTO entries (sequence, transaction_id, line, type, bucket, direction, amount,
         currency, counterparty, origin, provider, payment_reference, payout_reference, description,
         metadata, decided_at, created_at, previous_hash, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      entry.sequence,
      entry.transactionId,
      entry.line,
      entry.type,
      entry.bucket,
      entry.direction,
      entry.amount,
      entry.currency,
      entry.counterparty,
      entry.origin ?? null,
      entry.provider ?? null,
      entry.paymentReference ?? null,
      entry.payoutReference ?? null,
      entry.description ?? null,
      encodeEntryMetadata(entry.metadata),
      entry.decidedAt,
      entry.createdAt,
      entry.previousHash,
      entry.hash,
    );
  }
}
