// The storage of one simulated object: real SQLite in memory, and a journal of its sql transactions
// that knows which of them are durable. A crash keeps a prefix of the journal, never less than what
// is durable; the database is then built again from what was kept.
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { ObjectStorage, Sql, SqlRow, SqlRows, SqlValue } from "../../src/platform/storage.ts";
import { kindOf, parametersOf, type Statement } from "./statements.ts";

/** An error that the disk makes up. Real errors of SQLite are never of this class. */
export class StorageFault extends Error {
  constructor(what: string) {
    super(`simulated: ${what}`);
  }
}

/** What may go wrong with storage, asked at each opportunity. */
export interface StorageFaults {
  strikes(
    kind:
      | "statement_failed"
      | "sql_transaction_failed"
      | "sync_refused"
      | "slow_set_alarm"
      | "log_full",
  ): boolean;
  /** Resolves when everything that was written before is durable; or rejects. */
  durable(): Promise<void>;
  /** Resolves in a later event. */
  pause(): Promise<void>;
}

/** One committed sql transaction, and the alarm as it is after it. */
interface Unit {
  readonly statements: readonly Statement[];
  readonly alarm: number | null;
}

const fullBytes = 9_999_999_999;

export class Disk {
  #database = new DatabaseSync(":memory:");
  #prepared = new Map<string, StatementSync>();
  readonly #journal: Unit[] = [];
  #durable = 0;
  #alarm: number | null = null;
  /** The alarm is being handled: it counts as not set, and is kept until the handler succeeds. */
  #alarmFiring = false;
  #open: Statement[] | undefined;
  #depth = 0;
  /** Grows whenever the contents may have changed: observers then look again. */
  changes = 0;
  /** Grows whenever something that was there may be gone. */
  generation = 0;
  /** Sees every write in the state that it leaves, before the sql transaction ends. */
  watch: ((statement: Statement) => void) | undefined;

  get written(): number {
    return this.#journal.length;
  }

  get durable(): number {
    return this.#durable;
  }

  /** The alarm that survives: also while it is being handled. */
  get alarm(): number | null {
    return this.#alarm;
  }

  get durableAlarm(): number | null {
    return this.#journal[this.#durable - 1]?.alarm ?? null;
  }

  /** For observers and for what people do by hand: reads, and writes as one unit. */
  query<Row extends SqlRow>(sql: string, ...bindings: SqlValue[]): Row[] {
    return this.#run({ sql, bindings }) as Row[];
  }

  /** Breaks what production code cannot break: to show that a checker notices. */
  tamper(sql: string): void {
    this.#database.exec(sql);
    this.changes += 1;
    this.generation += 1;
  }

  makeDurable(upTo: number): void {
    this.#durable = Math.max(this.#durable, Math.min(upTo, this.#journal.length));
  }

  /** Loses everything after the first `kept` units. */
  crash(kept: number): void {
    this.#alarmFiring = false;
    this.#open = undefined;
    this.#depth = 0;
    this.changes += 1;
    if (kept < this.#durable) throw new Error("what is durable cannot be lost");
    if (kept >= this.#journal.length) {
      this.#database.exec("PRAGMA recursive_triggers = 0");
      return;
    }
    this.generation += 1;
    this.#journal.length = kept;
    this.#alarm = this.#journal.at(-1)?.alarm ?? null;
    this.#database.close();
    this.#database = new DatabaseSync(":memory:");
    this.#prepared = new Map();
    this.#database.exec("BEGIN");
    for (const unit of this.#journal) unit.statements.forEach((one) => this.#execute(one));
    this.#database.exec("COMMIT");
  }

  alarmStarts(): void {
    this.#alarmFiring = true;
  }

  /** The handler succeeded; unless it set another alarm there is none any more. */
  alarmSucceeded(): void {
    if (this.#alarmFiring) this.dropAlarm();
  }

  alarmFailed(): void {
    this.#alarmFiring = false;
  }

  dropAlarm(): void {
    this.#alarmFiring = false;
    this.#alarm = null;
    this.#append([]);
  }

  close(): void {
    this.#database.close();
  }

  /** The storage as an instance sees it. A crashed instance must never use it again. */
  mount(isAlive: () => boolean, faults: StorageFaults): ObjectStorage {
    const guard = () => {
      if (!isAlive()) throw new Error("a crashed instance went on running");
    };
    const sql: Sql = {
      exec: <Row extends SqlRow>(statements: string, ...bindings: SqlValue[]): SqlRows<Row> => {
        guard();
        if (faults.strikes("statement_failed")) throw new StorageFault("disk I/O error");
        const rows = this.#run({ sql: statements, bindings }) as Row[];
        return { toArray: () => rows, [Symbol.iterator]: () => rows[Symbol.iterator]() };
      },
      get databaseSize() {
        return faults.strikes("log_full") ? fullBytes : 0;
      },
    };
    return {
      sql,
      transactionSync: (body) => {
        guard();
        return this.#transaction(body, faults);
      },
      sync: () => {
        guard();
        if (faults.strikes("sync_refused")) throw new StorageFault("sync refused");
        return faults.durable();
      },
      getAlarm: async () => {
        guard();
        return this.#alarmFiring ? null : this.#alarm;
      },
      setAlarm: (time) => {
        guard();
        if (faults.strikes("statement_failed")) throw new StorageFault("disk I/O error");
        this.#alarm = time;
        this.#alarmFiring = false;
        if (this.#depth === 0) this.#append([]);
        return faults.strikes("slow_set_alarm") ? faults.pause() : Promise.resolve();
      },
    };
  }

  #run(statement: Statement): unknown[] {
    const rows = this.#execute(statement);
    if (kindOf(statement.sql) === "read") return rows;
    this.watch?.(statement);
    if (this.#open) this.#open.push(statement);
    else this.#append([statement]);
    return rows;
  }

  #execute(statement: Statement): unknown[] {
    if (kindOf(statement.sql) === "script") {
      this.#database.exec(statement.sql);
      return [];
    }
    let prepared = this.#prepared.get(statement.sql);
    if (!prepared) {
      prepared = this.#database.prepare(statement.sql);
      this.#prepared.set(statement.sql, prepared);
    }
    const parameters = parametersOf(statement);
    return prepared.all(...(parameters as SqlValue[]));
  }

  #transaction<T>(body: () => T, faults: StorageFaults): T {
    const outermost = this.#depth === 0;
    const savepoint = `level_${this.#depth}`;
    const alarm = this.#alarm;
    const firing = this.#alarmFiring;
    const statements = (this.#open ??= []);
    const before = statements.length;
    this.#database.exec(outermost ? "BEGIN" : `SAVEPOINT ${savepoint}`);
    this.#depth += 1;
    try {
      const result = body();
      if (outermost && faults.strikes("sql_transaction_failed")) {
        throw new StorageFault("sql transaction could not be committed");
      }
      this.#database.exec(outermost ? "COMMIT" : `RELEASE ${savepoint}`);
      this.#depth -= 1;
      if (outermost) {
        this.#open = undefined;
        if (statements.length > 0 || alarm !== this.#alarm) this.#append(statements);
      }
      return result;
    } catch (error) {
      this.#database.exec(
        outermost ? "ROLLBACK" : `ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`,
      );
      this.#depth -= 1;
      this.#alarm = alarm;
      this.#alarmFiring = firing;
      statements.length = before;
      if (outermost) this.#open = undefined;
      throw error;
    }
  }

  #append(statements: readonly Statement[]): void {
    this.#journal.push({ statements, alarm: this.#alarm });
    this.changes += 1;
  }
}
