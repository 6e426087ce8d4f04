// What nothing in the ledger can do: an object's file edited from outside, or put back to an older
// copy. Statements run past every trigger, as an editor of the file would; a careful one also
// recomputes the hashes.
import { env } from "cloudflare:workers";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { entryHash, genesisHash } from "../../src/domain/ledger/entry.ts";
import { walletAddress } from "../../src/domain/ids.ts";
import { toEntry, type EntryRow } from "../../src/durable-objects/account/rows.ts";
import type { AuditReport } from "../../src/durable-objects/account/audit-contract.ts";
import { walletStub } from "../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "./caller.ts";
import { walletObject } from "./stubs.ts";
import { runSql, type Row } from "./objects.ts";

export async function audit(walletId: string): Promise<AuditReport> {
  const report = await walletStub(env, tenant, walletId).audit({ ...call, walletId });
  if (!report.ok) throw new Error(report.problem);
  return report;
}

/** Runs one statement with no trigger in its way, as a careful editor would: afterwards all of them
 *  are there again. */
export function pastTriggers(
  object: DurableObjectStub,
  statement: string,
  ...bindings: SqlStorageValue[]
): Promise<void> {
  return runInDurableObject(object, (_instance, { storage: { sql } }) => {
    const triggers = sql
      .exec<{ name: string; sql: string }>(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
      )
      .toArray();
    for (const { name } of triggers) sql.exec(`DROP TRIGGER "${name}"`);
    try {
      sql.exec(statement, ...bindings);
    } finally {
      for (const trigger of triggers) sql.exec(trigger.sql);
    }
  });
}

export async function tamper(object: DurableObjectStub, ...statements: string[]): Promise<void> {
  for (const statement of statements) await pastTriggers(object, statement);
}

/** Chains all entries anew, so that every hash is right for what the entries now say. */
export async function rehash(walletId: string): Promise<void> {
  const object = walletObject(walletId);
  let previousHash = genesisHash(tenant, walletAddress(walletId));
  const hashes = await runInDurableObject(object, (_instance, { storage }) =>
    storage.sql
      .exec<EntryRow>("SELECT * FROM entries ORDER BY sequence")
      .toArray()
      .map((row) => {
        const hash = entryHash({ ...toEntry(row), previousHash });
        const chained = [row.sequence, previousHash, hash];
        previousHash = hash;
        return chained;
      }),
  );
  await pastTriggers(
    object,
    `UPDATE entries SET previous_hash = chained.value ->> 1, hash = chained.value ->> 2
     FROM json_each(?) AS chained WHERE sequence = chained.value ->> 0`,
    JSON.stringify(hashes),
  );
}

const ledgerTables = ["entries", "legs", "claims", "checkpoints"] as const;

/** A copy of a wallet's ledger as it is now; the returned function puts it back over a later one. */
export async function copyLedger(object: DurableObjectStub): Promise<() => Promise<void>> {
  const copies = new Map<string, readonly Row[]>();
  for (const table of ledgerTables)
    copies.set(table, await runSql(object, `SELECT * FROM ${table}`));
  return async () => {
    await tamper(object, ...ledgerTables.map((table) => `DELETE FROM ${table}`));
    for (const [table, rows] of copies) {
      for (const row of rows) {
        const marks = Object.keys(row).map(() => "?");
        const insert = `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${marks.join(", ")})`;
        await pastTriggers(object, insert, ...Object.values(row));
      }
    }
    await evictDurableObject(object);
  };
}
