// Counts rows written, as the platform bills them: the objects' storage port with a tally, around
// the real SQLite. An alarm that is set counts as one row.
import type { ObjectStorage, SqlRow, SqlValue } from "../../src/platform/storage.ts";

export interface CountedStorage {
  readonly storage: ObjectStorage;
  /** Rows written since the last call of this function. */
  readonly take: () => number;
}

export function countRows(real: DurableObjectStorage): CountedStorage {
  const cursors: { readonly rowsWritten: number }[] = [];
  let alarms = 0;
  const storage: ObjectStorage = {
    sql: {
      exec<Row extends SqlRow>(statements: string, ...bindings: SqlValue[]) {
        const cursor = real.sql.exec<Row>(statements, ...bindings);
        cursors.push(cursor);
        return cursor;
      },
      get databaseSize() {
        return real.sql.databaseSize;
      },
    },
    transactionSync: (body) => real.transactionSync(body),
    sync: () => real.sync(),
    getAlarm: () => real.getAlarm(),
    setAlarm(time) {
      alarms += 1;
      return real.setAlarm(time);
    },
  };
  const take = () => {
    const rows = cursors.splice(0).reduce((sum, cursor) => sum + cursor.rowsWritten, 0);
    const written = rows + alarms;
    alarms = 0;
    return written;
  };
  return { storage, take };
}
