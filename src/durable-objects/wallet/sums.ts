// The SQL statements that add up a wallet's ledger: what a vote is measured against, net amounts,
// checkpoints. Each reads one checkpoint and the at most 63 entries behind it.
import type { FreezeScope, Funds } from "../../domain/admission/rule.ts";
import {
  checkpointAfter,
  emptyCheckpoint,
  netOfSums,
  type Checkpoint,
} from "../../domain/ledger/checkpoint.ts";
import { add } from "../../domain/ledger/money.ts";
import {
  addMoves,
  nothing,
  undecidedOf,
  type Move,
  type Net,
} from "../../domain/ledger/position.ts";
import type { RecordedLeg } from "../../domain/protocol/leg.ts";
import type { ObjectStorage, SqlRow } from "../../platform/storage.ts";
import { toEntry, toLeg, type EntryRow, type LegRow } from "../account/rows.ts";

interface CurrencyLook {
  readonly known: boolean;
  readonly freeze: FreezeScope;
  readonly openLegs: number;
  readonly funds: Funds;
  readonly newestDecidedAt?: number;
}

/** Sums of nothing are null. `several`: held legs of more than one line. */
interface LookRow extends SqlRow {
  known: number;
  freeze: FreezeScope | null;
  openLegs: number;
  several: number;
  debits: number | null;
  incoming: number | null;
  /** Of the newest checkpoint, with the newest decision up to it. */
  sums: string | null;
  checkedAt: number | null;
  /** Of the entries behind it. */
  available: number | null;
  reserved: number | null;
  decidedAt: number | null;
}

interface CheckpointRow extends SqlRow {
  sequence: number;
  sums: string;
  decided_at: number;
  lag: number;
}

/** Legs of one line are added up by SQLite, which is exact for integers. `newest` is one row, of
 *  nulls without a checkpoint: its columns are those of the row with the largest sequence. Every
 *  instance of an object prepares this anew, which takes longer than to run it: what is named twice
 *  is prepared twice. */
const lookQuery = `
  SELECT EXISTS (SELECT 1 FROM legs WHERE open IN (0, 1) AND transaction_id = ?2) AS known,
    (SELECT scope FROM freezes ORDER BY id DESC LIMIT 1) AS freeze,
    openLegs, several, debits, incoming, sums, checkedAt,
    sum(amount) FILTER (WHERE currency = ?1 AND bucket = 'available') AS available,
    sum(amount) FILTER (WHERE currency = ?1 AND bucket = 'reserved') AS reserved,
    max(movements.decided_at) AS decidedAt
  FROM (SELECT count(*) AS openLegs, count(further) AS several,
      sum(amount) FILTER (WHERE further IS NULL AND currency = ?1
        AND direction = 'debit' AND bucket = 'available') AS debits,
      sum(amount) FILTER (WHERE further IS NULL AND currency = ?1
        AND direction = 'credit') AS incoming
      FROM legs WHERE open = 1) AS held
    JOIN (SELECT max(sequence) AS sequence, sums, decided_at AS checkedAt
      FROM sound_checkpoints) AS newest
    LEFT JOIN movements ON movements.sequence > ifnull(newest.sequence, 0)`;

function toCheckpoint(row: CheckpointRow): Checkpoint {
  const sums = JSON.parse(row.sums) as Checkpoint["sums"];
  return { sums, decidedAt: row.decided_at, lag: row.lag };
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
    const checkpoint = row.sums === null ? {} : (JSON.parse(row.sums) as Checkpoint["sums"]);
    const { available, reserved } = checkpoint[currency] ?? nothing;
    const several = undecidedOf(row.several > 0 ? this.#heldOfSeveralLines() : [], currency);
    const newestDecidedAt = Math.max(row.decidedAt ?? 0, row.checkedAt ?? 0);
    return {
      known: row.known === 1,
      freeze: row.freeze ?? "none",
      openLegs: row.openLegs,
      funds: {
        posted: {
          available: add(available, row.available ?? 0),
          reserved: add(reserved, row.reserved ?? 0),
        },
        undecided: {
          debits: add(row.debits ?? 0, several.debits),
          incoming: add(row.incoming ?? 0, several.incoming),
        },
      },
      ...(newestDecidedAt > 0 && { newestDecidedAt }),
    };
  }

  #heldOfSeveralLines(): RecordedLeg[] {
    const query = "SELECT * FROM legs WHERE open = 1 AND further IS NOT NULL";
    return this.#storage.sql.exec<LegRow>(query).toArray().map(toLeg);
  }

  /** Net amounts of every currency after entry `sequence`. The entries behind the checkpoint come
   *  as one row of JSON, and are added up here and not by GROUP BY, which sorts: every row would
   *  be read, and paid for, twice. */
  netAt(sequence: number): Net {
    const query = `
      SELECT sums, json_group_array(json_array(bucket, currency, amount))
          FILTER (WHERE movements.sequence IS NOT NULL) AS since
      FROM (SELECT max(sequence) AS sequence, sums FROM sound_checkpoints
          WHERE sequence <= CAST(?1 AS INTEGER)) AS newest
        LEFT JOIN movements ON movements.sequence > ifnull(newest.sequence, 0)
          AND movements.sequence <= CAST(?1 AS INTEGER)`;
    const [row] = this.#storage.sql
      .exec<{ sums: string | null; since: string }>(query, sequence)
      .toArray();
    if (!row) throw new Error("an aggregate has one row");
    const sums = row.sums === null ? {} : (JSON.parse(row.sums) as Checkpoint["sums"]);
    return addMoves(netOfSums({ sums }), JSON.parse(row.since) as Move[]);
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
