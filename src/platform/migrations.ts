// Brings an object's schema up to date: lazily, at its first write, so that a probe of an object
// that was never used leaves nothing behind; additively, and never from a constructor.
import type { ObjectStorage } from "./storage.ts";

export interface Migration {
  /** Unique for ever and never renamed: `<number>_<what>`, with the folder in front. */
  readonly id: string;
  readonly sql: string;
}

const createAppliedTable =
  "CREATE TABLE IF NOT EXISTS migrations (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID";

/** Whether any migration was ever applied here: false for an object that was never written to. */
export function isInitialised(storage: ObjectStorage): boolean {
  const query = "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = 'migrations'";
  return storage.sql.exec(query).toArray().length > 0;
}

/** Applies, in one sql transaction, those of the declared migrations that are not applied yet. */
export function migrate(storage: ObjectStorage, declared: readonly Migration[]): void {
  storage.transactionSync(() => {
    storage.sql.exec(createAppliedTable);
    const rows = storage.sql.exec<{ id: string }>("SELECT id FROM migrations").toArray();
    const applied = new Set(rows.map((row) => row.id));
    for (const migration of declared) {
      if (applied.has(migration.id)) continue;
      storage.sql.exec(migration.sql);
      storage.sql.exec("INSERT INTO migrations (id) VALUES (?)", migration.id);
    }
  });
}

/** Triggers must see the rows that REPLACE deletes. Holds for one instance: set at every start. */
export function enforceTriggers(storage: ObjectStorage): void {
  storage.sql.exec("PRAGMA recursive_triggers = 1");
}
