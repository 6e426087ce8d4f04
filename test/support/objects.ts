// A look into the SQLite of an object, and attacks on it: statements run inside the object, past
// its code. Whether a table may be changed is up to the object's triggers alone.
import { runInDurableObject } from "cloudflare:test";
import type { ObjectStorage } from "../../src/platform/storage.ts";

export type Row = Readonly<Record<string, SqlStorageValue>>;

/** A column that must be text. */
export function textOf(value: SqlStorageValue | undefined): string {
  if (typeof value !== "string") throw new Error("no text in this column");
  return value;
}

/** Runs statements inside an object and returns the rows of the last one. */
export function runSql(object: DurableObjectStub, sql: string, ...bindings: SqlStorageValue[]) {
  return runInDurableObject(object, (_instance, state): Row[] =>
    state.storage.sql.exec(sql, ...bindings).toArray(),
  );
}

/** The names of the object's tables, without those of the runtime. */
export async function tablesOf(object: DurableObjectStub): Promise<string[]> {
  const rows = await runSql(
    object,
    `SELECT name FROM sqlite_master
     WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*' ORDER BY name`,
  );
  return rows.map((row) => textOf(row["name"]));
}

/** Every row of every table, as text: two equal contents are byte-identical. */
export async function contentsOf(object: DurableObjectStub): Promise<string> {
  const contents: Record<string, string[]> = {};
  for (const table of await tablesOf(object)) {
    const rows = await runSql(object, `SELECT * FROM "${table}"`);
    contents[table] = rows.map((row) => JSON.stringify(row)).toSorted();
  }
  return JSON.stringify(contents, null, 1);
}

/** When the object's alarm is set for, in ms since the epoch; null where none is. */
export function alarmOf(object: DurableObjectStub): Promise<number | null> {
  return runInDurableObject(object, (_instance, state) => state.storage.getAlarm());
}

/** The message of the error that a call ends with; empty where it ends well. */
export async function failureOf(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Runs a statement that the object's triggers must refuse; returns the message of the refusal. */
export async function refusalOf(object: DurableObjectStub, sql: string): Promise<string> {
  return runInDurableObject(object, (_instance, state) =>
    failureOf(async () => state.storage.sql.exec(sql).toArray()),
  );
}

/** Makes every write of the kind fail inside the object until the returned function is called: an
 *  account that is broken or cannot be reached, with the object's own code untouched. */
export async function breakTable(
  object: DurableObjectStub,
  event: "INSERT" | "UPDATE",
  table: string,
): Promise<() => Promise<void>> {
  const name = `broken_${table}_${event.toLowerCase()}`;
  await runSql(
    object,
    `CREATE TRIGGER ${name} BEFORE ${event} ON ${table}
     BEGIN SELECT RAISE(ABORT, 'broken by a test'); END`,
  );
  return async () => {
    await runSql(object, `DROP TRIGGER ${name}`);
  };
}

/** Hides a table from the object's code until the returned function is called. */
export async function hideTable(
  object: DurableObjectStub,
  table: string,
): Promise<() => Promise<void>> {
  await runSql(object, `ALTER TABLE ${table} RENAME TO hidden`);
  return async () => {
    await runSql(object, `ALTER TABLE hidden RENAME TO ${table}`);
  };
}

/** Storage the commits of which fail when told to: what was written is rolled back after the code
 *  has gone on. */
export function failingCommits(real: DurableObjectStorage): {
  readonly storage: ObjectStorage;
  readonly failing: (fails: boolean) => void;
} {
  let fails = false;
  let depth = 0;
  const storage: ObjectStorage = {
    sql: real.sql,
    transactionSync: (body) =>
      real.transactionSync(() => {
        depth += 1;
        try {
          const result = body();
          // The outermost only: it is the one that is committed.
          if (fails && depth === 1) throw new Error("broken by a test");
          return result;
        } finally {
          depth -= 1;
        }
      }),
    sync: () => real.sync(),
    getAlarm: () => real.getAlarm(),
    setAlarm: (time) => real.setAlarm(time),
  };
  return { storage, failing: (does) => (fails = does) };
}
