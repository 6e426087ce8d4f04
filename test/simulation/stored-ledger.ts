// A small ledger as a release has stored it: a short history of the simulator, without faults, cut
// off in the middle of a transfer; and its files as JSON, to be read by later releases.
import {
  externalAddress,
  userIdFor,
  walletAddress,
  walletIdOfUser,
  type AccountAddress,
} from "../../src/domain/ids.ts";
import type { Refusal } from "../../src/domain/errors.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import type { Submission } from "../../src/domain/protocol/transaction.ts";
import { fingerprintUser } from "../../src/domain/fingerprint.ts";
import type { SqlRow } from "../../src/platform/storage.ts";
import type { LogBook } from "./books.ts";
import type { Disk } from "./disk.ts";
import { keyIn, provider, referenceIn, shards } from "./keys.ts";
import { plannedSubmission } from "./planner.ts";
import { Simulation } from "./simulation.ts";

export const tenant = "main";
/** Without faults. */
const seed = 0;
const attemptsMax = 20;
export const shard = shards[0] ?? 0;

/** One object's file. */
interface StoredFile {
  /** Of a wallet or the outside world; absent where it is of the log. */
  readonly address?: AccountAddress;
  /** Tables first, then what depends on them. */
  readonly schema: readonly string[];
  readonly rows: Readonly<Record<string, readonly SqlRow[]>>;
  readonly alarm: number | null;
}

export interface StoredLedger {
  readonly files: readonly StoredFile[];
}

export const payer = walletIdOfUser(userIdFor(tenant, "payer"));
export const payee = walletIdOfUser(userIdFor(tenant, "payee"));
const reference = referenceIn(tenant, shard, 0);
const outside = externalAddress(tenant, provider, reference);

/** Number `index` of the transactions of the stored shard. */
export function submission(index: number, sent: SentRequest): Submission {
  return plannedSubmission(tenant, keyIn(tenant, shard, index), sent);
}

export function transfer(amount: number, currency = "USD"): SentRequest {
  return { type: "transfer", fromWalletId: payer, toWalletId: payee, amount, currency };
}

function paidIn(index: number, count: number, currency: string): SentRequest {
  const postings = Array.from({ length: count }, (_, number) => ({
    from: "external",
    to: payer,
    amount: 1_000 + number,
    currency,
  }));
  const paymentReference = referenceIn(tenant, shard, index);
  return { type: "split", postings, paymentReference, provider };
}

export const refusedTransfer = transfer(Number.MAX_SAFE_INTEGER);

/** Enough entries for a checkpoint. The last one is interrupted. */
export const storedRequests: readonly SentRequest[] = [
  {
    type: "funding",
    walletId: payer,
    amount: 5_000,
    paymentReference: reference,
    provider,
    description: "Zoë's salary",
    metadata: { order: "17" },
  },
  transfer(700),
  refusedTransfer,
  paidIn(1, 20, "EUR"),
  paidIn(2, 20, "USD"),
  paidIn(3, 20, "JPY"),
  {
    type: "split",
    postings: [
      { from: payer, to: payee, amount: 100 },
      { from: payer, to: payee, amount: 30, currency: "EUR" },
      { from: payer, to: payee, amount: 20, currency: "EUR" },
    ],
  },
  transfer(1),
];

/** Of an idle ledger, only the next scrub and the clean-up lie ahead. */
const quietMs = 20 * 60 * 1_000;

/** Until nothing happens for a long time, or `isReached`. */
export async function runUntil(simulation: Simulation, isReached: () => boolean): Promise<void> {
  const { scheduler } = simulation;
  const isIdle = () => (scheduler.nextTime() ?? Infinity) > scheduler.now + quietMs;
  while (!isReached() && !isIdle() && (await simulation.step()));
  if (simulation.violation) throw new Error(JSON.stringify(simulation.violation));
}

export const never = () => false;

async function open(simulation: Simulation, walletId: string, name: string): Promise<void> {
  const profile = { name, email: `${name}@example.com`, metadata: { team: "1" } };
  const opening = { walletId, profile, fingerprint: fingerprintUser(profile) };
  void simulation.newClient().open(tenant, opening, attemptsMax);
  await runUntil(simulation, never);
}

/** All of it happens, and of the last transfer as much as there is to see in one account only. */
async function live(simulation: Simulation): Promise<void> {
  await open(simulation, payer, "payer");
  await open(simulation, payee, "payee");
  for (const frozen of [true, false]) {
    void simulation.newClient().freeze(tenant, payee, frozen, attemptsMax);
    await runUntil(simulation, never);
  }
  const { books } = simulation;
  for (const [index, sent] of storedRequests.entries()) {
    const sentNow = submission(index, sent);
    const isLast = index === storedRequests.length - 1;
    const sides = () => books.wallets().filter((wallet) => wallet.postedAs.has(sentNow.id)).length;
    void simulation.newClient().submit(sentNow, attemptsMax);
    await runUntil(simulation, () => isLast && sides() === 1);
  }
}

function logIn(simulation: Simulation): LogBook {
  simulation.log(shard);
  const log = simulation.books.logs.get(shard);
  if (!log) throw new Error("no such log");
  return log;
}

function stored({ disk }: { readonly disk: Disk }): Omit<StoredFile, "address"> {
  const schema = disk.query<{ type: string; name: string; sql: string }>(
    `SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL
     ORDER BY type <> 'table', rowid`,
  );
  const tables = schema.filter(({ type }) => type === "table");
  const rows = tables.map(({ name }) => [name, disk.query(`SELECT * FROM ${name}`)] as const);
  const { alarm } = disk;
  return { schema: schema.map(({ sql }) => sql), rows: Object.fromEntries(rows), alarm };
}

/** What the release that the simulator calls the previous one stores. */
export async function recordLedger(): Promise<StoredLedger> {
  const simulation = new Simulation(seed, { releases: "previous" });
  await live(simulation);
  const addresses = [walletAddress(payer), walletAddress(payee), outside];
  const accounts = addresses.map((address) => {
    return { address, ...stored(simulation.account(tenant, address)) };
  });
  const files = [...accounts, stored(logIn(simulation).object)];
  simulation.close();
  return { files };
}

function insert(disk: Disk, table: string, row: SqlRow): void {
  const names = Object.keys(row);
  const places = names.map((name) => (typeof row[name] === "number" ? "CAST(? AS INTEGER)" : "?"));
  const sql = `INSERT INTO ${table} (${names.join(", ")}) VALUES (${places.join(", ")})`;
  disk.query(sql, ...Object.values(row));
}

const calm = { strikes: () => false, durable: async () => {}, pause: async () => {} };

/** A file that was never used by this release, as the other one left it. */
async function restore(disk: Disk, { schema, rows, alarm }: StoredFile): Promise<void> {
  const { watch } = disk;
  disk.watch = undefined;
  const tables = schema.filter((sql) => sql.startsWith("CREATE TABLE"));
  for (const sql of tables) disk.query(sql);
  for (const [table, all] of Object.entries(rows)) for (const row of all) insert(disk, table, row);
  for (const sql of schema) if (!tables.includes(sql)) disk.query(sql);
  if (alarm !== null) await disk.mount(() => true, calm).setAlarm(alarm);
  // Observers look at all of it, not at what is open only.
  disk.tamper("");
  disk.watch = watch;
}

/** What the other release was answered while it stored this. */
function rememberVotes({ network }: Simulation, account: string, { rows }: StoredFile): void {
  for (const { transaction_id: id, refusal } of rows["legs"] ?? []) {
    if (typeof refusal !== "string") continue;
    const vote = { vote: "no", refusal: JSON.parse(refusal) as Refusal } as const;
    network.votes.push({ transactionId: String(id), account, vote, arrivedAt: 0 });
  }
}

/** A simulation of the current release over stored files, an hour after they were written. */
export async function continueLedger({ files }: StoredLedger): Promise<Simulation> {
  const simulation = new Simulation(seed);
  for (const file of files) {
    const object = file.address
      ? simulation.account(tenant, file.address)
      : logIn(simulation).object;
    await restore(object.disk, file);
    rememberVotes(simulation, object.name, file);
  }
  let later = false;
  simulation.scheduler.schedule(3_600_000, "an hour passes", () => (later = true));
  await simulation.scheduler.runNext();
  if (!later) throw new Error("time stands still");
  return simulation;
}
