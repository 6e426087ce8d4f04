// Every SQL statement of a log shard's scrub: the rows to check, its progress, the commands that
// start a round, and the differences found. Nothing here may call another object.
import type { ScrubDifferenceKind, ScrubProgress } from "../../domain/protocol/scrub.ts";
import { expirationOf } from "../../domain/protocol/transaction.ts";
import type { ObjectStorage, SqlRow } from "../../platform/storage.ts";
import type { ScrubDifference, StartScrubCall } from "./scrub-contract.ts";
import { toTransaction, type StoredTransaction, type TransactionRow } from "./rows.ts";
import { TransferLogStore } from "./store.ts";

/** A difference as a round has found it. */
export interface FoundDifference {
  readonly tenant: string;
  readonly transactionId: string;
  /** As in the transaction's lines; empty where the transaction's own row is wrong. */
  readonly account: string;
  readonly kind: ScrubDifferenceKind;
}

interface DifferenceRow extends SqlRow {
  transactionId: string;
  account: string;
  kind: ScrubDifferenceKind;
  firstFoundAt: number;
  lastFoundAt: number;
}

/** A row as the scrub reads it. `transaction` is absent where it is not what a log has written. */
export interface ReadTransaction {
  readonly id: string;
  readonly tenant: string;
  readonly transaction: StoredTransaction | undefined;
  /** Whether the log is to end it, or has recorded its end. */
  readonly isToEnd: boolean;
}

/** When its log ends it, and the transaction that does. Absent for most. */
interface Ending {
  readonly at: number;
  readonly id: string;
}

interface ReadRow extends Omit<ReadTransaction, "isToEnd"> {
  readonly ending?: Ending;
}

function read(row: TransactionRow): ReadRow {
  const { id, tenant } = row;
  try {
    const transaction = toTransaction(row);
    const found = expirationOf(transaction);
    const ending = found && { at: found.at, id: found.submission.id };
    return { id, tenant, transaction, ...(ending && { ending }) };
  } catch {
    return { id, tenant, transaction: undefined };
  }
}

function endsAt(row: TransactionRow, time: number): boolean {
  return row.state === "committed" && read(row).ending?.at === time;
}

/** With the transaction's row; all NULL where there is none. */
type ExpirationRow = SqlRow & { expiration: string; expires_at: number } & (
    TransactionRow | { tenant: null }
  );

export class ScrubStore {
  readonly #storage: ObjectStorage;
  readonly #log: TransferLogStore;

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
    this.#log = new TransferLogStore(storage);
  }

  /** All transactions beyond `after` in order of their ids, at most `limit` of them. */
  transactionsAfter(after: string, limit: number): ReadTransaction[] {
    return this.#storage.sql
      .exec<TransactionRow>(
        `SELECT * FROM (SELECT * FROM transactions WHERE open = 0 AND id > ?1
           ORDER BY id LIMIT CAST(?2 AS INTEGER))
         UNION ALL SELECT * FROM (SELECT * FROM transactions WHERE open = 1 AND id > ?1
           ORDER BY id LIMIT CAST(?2 AS INTEGER))
         UNION ALL SELECT * FROM (SELECT * FROM transactions WHERE open = 2 AND id > ?1
           ORDER BY id LIMIT CAST(?2 AS INTEGER))
         ORDER BY id LIMIT CAST(?2 AS INTEGER)`,
        after,
        limit,
      )
      .toArray()
      .map(read)
      .map(({ ending, ...row }) => ({ ...row, isToEnd: this.#isToEnd(row.id, ending) }));
  }

  #isToEnd(id: string, ending: Ending | undefined): boolean {
    if (!ending) return false;
    return this.#log.hasExpiration(id, ending.at) || this.#log.find(ending.id) !== undefined;
  }

  /** Of the expirations that come first, those of no committed transaction, or of one that is to
   *  end at another time. `tenant`: absent for an id that the log does not know. */
  wrongExpirations(limit: number): { readonly id: string; readonly tenant?: string }[] {
    return this.#storage.sql
      .exec<ExpirationRow>(
        `SELECT expirations.id AS expiration, expires_at, transactions.* FROM expirations
           LEFT JOIN transactions ON open IN (0, 1, 2) AND transactions.id = expirations.id
         ORDER BY expires_at, expirations.id LIMIT CAST(? AS INTEGER)`,
        limit,
      )
      .toArray()
      .filter((row) => row.tenant === null || !endsAt(row, row.expires_at))
      .map(({ expiration: id, tenant }) => ({ id, ...(tenant !== null && { tenant }) }));
  }

  progress(): ScrubProgress | undefined {
    return this.#storage.sql
      .exec<ScrubProgress & SqlRow>(
        `SELECT round, cursor, started_at AS startedAt, ended_at AS endedAt, batch_at AS batchAt,
           next_at AS nextAt, tries, checked, skipped FROM scrub WHERE id = 1`,
      )
      .toArray()[0];
  }

  save(progress: ScrubProgress): void {
    const { round, cursor, startedAt, endedAt, batchAt, nextAt } = progress;
    this.#storage.sql.exec(
      `INSERT INTO scrub (id, round, cursor, started_at, ended_at, batch_at, next_at, tries,
         checked, skipped) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET round = excluded.round, cursor = excluded.cursor,
         started_at = excluded.started_at, ended_at = excluded.ended_at,
         batch_at = excluded.batch_at, next_at = excluded.next_at, tries = excluded.tries,
         checked = excluded.checked, skipped = excluded.skipped`,
      round,
      cursor,
      startedAt,
      endedAt,
      batchAt,
      nextAt,
      progress.tries,
      progress.checked,
      progress.skipped,
    );
  }

  request(id: string): { readonly nonce: string | null } | undefined {
    const query = "SELECT nonce FROM scrub_requests WHERE id = ?";
    return this.#storage.sql.exec<{ nonce: string | null }>(query, id).toArray()[0];
  }

  insertRequest(command: StartScrubCall, now: number): void {
    this.#storage.sql.exec(
      `INSERT INTO scrub_requests (id, tenant, principal, requested_at, nonce)
       VALUES (?, ?, ?, ?, ?)`,
      command.scrubId,
      command.tenant,
      command.principal,
      now,
      command.nonce ?? null,
    );
  }

  /** Records a difference, or that it was seen once more. */
  noteDifference(found: FoundDifference, round: number, now: number): void {
    const { tenant, transactionId, account, kind } = found;
    const key = [tenant, transactionId, account, kind] as const;
    const seen = this.#storage.sql.exec(
      `UPDATE scrub_differences SET last_found_at = ?, last_round = ?
       WHERE tenant = ? AND transaction_id = ? AND account = ? AND kind = ? RETURNING 1 AS seen`,
      now,
      round,
      ...key,
    );
    if (seen.toArray().length > 0) return;
    this.#storage.sql.exec(
      `INSERT INTO scrub_differences (tenant, transaction_id, account, kind, first_found_at,
         last_found_at, last_round) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ...key,
      now,
      now,
      round,
    );
  }

  /** The differences of a tenant, those seen latest first. */
  differences(tenant: string, limit: number): ScrubDifference[] {
    return this.#storage.sql
      .exec<DifferenceRow>(
        `SELECT transaction_id AS transactionId, account, kind, first_found_at AS firstFoundAt,
           last_found_at AS lastFoundAt
         FROM scrub_differences WHERE tenant = ?
         ORDER BY last_found_at DESC, transaction_id, account, kind LIMIT CAST(? AS INTEGER)`,
        tenant,
        limit,
      )
      .toArray()
      .map(({ account, ...row }) => ({ ...row, ...(account !== "" && { account }) }));
  }

  countDifferences(tenant: string): number {
    const query = "SELECT count(*) AS count FROM scrub_differences WHERE tenant = ?";
    return this.#storage.sql.exec<{ count: number }>(query, tenant).toArray()[0]?.count ?? 0;
  }
}
