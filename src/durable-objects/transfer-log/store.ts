// Every SQL statement of the transfer log. Named functions over rows; the domain decides which
// state may follow which, and the triggers of the table enforce it. Nothing here may call another
// object.
import type { Refusal } from "../../domain/errors.ts";
import { clockDriftMaxMs } from "../../domain/limits.ts";
import { latestAttempts } from "../../domain/protocol/retry-policy.ts";
import { deadlineFor, type Postponement, type SagaState } from "../../domain/protocol/saga.ts";
import { toAccountTuple } from "../../domain/ledger/line.ts";
import type { ObjectStorage, SqlRow } from "../../platform/storage.ts";
import type { ShardIdentity } from "../rpc/identity.ts";
import {
  toTransaction,
  type Expiration,
  type Settlement,
  type StoredTransaction,
  type TransactionRow,
} from "./rows.ts";

/** What both queries for due rows compare with. ?1: now. ?2: JSON list, by attempts so far: a next
 *  attempt after this is a wrong clock's. ?3: the same for a deadline. */
function momentsAt(now: number): readonly [number, string, number] {
  return [now, JSON.stringify(latestAttempts(now)), deadlineFor(now) + clockDriftMaxMs];
}

export class TransferLogStore {
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
      "INSERT INTO identity (id, class, shard, shards) VALUES (1, 'transfer-log', ?, ?)",
      shard,
      shards,
    );
  }

  find(id: string): StoredTransaction | undefined {
    const query = "SELECT * FROM transactions WHERE open IN (0, 1, 2) AND id = ?";
    const row = this.#storage.sql.exec<TransactionRow>(query, id).toArray()[0];
    return row && toTransaction(row);
  }

  /** One that is known to be there. */
  get(id: string): StoredTransaction {
    const transaction = this.find(id);
    if (!transaction) throw new Error("a recorded transaction is gone");
    return transaction;
  }

  insertPreparing(transaction: StoredTransaction): void {
    const { description, metadata, ...request } = transaction.request;
    const hasDetails = description !== undefined || metadata !== undefined;
    this.#storage.sql.exec(
      `INSERT INTO transactions (open, id, tenant, fingerprint, state, request, details, lines,
         renderer, principal, request_id, created_at, deadline, attempts, next_attempt_at, stuck,
         nonce)
       VALUES (1, ?, ?, ?, 'preparing', ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, ?)`,
      transaction.id,
      transaction.tenant,
      transaction.fingerprint,
      JSON.stringify(request),
      hasDetails ? JSON.stringify({ description, metadata }) : null,
      JSON.stringify(transaction.lines.map(toAccountTuple)),
      transaction.renderer,
      transaction.principal,
      transaction.requestId,
      transaction.createdAt,
      transaction.deadline ?? null,
      transaction.nextAttemptAt,
      transaction.nonce ?? null,
    );
  }

  /** Compare-and-set: whether the transaction was still undecided, and is decided now. */
  decide(id: string, state: SagaState, refusal: Refusal | undefined, now: number): boolean {
    const decided = this.#storage.sql.exec(
      `UPDATE transactions SET state = ?, refusal = ?, decided_at = ?
       WHERE open = 1 AND id = ? AND state = 'preparing' RETURNING 1 AS decided`,
      state,
      refusal ? JSON.stringify(refusal) : null,
      now,
      id,
    );
    return decided.toArray().length === 1;
  }

  /** With the decision of a transaction that its log ends by itself. */
  insertExpiration(id: string, expiresAt: number): void {
    const insert = "INSERT INTO expirations (expires_at, id) VALUES (?, ?)";
    this.#storage.sql.exec(insert, expiresAt, id);
  }

  /** Once its end is recorded. */
  deleteExpiration(id: string, expiresAt: number): void {
    const remove = "DELETE FROM expirations WHERE expires_at = ? AND id = ?";
    this.#storage.sql.exec(remove, expiresAt, id);
  }

  /** The earliest first: what is to end by `now`. */
  dueExpirations(now: number, limit: number): readonly Expiration[] {
    const query = `SELECT id, expires_at AS expiresAt FROM expirations WHERE expires_at <= ?
      ORDER BY expires_at, id LIMIT CAST(? AS INTEGER)`;
    return this.#storage.sql.exec<Expiration & SqlRow>(query, now, limit).toArray();
  }

  hasExpiration(id: string, expiresAt: number): boolean {
    const query = "SELECT 1 FROM expirations WHERE expires_at = ? AND id = ?";
    return this.#storage.sql.exec(query, expiresAt, id).toArray().length > 0;
  }

  /** Never early: a time that a wrong clock has set comes late by its step. */
  nextExpirationAt(): number | undefined {
    const query = "SELECT expires_at AS time FROM expirations ORDER BY expires_at, id LIMIT 1";
    return this.#storage.sql.exec<{ time: number }>(query).toArray()[0]?.time;
  }

  /** When the alarm is needed next for transactions, open ones and those that are to end. */
  nextTransactionAt(now: number): number | undefined {
    const times = [this.nextDueAt(now), this.nextExpirationAt()].filter((at) => at !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Of a decided transaction, once: a second time changes nothing. */
  settle(id: string, { settledAt, anchors }: Settlement): void {
    this.#storage.sql.exec(
      `UPDATE transactions SET open = 0, settled_at = ?, anchors = ?, stuck = 0
       WHERE open = 1 AND id = ?`,
      settledAt,
      anchors ? JSON.stringify(anchors) : null,
      id,
    );
  }

  postpone(id: string, { attempts, nextAttemptAt, stuck }: Postponement): void {
    this.#storage.sql.exec(
      `UPDATE transactions SET attempts = ?, next_attempt_at = ?, stuck = ?
       WHERE open = 1 AND id = ?`,
      attempts,
      nextAttemptAt,
      stuck ? 1 : 0,
      id,
    );
  }

  /** Open transactions whose next attempt or deadline has come, oldest first. */
  due(now: number, limit: number): StoredTransaction[] {
    return this.#storage.sql
      .exec<TransactionRow>(
        `SELECT * FROM transactions WHERE open = 1 AND (next_attempt_at <= ?1
           OR next_attempt_at >
             json_extract(?2, '$[' || min(attempts, json_array_length(?2) - 1) || ']')
           OR (state = 'preparing' AND (deadline <= ?1 OR deadline > ?3)))
         ORDER BY created_at, id LIMIT CAST(?4 AS INTEGER)`,
        ...momentsAt(now),
        limit,
      )
      .toArray()
      .map(toTransaction);
  }

  /** When the next open transaction is due, as seen at `now`; undefined when nothing is open. */
  nextDueAt(now: number): number | undefined {
    const [first] = this.#storage.sql
      .exec<{ time: number | null }>(
        `SELECT min(CASE WHEN (next_attempt_at <= ?1
           OR next_attempt_at >
             json_extract(?2, '$[' || min(attempts, json_array_length(?2) - 1) || ']')
           OR (state = 'preparing' AND (deadline <= ?1 OR deadline > ?3)))
           THEN ?1 ELSE next_attempt_at END) AS time
         FROM transactions WHERE open = 1`,
        ...momentsAt(now),
      )
      .toArray();
    return first?.time ?? undefined;
  }

  /** Open transactions of a tenant, oldest first: those created up to `createdUntil`, and those
   *  created after `now`, by a wrong clock, whose age is not known. */
  unsettled(tenant: string, createdUntil: number, now: number, limit: number): StoredTransaction[] {
    return this.#storage.sql
      .exec<TransactionRow>(
        `SELECT * FROM transactions
         WHERE open = 1 AND tenant = ? AND (created_at <= ? OR created_at > ?)
         ORDER BY created_at, id LIMIT CAST(? AS INTEGER)`,
        tenant,
        createdUntil,
        now + clockDriftMaxMs,
        limit,
      )
      .toArray()
      .map(toTransaction);
  }

  /** When the oldest rejected transaction that still has details was settled. */
  oldestToClean(): number | undefined {
    return this.#storage.sql
      .exec<{ time: number }>(
        `SELECT settled_at AS time FROM transactions
         WHERE state = 'rejected' AND settled_at IS NOT NULL AND details IS NOT NULL
         ORDER BY settled_at LIMIT 1`,
      )
      .toArray()[0]?.time;
  }

  /** Drops description and metadata of rejected transactions settled at or before `until`. */
  clean(until: number, limit: number): void {
    this.#storage.sql.exec(
      `UPDATE transactions SET details = NULL WHERE open IN (0, 2) AND id IN (
         SELECT id FROM transactions
         WHERE state = 'rejected' AND settled_at IS NOT NULL AND details IS NOT NULL
           AND settled_at <= ?
         ORDER BY settled_at LIMIT CAST(? AS INTEGER))`,
      until,
      limit,
    );
  }
}
