// The narrow view of an object's storage that everything below the shells works with. The runtime's
// own `DurableObjectStorage` fits it, and so does any other SQLite behind the same few methods.

export type SqlValue = string | number | null;
export type SqlRow = Record<string, SqlValue>;

export interface SqlRows<Row> extends Iterable<Row> {
  toArray(): Row[];
}

export interface Sql {
  /** Runs one or more statements; the rows are those of the last. Bindings are numbers (bound as
   *  REAL: STRICT tables and CAST make integers of them again), text and NULL. */
  exec<Row extends SqlRow>(statements: string, ...bindings: SqlValue[]): SqlRows<Row>;
  /** Bytes on disk. */
  readonly databaseSize: number;
}

export interface ObjectStorage {
  readonly sql: Sql;
  /** Runs `body` in one sql transaction: all of it is kept, or, when it throws, nothing. */
  transactionSync<T>(body: () => T): T;
  /** Resolves when everything that was written before is durable. */
  sync(): Promise<void>;
  /** Ms since the epoch; null where none is set, and while the alarm handler runs. */
  getAlarm(): Promise<number | null>;
  setAlarm(time: number): Promise<void>;
}
