// Bytes that one transfer takes on disk in a wallet and in its log shard, measured on the real
// schema in plain SQLite: `npm run measure:bytes`. For the arithmetic in ENGINEERING_NOTES.md.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { anchorOf, nextEntries, type LedgerHead } from "../src/domain/ledger/entry.ts";
import { toAccountTuple } from "../src/domain/ledger/line.ts";
import { userIdFor, walletIdOfUser } from "../src/domain/ids.ts";
import { legsOf, linesOf, submissionOf } from "../src/domain/protocol/transaction.ts";

const transactions = 20_000;
const folder = mkdtempSync(join(tmpdir(), "measure-bytes-"));

/** A database with the tables of the class of that name. */
function open(name: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, name));
  const path = join(import.meta.dirname, "..", "migrations", name);
  for (const file of readdirSync(path).toSorted()) {
    database.exec(readFileSync(join(path, file), "utf8"));
  }
  database.exec("BEGIN");
  return database;
}

function report(name: string, database: DatabaseSync): void {
  database.exec("COMMIT");
  database.close();
  const bytes = statSync(join(folder, name)).size / transactions;
  console.log(`${name}: ${Math.round(bytes)} bytes per transfer (${transactions} transfers)`);
}

const account = open("account");
account.exec("INSERT INTO identity VALUES (1, 'wallet', 'main', 'wal_', NULL, 'genesis', 1)");
const insertLeg = account.prepare(
  `INSERT INTO legs (open, transaction_id, fingerprint, bucket, direction, currency, amount)
   VALUES (1, ?, ?, 'available', ?, ?, ?)`,
);
const insertEntry = account.prepare(
  `INSERT INTO entries (sequence, transaction_id, line, type, bucket, direction, amount, currency,
     counterparty, decided_at, created_at, previous_hash, hash)
   VALUES (?, ?, 1, ?, 'available', ?, ?, ?, ?, ?, ?, ?, ?)`,
);
const log = open("transfer-log");
const insertTransaction = log.prepare(
  `INSERT INTO transactions (open, id, tenant, fingerprint, state, request, lines, renderer,
     request_id, created_at, deadline, attempts, next_attempt_at, stuck, principal, nonce)
   VALUES (1, ?, 'main', ?, 'preparing', ?, ?, 1, ?, ?, ?, 0, ?, 0, 'payments-backend', ?)`,
);
const decide = log.prepare(
  "UPDATE transactions SET state = 'committed', decided_at = ? WHERE open = 1 AND id = ?",
);
const settle = log.prepare(
  `UPDATE transactions SET open = 0, settled_at = ?, anchors = ?
   WHERE open = 1 AND id = ?`,
);

let head: LedgerHead = { sequence: 0, hash: "genesis", createdAt: 0 };
for (let index = 1; index <= transactions; index++) {
  const now = Date.now();
  const [from, to] = [`from-${index}`, "to"].map((key) => walletIdOfUser(userIdFor("main", key)));
  const sent = { type: "transfer", fromWalletId: from!, toWalletId: to!, amount: 2_500 } as const;
  const submission = submissionOf("main", `key-${index}`, sent, "USD");
  const lines = linesOf(submission.request);
  const { posting } = legsOf({ ...submission, lines })[1]!;
  const { id, fingerprint } = submission;

  insertLeg.run(id, fingerprint, "credit", "USD", 2_500);
  const entry = nextEntries(head, posting, { decidedAt: now, now })[0]!;
  const { sequence, hash, previousHash, counterparty } = entry;
  const leg = [id, "transfer", "credit", 2_500, "USD", counterparty] as const;
  insertEntry.run(sequence, ...leg, now, now, previousHash, hash);
  head = entry;

  const [request, recorded] = [
    JSON.stringify(submission.request),
    JSON.stringify(lines.map(toAccountTuple)),
  ];
  const requestId = crypto.randomUUID();
  insertTransaction.run(
    id,
    fingerprint,
    request,
    recorded,
    requestId,
    now,
    now + 30_000,
    now + 10_000,
    id.slice(-12),
  );
  decide.run(now, id);
  settle.run(now, JSON.stringify([anchorOf(hash), anchorOf(hash)]), id);
}
report("account", account);
report("transfer-log", log);
rmSync(folder, { recursive: true });
