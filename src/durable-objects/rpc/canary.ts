// The health check of a class: the canary object writes to its own SQLite and reads it back. Throws
// in any other object: a real account or log never gets a canary table.
import canarySql from "../../../migrations/canary/0001_canary.sql";
import type { Clock } from "../../platform/clock.ts";
import { migrate } from "../../platform/migrations.ts";
import type { ObjectStorage } from "../../platform/storage.ts";
import type { ProbeResult } from "./contract.ts";
import { canaryName } from "./stubs.ts";

const migrations = [{ id: "canary/0001_canary", sql: canarySql }];

export async function probeStorage(
  state: { readonly id: DurableObjectId; readonly storage: DurableObjectStorage },
  clock: Clock,
): Promise<ProbeResult> {
  if (state.id.name !== canaryName) throw new Error("only a canary may be probed");
  const storage: ObjectStorage = state.storage;
  const token = crypto.randomUUID();
  const startedAt = clock.now();
  migrate(storage, migrations);
  storage.sql.exec("INSERT OR REPLACE INTO canary (id, token) VALUES (1, ?)", token);
  await state.storage.sync();
  const writtenAt = clock.now();
  const [row] = storage.sql.exec<{ token: string }>("SELECT token FROM canary").toArray();
  if (row?.token !== token) throw new Error("the canary did not read back what it wrote");
  return {
    writeMs: Math.max(writtenAt - startedAt, 0),
    readMs: Math.max(clock.now() - writtenAt, 0),
  };
}
