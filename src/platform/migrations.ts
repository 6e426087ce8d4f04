// Brings an object's schema up to date: lazily, at its first write, so that a probe of an object
// that was never used leaves nothing behind; additively, and never from a constructor.
import type { ObjectStorage } from "./storage.ts";

export interface Migration {
  /** Unique and never renamed or reused: `<number>_<what>`, with the folder in front. */
  readonly id: string;
  readonly sql: string;
}

const createAppliedTable =
  "CREATE TABLE IF NOT EXISTS migrations (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID";
const findAppliedTable =
  "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = 'migrations'";

/** Of an object that was ever written to. */
function appliedIds(storage: ObjectStorage): ReadonlySet<string> {
  const rows = storage.sql.exec<{ id: string }>("SELECT id FROM migrations").toArray();
  return new Set(rows.map((row) => row.id));
}

/** Applies, in one sql transaction, those of the declared migrations that are not applied yet. */
export function migrate(storage: ObjectStorage, declared: readonly Migration[]): void {
  storage.transactionSync(() => {
    storage.sql.exec(createAppliedTable);
    const applied = appliedIds(storage);
    for (const migration of declared) {
      if (applied.has(migration.id)) continue;
      storage.sql.exec(migration.sql);
      storage.sql.exec("INSERT INTO migrations (id) VALUES (?)", migration.id);
    }
  });
}

/** The schema of one instance of an object. */
export class Schema {
  readonly #storage: ObjectStorage;
  readonly #declared: readonly Migration[];
  #current = false;

  constructor(storage: ObjectStorage, declared: readonly Migration[]) {
    this.#storage = storage;
    this.#declared = declared;
  }

  /** Whether it is known to be up to date. */
  get isCurrent(): boolean {
    return this.#current;
  }

  /** Whether the object was ever written to. If so, its schema is up to date afterwards. */
  exists(): boolean {
    if (this.#current) return true;
    if (this.#storage.sql.exec(findAppliedTable).toArray().length === 0) return false;
    this.#useTriggers();
    const applied = appliedIds(this.#storage);
    // Nearly always all of them, and then without a sql transaction.
    const isCurrent = this.#declared.every(({ id }) => applied.has(id));
    if (!isCurrent) migrate(this.#storage, this.#declared);
    this.#current = true;
    return true;
  }

  /** Creates what is missing. For a first use: inside its sql transaction. */
  create(): void {
    this.#useTriggers();
    migrate(this.#storage, this.#declared);
    this.#current = true;
  }

  /** Triggers must see the rows that REPLACE deletes; the setting holds for one instance. */
  #useTriggers(): void {
    this.#storage.sql.exec("PRAGMA recursive_triggers = 1");
  }

  /** A sql transaction was rolled back, perhaps with tables that it had created. */
  rolledBack(): void {
    this.#current = false;
  }
}
