// Golden answers: rows as a release has left them in the tables, put back into the SQLite of the
// objects that they belong to. What the objects and the edge then answer is theirs alone.
import { runInDurableObject } from "cloudflare:test";
import { logShardOf, userIdFor, walletIdOfUser } from "../../src/domain/ids.ts";
import {
  transferLogMigrations,
  walletMigrations,
} from "../../src/durable-objects/rpc/migrations.ts";
import { migrate } from "../../src/platform/migrations.ts";
import { tenant } from "./caller.ts";
import { logObject, walletObject } from "./stubs.ts";

type Row = Readonly<Record<string, string | number | null>>;

interface Recorded {
  readonly status: number;
  /** The body, to the byte. */
  readonly bytes: string;
}

export interface Golden {
  readonly about: string;
  readonly write: {
    readonly path: string;
    readonly key: string;
    readonly body: object;
    /** The golden transaction that the path names: its file. */
    readonly original?: string;
  };
  readonly row: Row;
  /** Of a batch, whose row is the batch's own. */
  readonly items?: readonly Row[];
  readonly posted: Recorded;
  readonly read: Recorded & { readonly path: string };
}

declare global {
  interface ImportMeta {
    /** Of the bundler of the tests: the texts of the matching files, by path. */
    glob(
      pattern: string,
      options: { readonly query: "?raw"; readonly eager: true; readonly import: "default" },
    ): Readonly<Record<string, string>>;
  }
}

const files = import.meta.glob("../golden/*.json", {
  query: "?raw",
  eager: true,
  import: "default",
});

/** Every golden answer, by the name of its file. */
export const goldens: readonly (readonly [name: string, golden: Golden])[] = Object.entries(
  files,
).map(([path, text]) => [path.replace(/^.*\/|\.json$/g, ""), JSON.parse(text) as Golden]);

/** A row's columns cannot be bound by name: they are listed, and their values bound in order. */
function insert(sql: SqlStorage, table: string, row: Row): void {
  const columns = Object.keys(row);
  const places = columns.map(() => "?").join();
  sql.exec(`INSERT INTO ${table} (${columns.join()}) VALUES (${places})`, ...Object.values(row));
}

function putUser({ write, row }: Golden): Promise<void> {
  const walletId = walletIdOfUser(userIdFor(tenant, write.key));
  return runInDurableObject(walletObject(walletId), (_instance, { storage }) => {
    storage.transactionSync(() => {
      migrate(storage, walletMigrations);
      const identity = { id: 1, class: "wallet", tenant, account: walletId, genesis: "0" };
      insert(storage.sql, "identity", { ...identity, opened_at: row["created_at"] ?? 0 });
      insert(storage.sql, "profiles", row);
    });
  });
}

/** Into a wallet that is opened for it. */
function putFreeze({ write, row }: Golden): Promise<void> {
  const walletId = write.path.split("/")[2] ?? "";
  return runInDurableObject(walletObject(walletId), (_instance, { storage }) => {
    storage.transactionSync(() => {
      migrate(storage, walletMigrations);
      const identity = { id: 1, class: "wallet", tenant, account: walletId, genesis: "0" };
      insert(storage.sql, "identity", { ...identity, opened_at: row["created_at"] ?? 0 });
      insert(storage.sql, "freezes", row);
    });
  });
}

/** The triggers let a row in only as it would come to be: recorded first, decided and settled
 *  afterwards, cleaned in the end. */
async function putTransaction({ write, row }: Golden): Promise<void> {
  const original = goldens.find(([name]) => name === write.original)?.[1];
  if (original) await putTransaction(original);
  await putTransactionRow(row);
}

async function putBatch({ row, items = [] }: Golden): Promise<void> {
  for (const item of items) await putTransactionRow(item);
  await runInDurableObject(logObject(String(row["id"])), (_instance, { storage }) => {
    const known = "SELECT 1 FROM batches WHERE id = ?";
    if (storage.sql.exec(known, row["id"] ?? null).toArray().length > 0) return;
    insert(storage.sql, "batches", row);
  });
}

async function putTransactionRow(row: Row): Promise<void> {
  const id = String(row["id"]);
  await runInDurableObject(logObject(id), (_instance, { storage }) => {
    storage.transactionSync(() => {
      migrate(storage, transferLogMigrations);
      storage.sql.exec(
        "INSERT INTO identity (id, class, shard, shards) SELECT 1, 'transfer-log', ?, 256" +
          " WHERE NOT EXISTS (SELECT 1 FROM identity)",
        logShardOf(id),
      );
      const known = "SELECT 1 FROM transactions WHERE open IN (0, 1, 2) AND id = ?";
      if (storage.sql.exec(known, id).toArray().length > 0) return;
      const { open: _, state, refusal, decided_at, settled_at, ...recorded } = row;
      insert(storage.sql, "transactions", { ...recorded, open: 1, state: "preparing" });
      storage.sql.exec(
        "UPDATE transactions SET open = 0, state = ?, refusal = ?, decided_at = ?, settled_at = ?" +
          " WHERE open = 1 AND id = ?",
        ...[state, refusal, decided_at, settled_at].map((value) => value ?? null),
        id,
      );
    });
  });
}

/** Puts the row into the object that it belongs to. */
export function putRow(golden: Golden): Promise<void> {
  const { path } = golden.write;
  if (path === "/users") return putUser(golden);
  if (golden.items) return putBatch(golden);
  return path.startsWith("/wallets/") ? putFreeze(golden) : putTransaction(golden);
}
