// Guarantee: an object whose tables are of an earlier release gets the newer migrations at its next
// use, keeps every row as it was, and then works as if it had been made today.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { logShardOf } from "../../src/domain/ids.ts";
import { transferLogMigrations } from "../../src/durable-objects/schema.ts";
import { migrate, type Migration } from "../../src/platform/migrations.ts";
import {
  fundedWallet,
  funding,
  logObject,
  openWallet,
  outcomeOf,
  submission,
  submit,
  transfer,
} from "../support/ledger.ts";
import { keyInShard } from "../support/log-rows.ts";
import { runSql, textOf } from "../support/objects.ts";

/** A shard that no other test of this file uses. */
const shard = 7;

const appliedTo = async (object: DurableObjectStub): Promise<string[]> =>
  (await runSql(object, "SELECT id FROM migrations ORDER BY id")).map(({ id }) => textOf(id));

/** Makes an object as an earlier release did: its tables, and what `fill` writes into them. */
function makeOld(
  object: DurableObjectStub,
  migrations: readonly Migration[],
  fill: (sql: SqlStorage) => void,
): Promise<void> {
  return runInDurableObject(object, (_instance, { storage }) => {
    storage.transactionSync(() => {
      migrate(storage, migrations);
      fill(storage.sql);
    });
  });
}

describe("a log shard without principals", () => {
  it("keeps its rows, answers them, and records the principal of new ones", async () => {
    const receiver = await openWallet();
    const [sender, old] = [
      await fundedWallet(10),
      submission(funding(receiver, 5), keyInShard(shard)),
    ];
    const log = logObject(old.id);
    await makeOld(log, transferLogMigrations.slice(0, 1), (sql) => {
      sql.exec(
        "INSERT INTO identity (id, class, shard, shards) VALUES (1, 'transfer-log', ?, 256)",
        logShardOf(old.id),
      );
      sql.exec(
        `INSERT INTO transactions (open, id, tenant, fingerprint, state, request, legs, renderer,
           request_id, created_at, deadline, attempts, next_attempt_at, stuck)
         VALUES (1, ?, ?, ?, 'preparing', ?, '[]', 1, 'old', 1, 2, 0, 3, 0)`,
        old.id,
        old.tenant,
        old.fingerprint,
        JSON.stringify(old.request),
      );
      sql.exec("UPDATE transactions SET state = 'committed', decided_at = 2");
      sql.exec("UPDATE transactions SET open = 0, settled_at = 3");
    });
    expect(await appliedTo(log)).toEqual(["transfer-log/0001_transactions"]);
    await evictDurableObject(log);

    const replay = await submit(old);
    expect(replay).toMatchObject({ outcome: "settled", replayed: true });
    expect(replay).not.toHaveProperty("transaction.principal");
    expect(await appliedTo(log)).toEqual(transferLogMigrations.map(({ id }) => id));

    const fresh = submission(transfer(sender, receiver, 5), keyInShard(shard));
    expect(outcomeOf(await submit(fresh))).toBe("committed");
    const rows = await runSql(log, "SELECT id, principal FROM transactions ORDER BY principal");
    expect(rows).toEqual([
      { id: old.id, principal: null },
      { id: fresh.id, principal: "test" },
    ]);
  });
});
