// Records one golden answer: `node scripts/record-golden.ts NAME < story.json` writes
// test/golden/NAME.json with the row, as the production store writes it, and the bytes that the
// production renderer answers. It never overwrites: test/golden only grows. See its README.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { toTransaction, type TransactionRow } from "../src/durable-objects/transfer-log/rows.ts";
import { TransferLogStore } from "../src/durable-objects/transfer-log/store.ts";
import { WalletStore } from "../src/durable-objects/wallet/store.ts";
import {
  fingerprintFreeze,
  fingerprintUser,
  type FreezeAct,
  type UserProfile,
} from "../src/domain/fingerprint.ts";
import { freezeIdFor, userIdFor, walletIdOfUser } from "../src/domain/ids.ts";
import { batchOf } from "../src/domain/protocol/batch.ts";
import { BatchStore } from "../src/durable-objects/transfer-log/batch-store.ts";
import type { Refusal } from "../src/domain/errors.ts";
import {
  currentRenderer,
  expirationOf,
  linesOf,
  submissionOf,
  type Submission,
  type TransactionRecord,
} from "../src/domain/protocol/transaction.ts";
import type { SentRequest } from "../src/domain/operations/all.ts";
import { allOperations } from "../src/http/operations/all.ts";
import {
  renderDetails,
  renderFreeze,
  renderRefusal,
  renderSubmission,
  renderUser,
} from "../src/http/render.ts";
import type { ObjectStorage, SqlRow, SqlValue } from "../src/platform/storage.ts";

interface Story {
  /** What it shows, in one sentence. */
  readonly about: string;
  readonly path: "/users" | `/transactions${string}` | `/wallets/wal_${string}/freezes`;
  readonly key: string;
  /** The request's body, as sent. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The golden transaction on which it acts, for a path with `{id}`: its name. */
  readonly original?: string;
  /** The default currency of that time. */
  readonly defaultCurrency: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** Who asked; `payments-backend` if omitted. */
  readonly principal?: string;
  readonly refusal?: Refusal;
  /** Of a batch: of each of its items, null where it is committed. */
  readonly refusals?: readonly (Refusal | null)[];
  /** Whether the clean-up has dropped description and metadata. */
  readonly cleaned?: boolean;
}

const tenant = "main";
const defaultPrincipal = "payments-backend";
const root = `${import.meta.dirname}/..`;

/** A database with the tables of a folder of migrations. */
function openStorage(folder: string): ObjectStorage {
  const database = new DatabaseSync(":memory:");
  const path = `${root}/migrations/${folder}`;
  for (const file of readdirSync(path).toSorted()) {
    database.exec(readFileSync(`${path}/${file}`, "utf8"));
  }
  const sql = {
    databaseSize: 0,
    exec: <Row extends SqlRow>(text: string, ...bindings: SqlValue[]) => {
      const rows = database.prepare(text).all(...bindings) as Row[];
      return Object.assign(rows, { toArray: () => rows });
    },
  };
  const transactionSync = <T>(body: () => T) => body();
  const nothing = async () => {};
  return { sql, transactionSync, sync: nothing, getAlarm: async () => null, setAlarm: nothing };
}

function onlyRow(storage: ObjectStorage, table: string): SqlRow {
  const [row] = storage.sql.exec(`SELECT * FROM ${table}`).toArray();
  if (!row) throw new Error(`no row in ${table}`);
  return { ...row };
}

function recordUser({ key, body, createdAt }: Story) {
  const storage = openStorage("wallet");
  const walletId = walletIdOfUser(userIdFor(tenant, key));
  const profile = body as unknown as UserProfile;
  const record = { ...profile, createdAt: Date.parse(createdAt), renderer: currentRenderer };
  new WalletStore(storage).insertOwner({ ...record, fingerprint: fingerprintUser(profile) });
  const user = renderUser({ ...record, walletId });
  const bytes = JSON.stringify(user);
  return {
    row: onlyRow(storage, "profiles"),
    posted: { status: 201, bytes },
    read: { path: `/users/${user.id}`, status: 200, bytes },
  };
}

function recordFreeze({ path, key, body, createdAt, principal = defaultPrincipal }: Story) {
  const storage = openStorage("wallet");
  const store = new WalletStore(storage);
  const walletId = path.split("/")[2] ?? "";
  const act = body as unknown as FreezeAct;
  const id = freezeIdFor(tenant, walletId, key);
  const about = { principal, createdAt: Date.parse(createdAt), renderer: currentRenderer };
  store.insertFreeze({ ...act, ...about, id, fingerprint: fingerprintFreeze(act) });
  const freezes = store.newestFreezes(1).map((freeze) => renderFreeze({ walletId, ...freeze }));
  return {
    row: onlyRow(storage, "freezes"),
    posted: { status: 201, bytes: JSON.stringify(freezes[0]) },
    read: { path, status: 200, bytes: JSON.stringify({ data: freezes }) },
  };
}

/** The golden transaction of that name, as its log has it. */
function originalNamed(file: string): TransactionRecord {
  const text = readFileSync(`${root}/test/golden/${file}.json`, "utf8");
  const { row } = JSON.parse(text) as { readonly row: TransactionRow };
  return toTransaction(row);
}

/** The body with its wallets brought to `wal_...`, as the edge does. */
function sentRequest({ path, body, original }: Story): SentRequest {
  const operation = allOperations.find((one) => one.path === path);
  operation?.input.parse(body);
  const found = original === undefined ? undefined : originalNamed(original);
  const asked = operation?.read(body, found);
  if (!asked || "problem" in asked) throw new Error(`no transaction can come of it: ${path}`);
  return asked.sent;
}

function recordTransaction(story: Story) {
  const storage = openStorage("transfer-log");
  const store = new TransferLogStore(storage);
  const submission = submissionOf(tenant, story.key, sentRequest(story), story.defaultCurrency);
  const record = recordSubmission(store, submission, story);
  const posted = renderPosted(record);
  const expiration = story.refusal ? undefined : expirationOf(record);
  const surroundings = expiration && { authorization: { expiresAt: expiration.at } };
  const bytes = JSON.stringify(renderDetails(record, { isOperator: true }, surroundings));
  const read = { path: `/transactions/${submission.id}`, status: 200, bytes };
  return {
    row: onlyRow(storage, "transactions"),
    posted: { status: posted.status, bytes: JSON.stringify(posted.body) },
    read,
  };
}

/** The batch and its items; what is read is the first of them. */
function recordBatch(story: Story) {
  const storage = openStorage("transfer-log");
  const store = new TransferLogStore(storage);
  const bodies = story.body["items"] as readonly (Story["body"] & { operation: string })[];
  const sent = bodies.map(({ operation, ...body }) => {
    const { path = "/transactions" } = allOperations.find(({ type }) => type === operation) ?? {};
    return sentRequest({ ...story, path, body });
  });
  const batch = batchOf(tenant, story.key, sent, story.defaultCurrency);
  const records = batch.items.map((item, index) => {
    const refusal = story.refusals?.[index];
    return recordSubmission(store, item, { ...story, ...(refusal && { refusal }) });
  });
  const { items: _, ...about } = batch;
  const createdAt = Date.parse(story.createdAt);
  new BatchStore(storage).insert({ ...about, count: batch.items.length, createdAt });
  const [first] = records;
  if (!first) throw new Error("a batch has an item");
  const bytes = JSON.stringify(renderDetails(first, { isOperator: true }));
  const items = batch.items.map(({ id }) => rowOf(storage, id));
  return {
    row: onlyRow(storage, "batches"),
    items,
    posted: { status: 200, bytes: JSON.stringify({ items: records.map(renderPosted) }) },
    read: { path: `/transactions/${first.id}`, status: 200, bytes },
  };
}

function rowOf(storage: ObjectStorage, id: string): SqlRow {
  const [row] = storage.sql.exec("SELECT * FROM transactions WHERE id = ?", id).toArray();
  if (!row) throw new Error("no such row");
  return { ...row };
}

function renderPosted(record: TransactionRecord) {
  if (record.state !== "rejected") return { status: 201, body: renderSubmission(record, false) };
  const body = renderRefusal(record);
  return { status: body.status, body };
}

function recordSubmission(
  store: TransferLogStore,
  submission: Submission,
  story: Story,
): TransactionRecord {
  const createdAt = Date.parse(story.createdAt);
  store.insertPreparing({
    ...submission,
    state: "preparing",
    lines: linesOf(submission.request),
    renderer: currentRenderer,
    principal: story.principal ?? defaultPrincipal,
    createdAt,
    deadline: createdAt + 30_000,
    requestId: "golden",
    attempts: 0,
    nextAttemptAt: createdAt + 10_000,
    stuck: false,
  });
  const state = story.refusal ? "rejected" : "committed";
  store.decide(submission.id, state, story.refusal, createdAt + 12);
  store.settle(submission.id, { settledAt: createdAt + 21 });
  if (story.cleaned) store.clean(createdAt + 21, 1);
  return store.find(submission.id) as TransactionRecord;
}

const [name] = process.argv.slice(2);
if (!name || !/^[a-z0-9-]+$/.test(name))
  throw new Error("usage: record-golden.ts NAME < story.json");
const story = JSON.parse(readFileSync(0, "utf8")) as Story;
const { about, key, body, original } = story;
const path = original ? story.path.replace("{id}", originalNamed(original).id) : story.path;
const ofTransactions = path === "/transactions/batch" ? recordBatch : recordTransaction;
const record = path.startsWith("/wallets/") ? recordFreeze : ofTransactions;
const recorded = path === "/users" ? recordUser(story) : record(story);
const write = { path, key, body, ...(original !== undefined && { original }) };
const text = JSON.stringify({ about, write, ...recorded }, null, 2);
writeFileSync(`${root}/test/golden/${name}.json`, `${text}\n`, { flag: "wx" });
