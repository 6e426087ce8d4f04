// Writes a long ledger into the SQLite file of a wallet that was just opened, while the service is
// down: entries in a valid hash chain, their legs, and checkpoints, as the wallet itself would have
// written them. What is left out: the rows of the transfer log. Reads never miss them; an audit of
// such a wallet says so, once it has found nothing wrong with the ledger itself.
import { DatabaseSync } from "node:sqlite";
import {
  checkpointAfter,
  emptyCheckpoint,
  type Checkpoint,
} from "../src/domain/ledger/checkpoint.ts";
import { nextEntries, type Entry, type LedgerHead } from "../src/domain/ledger/entry.ts";
import { transactionIdFor, userIdFor, walletIdOfUser } from "../src/domain/ids.ts";
import { checkpointInterval } from "../src/domain/limits.ts";
import { add, signed } from "../src/domain/ledger/money.ts";
import type { Posting } from "../src/domain/protocol/transaction.ts";

const currency = "USD";
const msBetweenEntries = 1_000;

/** Counterparties that the entries name: none of them is opened. */
const counterparties = Array.from({ length: 1_000 }, (_, index) =>
  walletIdOfUser(userIdFor("main", `bench-counterparty-${index}`)),
);

/** Two credits, then a debit of less: never below zero. */
function postingOf(sequence: number): Posting {
  const transactionId = transactionIdFor("main", `bench-entry-${sequence}`);
  const isDebit = sequence % 3 === 0;
  return {
    transactionId,
    fingerprint: `fp1:${"0".repeat(64)}`,
    type: "transfer",
    claims: [],
    lines: [
      {
        bucket: "available",
        direction: isDebit ? "debit" : "credit",
        amount: isDebit ? 50 + (sequence % 50) : 100 + (sequence % 100),
        currency,
        counterparty: counterparties[(sequence * 7_919) % counterparties.length]!,
      },
    ],
  };
}

function statementsOf(database: DatabaseSync) {
  const entry = database.prepare(
    `INSERT INTO entries (sequence, transaction_id, line, type, bucket, direction, amount, currency,
       counterparty, decided_at, created_at, previous_hash, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const checkpoint = database.prepare(
    "INSERT INTO checkpoints (sequence, sums, decided_at, lag) VALUES (?, ?, ?, ?)",
  );
  return {
    appendEntry(one: Entry) {
      entry.run(
        one.sequence,
        one.transactionId,
        one.line,
        one.type,
        one.bucket,
        one.direction,
        one.amount,
        one.currency,
        one.counterparty,
        one.decidedAt,
        one.createdAt,
        one.previousHash,
        one.hash,
      );
    },
    appendCheckpoint(sequence: number, { sums, decidedAt, lag }: Checkpoint) {
      checkpoint.run(sequence, JSON.stringify(sums), decidedAt, lag);
    },
  };
}

/** Closed legs in the order of their index, so that a million of them fill its pages. */
const closedLegs = `
  INSERT INTO legs (open, transaction_id, fingerprint, bucket, direction, currency, amount, sequence)
  SELECT 0, transaction_id, 'fp1:${"0".repeat(64)}', bucket, direction, currency, amount, sequence
  FROM entries ORDER BY transaction_id`;

/** Returns the net amount of the ledger, in minor units. */
export function writeLedger(file: string, walletId: string, entries: number): number {
  const database = new DatabaseSync(file);
  const identity = database.prepare("SELECT account, genesis FROM identity").get() as
    { account: string; genesis: string } | undefined;
  if (identity?.account !== walletId) throw new Error("the file of another wallet");
  const triggers = database
    .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    .all() as { name: string; sql: string }[];
  const statements = statementsOf(database);

  // The rules that the triggers keep one row at a time hold for the whole, and cost minutes here.
  database.exec("PRAGMA synchronous = OFF; BEGIN");
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  let head: LedgerHead = { sequence: 0, hash: identity.genesis, createdAt: 0 };
  let net = 0;
  let checkpoint = emptyCheckpoint;
  let sinceCheckpoint: Entry[] = [];
  const newestAt = Date.now();
  for (let sequence = 1; sequence <= entries; sequence++) {
    const postedAt = newestAt - (entries - sequence) * msBetweenEntries;
    const times = { decidedAt: postedAt, now: postedAt };
    for (const entry of nextEntries(head, postingOf(sequence), times)) {
      statements.appendEntry(entry);
      sinceCheckpoint.push(entry);
      net = add(net, signed(entry.direction, entry.amount));
      head = entry;
    }
    if (sequence % checkpointInterval > 0) continue;
    checkpoint = checkpointAfter(checkpoint, sinceCheckpoint);
    sinceCheckpoint = [];
    statements.appendCheckpoint(sequence, checkpoint);
  }
  database.exec(closedLegs);
  for (const { sql } of triggers) database.exec(sql);
  database.exec("COMMIT; PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
  return net;
}
