// The SQL statements that add up a wallet's ledger: what a vote is measured against, net amounts,
// checkpoints. Each reads one checkpoint and the at most 63 entries behind it.
import type { FreezeScope, Funds } from "../../domain/admission/rule.ts";
import {
  checkpointAfter,
  emptyCheckpoint,
  netOfSums,
  type Checkpoint,
  type CurrencySums,
} from "../../domain/ledger/checkpoint.ts";
import { toLine, type LineTuple } from "../../domain/ledger/line.ts";
import { add } from "../../domain/ledger/money.ts";
import {
  addLines,
  nothing,
  undecidedOf,
  type Amounts,
  type Net,
} from "../../domain/ledger/position.ts";
import type { ObjectStorage, SqlRow } from "../../platform/storage.ts";
import { toEntry, type EntryRow } from "../account/rows.ts";

interface CurrencyLook {
  readonly known: boolean;
  readonly freeze: FreezeScope;
  readonly openLegs: number;
  readonly funds: Funds;
  readonly newestDecidedAt?: number;
}

interface LookRow extends SqlRow {
  known: number;
  freeze: FreezeScope;
  openLegs: number;
  debits: number;
  incoming: number;
  several: string;
  sums: string | null;
  available: number;
  reserved: number;
  decidedAt: number | null;
}

interface CheckpointRow extends SqlRow {
  sequence: number;
  sums: string;
  decided_at: number;
  lag: number;
}

/** Legs of one line are added up by SQLite, which is exact for integers; the few of several lines
 *  come as JSON. */
const lookQuery = `
  WITH checkpoint AS (SELECT * FROM sound_checkpoints ORDER BY sequence DESC LIMIT 1),
    since AS (SELECT
        coalesce(sum(amount) FILTER (WHERE currency = ?1 AND bucket = 'available'), 0) AS available,
        coalesce(sum(amount) FILTER (WHERE currency = ?1 AND bucket = 'reserved'), 0) AS reserved,
        max(decided_at) AS decided_at
      FROM movements WHERE sequence > coalesce((SELECT sequence FROM checkpoint), 0)),
    held AS (SELECT count(*) AS legs,
        coalesce(sum(amount) FILTER (WHERE further IS NULL AND currency = ?1
          AND direction = 'debit' AND bucket = 'available'), 0) AS debits,
        coalesce(sum(amount) FILTER (WHERE further IS NULL AND currency = ?1
          AND direction = 'credit'), 0) AS incoming,
        json_group_array(json_array(json_array(bucket, direction, currency, amount),
          json(further))) FILTER (WHERE further IS NOT NULL) AS several
      FROM legs WHERE open = 1)
  SELECT EXISTS (SELECT 1 FROM legs WHERE open IN (0, 1) AND transaction_id = ?2) AS known,
    coalesce((SELECT scope FROM freezes ORDER BY id DESC LIMIT 1), 'none') AS freeze,
    held.legs AS openLegs, debits, incoming, several,
    (SELECT sums -> ?1 FROM checkpoint) AS sums, available, reserved,
    nullif(max(coalesce(since.decided_at, 0),
      coalesce((SELECT decided_at FROM checkpoint), 0)), 0) AS decidedAt
  FROM since, held`;

function toCheckpoint(row: CheckpointRow): Checkpoint {
  const sums = JSON.parse(row.sums) as Checkpoint["sums"];
  return { sums, decidedAt: row.decided_at, lag: row.lag };
}

function plus(amounts: Amounts, more: Amounts): Amounts {
  return {
    available: add(amounts.available, more.available),
    reserved: add(amounts.reserved, more.reserved),
  };
}

export class LedgerSums {
  readonly #storage: ObjectStorage;

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
  }

  /** Whether a leg of the transaction is known, and what a new one of `currency` is measured
   *  against: in one statement, in which nothing grows with the ledger. */
  look(transactionId: string, currency: string): CurrencyLook {
    const [row] = this.#storage.sql.exec<LookRow>(lookQuery, currency, transactionId).toArray();
    if (!row) throw new Error("an aggregate has one row");
    const { known, freeze, openLegs, debits, incoming, decidedAt } = row;
    const stored = JSON.parse(row.several) as [LineTuple, LineTuple[]][];
    const legs = stored.map(([first, further]) => ({ lines: [first, ...further].map(toLine) }));
    const several = undecidedOf(legs, currency);
    const sums = row.sums === null ? nothing : (JSON.parse(row.sums) as CurrencySums);
    return {
      known: known === 1,
      freeze,
      openLegs,
      funds: {
        posted: plus(sums, row),
        undecided: {
          debits: add(debits, several.debits),
          incoming: add(incoming, several.incoming),
        },
      },
      ...(decidedAt !== null && { newestDecidedAt: decidedAt }),
    };
  }

  /** Net amounts of every currency after entry `sequence`. The entries behind the checkpoint come
   *  as one row of JSON, and are added up here and not by GROUP BY, which sorts: every row would
   *  be read, and paid for, twice. */
  netAt(sequence: number): Net {
    const query = `
      WITH checkpoint AS (SELECT sequence, sums FROM sound_checkpoints
        WHERE sequence <= CAST(?1 AS INTEGER) ORDER BY sequence DESC LIMIT 1)
      SELECT (SELECT sums FROM checkpoint) AS sums,
        (SELECT json_group_array(json_array(bucket, direction, currency, abs(amount)))
          FROM movements
          WHERE sequence > coalesce((SELECT sequence FROM checkpoint), 0)
            AND sequence <= CAST(?1 AS INTEGER)) AS since`;
    const [row] = this.#storage.sql
      .exec<{ sums: string | null; since: string }>(query, sequence)
      .toArray();
    if (!row) throw new Error("a query of subqueries has one row");
    const sums = row.sums === null ? {} : (JSON.parse(row.sums) as Checkpoint["sums"]);
    return addLines(netOfSums({ sums }), (JSON.parse(row.since) as LineTuple[]).map(toLine));
  }

  /** Writes the checkpoint that belongs to entry `sequence`, the newest one. */
  insertCheckpoint(sequence: number): void {
    const before = this.#checkpointUpTo(sequence);
    const entries = this.#storage.sql
      .exec<EntryRow>(
        "SELECT * FROM entries WHERE sequence > CAST(? AS INTEGER) ORDER BY sequence",
        before?.sequence ?? 0,
      )
      .toArray()
      .map(toEntry);
    const known = before ? toCheckpoint(before) : emptyCheckpoint;
    const { sums, decidedAt, lag } = checkpointAfter(known, entries);
    this.#storage.sql.exec(
      "INSERT INTO checkpoints (sequence, sums, decided_at, lag) VALUES (?, ?, ?, ?)",
      sequence,
      JSON.stringify(sums),
      decidedAt,
      lag,
    );
  }

  #checkpointUpTo(sequence: number): CheckpointRow | undefined {
    const query = `SELECT sequence, sums, decided_at, lag FROM sound_checkpoints
      WHERE sequence <= CAST(? AS INTEGER) ORDER BY sequence DESC LIMIT 1`;
    return this.#storage.sql.exec<CheckpointRow>(query, sequence).toArray()[0];
  }

  /** The longest time from a decision to its posting among the entries up to `sequence`, in ms: how
   *  far the order of postings can differ from that of decisions. */
  lagUpTo(sequence: number): number {
    const before = this.#checkpointUpTo(sequence);
    const query = `SELECT coalesce(max(created_at - decided_at), 0) AS lag FROM entries
      WHERE sequence > CAST(? AS INTEGER) AND sequence <= CAST(? AS INTEGER)`;
    const [row] = this.#storage.sql
      .exec<{ lag: number }>(query, before?.sequence ?? 0, sequence)
      .toArray();
    return Math.max(before?.lag ?? 0, row?.lag ?? 0);
  }
}
