// What nothing in the ledger can do: an object's file edited from outside, or put back to an older
// copy. Statements run past every trigger, as an editor of the file would; a careful one also
// recomputes the hashes.
import { env } from "cloudflare:workers";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { entryHash, genesisHash } from "../../src/domain/ledger/entry.ts";
import { walletAddress } from "../../src/domain/ids.ts";
import { toEntry, type EntryRow } from "../../src/durable-objects/account/store.ts";
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

/** Runs statements with no trigger in their way. */
export async function tamper(object: DurableObjectStub, ...statements: string[]): Promise<void> {
  const triggers = await runSql(object, "SELECT name FROM sqlite_master WHERE type = 'trigger'");
  for (const { name } of triggers) await runSql(object, `DROP TRIGGER "${name as string}"`);
  for (const statement of statements) await runSql(object, statement);
}

/** Chains all entries anew, so that every hash is right for what the entries now say. */
export async function rehash(walletId: string): Promise<void> {
  await runInDurableObject(walletObject(walletId), (_instance, { storage }) => {
    let previousHash = genesisHash(tenant, walletAddress(walletId));
    const rows = storage.sql.exec<EntryRow>("SELECT * FROM entries ORDER BY sequence").toArray();
    for (const row of rows) {
      const hash = entryHash({ ...toEntry(row), previousHash });
      const update = "UPDATE entries SET previous_hash = ?, hash = ? WHERE sequence = ?";
      storage.sql.exec(update, previousHash, hash, row.sequence);
      previousHash = hash;
    }
  });
}

const ledgerTables = ["entries", "legs", "checkpoints"] as const;

/** A copy of a wallet's ledger as it is now; the returned function puts it back over a later one. */
export async function copyLedger(object: DurableObjectStub): Promise<() => Promise<void>> {
  const copies = new Map<string, readonly Row[]>();
  for (const table of ledgerTables)
    copies.set(table, await runSql(object, `SELECT * FROM ${table}`));
  const triggers = await runSql(object, "SELECT sql FROM sqlite_master WHERE type = 'trigger'");
  return async () => {
    await tamper(object, ...ledgerTables.map((table) => `DELETE FROM ${table}`));
    for (const [table, rows] of copies) {
      for (const row of rows) {
        const marks = Object.keys(row).map(() => "?");
        const insert = `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${marks.join(", ")})`;
        await runSql(object, insert, ...Object.values(row));
      }
    }
    for (const { sql } of triggers) await runSql(object, sql as string);
    await evictDurableObject(object);
  };
}
