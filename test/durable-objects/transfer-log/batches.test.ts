// Guarantee: a batch and all of its items are recorded together or not at all; its key is used once;
// whatever a crash leaves of the work on its items is finished, and its replay is whole. Rows that
// contradict each other move nothing.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { logShardOf, transactionIdFor } from "../../../src/domain/ids.ts";
import { batchItemsMax } from "../../../src/domain/limits.ts";
import type { Batch } from "../../../src/domain/protocol/batch.ts";
import { transferLogMigrations } from "../../../src/durable-objects/rpc/migrations.ts";
import { BatchStore } from "../../../src/durable-objects/transfer-log/batch-store.ts";
import { newTransaction } from "../../../src/durable-objects/transfer-log/new-transaction.ts";
import { TransferLogStore } from "../../../src/durable-objects/transfer-log/store.ts";
import { Schema } from "../../../src/platform/migrations.ts";
import type { ObjectStorage } from "../../../src/platform/storage.ts";
import { attacksThatPass, rewritesOf } from "../../support/attacks.ts";
import { batchUnder, outcomesOf, submitBatch } from "../../support/batches.ts";
import { call, tenant } from "../../support/caller.ts";
import { keyInShard, newKey } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { alarmOf, failureOf, refusalOf, runSql, textOf } from "../../support/objects.ts";
import { logObject } from "../../support/stubs.ts";
import { balanceOf, fundedWallet, openWallet } from "../../support/wallets.ts";

/** No other test of this file uses it. */
const shard = 31;

const idsIn = async (batch: Batch) => {
  const log = logObject(batch.id);
  const ids = JSON.stringify([batch.id, ...batch.items.map(({ id }) => id)]);
  const among = "SELECT id FROM %s WHERE id IN (SELECT value FROM json_each(?))";
  const batches = await runSql(log, among.replace("%s", "batches"), ids);
  const transactions = await runSql(log, among.replace("%s", "transactions"), ids);
  return { batches: batches.length, transactions: transactions.length };
};

/** As the first submission to a shard does. */
function createShard(storage: ObjectStorage, { id }: Batch): void {
  const schema = new Schema(storage, transferLogMigrations);
  if (schema.exists()) return;
  schema.create();
  new TransferLogStore(storage).insertIdentity(logShardOf(id), 256);
}

/** Drops the triggers that keep the rows as they are, as somebody with the file could. */
async function edit(batch: Batch, sql: string): Promise<void> {
  const log = logObject(batch.id);
  const triggers = await runSql(log, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'");
  await runInDurableObject(log, (_instance, { storage }) => {
    for (const { name } of triggers) storage.sql.exec(`DROP TRIGGER ${textOf(name)}`);
    storage.sql.exec(sql);
    for (const { sql: trigger } of triggers) storage.sql.exec(textOf(trigger));
  });
}

describe("the rows of a batch", () => {
  it("are written together or not at all", async () => {
    const [from, to] = await Promise.all([fundedWallet(10), openWallet()]);
    const batch = batchUnder(keyInShard(shard), transfer(from, to, 1), transfer(from, to, 2));
    const log = logObject(batch.id);
    // The shard has its alarm: a single row would need no sql transaction.
    await submit(submission(funding(to, 1), keyInShard(shard)));
    await runInDurableObject(log, (_instance, { storage }) => {
      storage.sql.exec(`CREATE TRIGGER broken BEFORE INSERT ON transactions
        WHEN NEW.id = '${batch.items[1]?.id}' BEGIN SELECT RAISE(ABORT, 'broken by a test'); END`);
    });
    expect(await failureOf(() => submitBatch(batch))).toMatch(/broken by a test/);
    expect(await idsIn(batch)).toEqual({ batches: 0, transactions: 0 });

    await runSql(log, "DROP TRIGGER broken");
    expect(outcomesOf(await submitBatch(batch))).toEqual(["committed", "committed"]);
    expect(await idsIn(batch)).toEqual({ batches: 1, transactions: 2 });
    expect(await balanceOf(from)).toBe(7);
  });

  it("have an alarm, and what a crash left undone is finished by it", async () => {
    const [from, to] = await Promise.all([fundedWallet(10), openWallet()]);
    const batch = batchUnder(newKey(), transfer(from, to, 1), transfer(from, to, 200));
    const log = logObject(batch.id);
    const createdAt = Date.now() - 11_000;
    await runInDurableObject(log, (_instance, { storage }) => {
      createShard(storage, batch);
      const store = new TransferLogStore(storage);
      storage.transactionSync(() => {
        const made = { principal: "test", requestId: "crashed" };
        for (const item of batch.items)
          store.insertPreparing(newTransaction(item, made, createdAt));
        const { id, fingerprint } = batch;
        new BatchStore(storage).insert({ id, tenant, fingerprint, count: 2, createdAt });
      });
    });
    await evictDurableObject(log);
    await runSql(log, "SELECT 1");
    expect(await alarmOf(log)).not.toBeNull();
    await runDurableObjectAlarm(log);
    expect(await balanceOf(to)).toBe(1);
    const replay = await submitBatch(batch);
    expect(outcomesOf(replay)).toEqual(["committed", "insufficient_funds"]);
    expect(replay).toMatchObject({ replayed: true });
    expect(await balanceOf(to)).toBe(1);
  });

  it("are immutable, and their key is used once, below the code too", async () => {
    const [from, to] = await Promise.all([fundedWallet(10), openWallet()]);
    const batch = batchUnder(newKey(), transfer(from, to, 1));
    await submitBatch(batch);
    const log = logObject(batch.id);
    const attacks = await rewritesOf(log, "batches", `id = '${batch.id}'`);
    expect(await attacksThatPass(log, attacks, /batch/)).toEqual([]);
    const [item] = batch.items;
    const columns = `tenant, fingerprint, request, details, lines, renderer, principal, request_id,
      created_at, attempts, next_attempt_at, stuck`;
    const single = `INSERT INTO transactions (open, id, state, ${columns})
      SELECT 1, '${batch.id}', 'preparing', ${columns} FROM transactions WHERE id = '${item?.id}'`;
    expect(await refusalOf(log, single)).toMatch(/the key is that of a batch/);
    const twice = `INSERT INTO batches (id, tenant, fingerprint, count, created_at)
      VALUES ('${item?.id}', 'main', 'fp1:0', 1, 0)`;
    expect(await refusalOf(log, twice)).toMatch(/the key is that of a transaction/);
  });
});

describe("the key of a batch", () => {
  it("is told to be used, as a transaction's is, to its own tenant only", async () => {
    const [from, to] = await Promise.all([fundedWallet(10), openWallet()]);
    const batch = batchUnder(newKey(), transfer(from, to, 1));
    const log = logObject(batch.id) as unknown as {
      isUsed(asked: object): Promise<boolean>;
      find(asked: object): Promise<object>;
    };
    const about = (transactionId: string, of = tenant) => ({ ...call, tenant: of, transactionId });
    expect(await log.isUsed(about(batch.id))).toBe(false);
    await submitBatch(batch);
    expect(await log.isUsed(about(batch.id))).toBe(true);
    expect(await log.isUsed(about(batch.id, "other"))).toBe(false);
    expect(await log.isUsed(about(batch.items[0]?.id ?? ""))).toBe(true);
    expect(await log.isUsed(about(batch.items[0]?.id ?? "", "other"))).toBe(false);
    expect(await log.find(about(batch.id))).toEqual({ ok: false, problem: "not_found" });
  });

  it("is refused to a single operation, and the other way round", async () => {
    const [from, to] = await Promise.all([fundedWallet(10), openWallet()]);
    const [used, single] = [newKey(), newKey()];
    await submitBatch(batchUnder(used, transfer(from, to, 1)));
    const reused = await submit(submission(transfer(from, to, 1), used));
    expect(outcomeOf(reused)).toBe("idempotency_key_reused");
    await submit(submission(transfer(from, to, 1), single));
    const batch = batchUnder(single, transfer(from, to, 1));
    expect(outcomesOf(await submitBatch(batch))).toEqual(["idempotency_key_reused"]);
    expect(await idsIn(batch)).toEqual({ batches: 0, transactions: 1 });
    expect(await balanceOf(from)).toBe(8);
  });

  it("is not replayed by the request's own repeat", async () => {
    const [from, to] = await Promise.all([fundedWallet(10), openWallet()]);
    const batch = batchUnder(newKey(), transfer(from, to, 1));
    const nonce = "nonce-of-one";
    expect(await submitBatch(batch, { nonce })).toMatchObject({ replayed: false });
    expect(await submitBatch(batch, { nonce })).toMatchObject({ replayed: false });
    expect(await submitBatch(batch, { nonce: "of-two" })).toMatchObject({ replayed: true });
    expect(await submitBatch(batch)).toMatchObject({ replayed: true });
    expect(await balanceOf(from)).toBe(9);
  });

  it("of two equal batches at once leads to one", async () => {
    const [from, to] = await Promise.all([fundedWallet(10), openWallet()]);
    const batch = batchUnder(newKey(), transfer(from, to, 1), transfer(from, to, 2));
    const answers = await Promise.all(
      [1, 2, 3].map((nonce) => submitBatch(batch, { nonce: `${nonce}` })),
    );
    expect(new Set(answers.map((one) => JSON.stringify(outcomesOf(one)))).size).toBe(1);
    expect(answers.filter((one) => "replayed" in one && !one.replayed).length).toBe(1);
    expect(await balanceOf(from)).toBe(7);
  });
});

describe("a batch whose rows were edited", () => {
  /** A batch that is done, and another one under its key. */
  const settled = async () => {
    const [from, to] = await Promise.all([fundedWallet(100), openWallet()]);
    const key = newKey();
    const batch = batchUnder(key, transfer(from, to, 1), transfer(from, to, 2));
    await submitBatch(batch);
    return { batch, other: batchUnder(key, transfer(from, to, 50), transfer(from, to, 2)), from };
  };

  it("that says another number of items is not answered", async () => {
    const { batch } = await settled();
    await edit(batch, `UPDATE batches SET count = 1 WHERE id = '${batch.id}'`);
    expect(await failureOf(() => submitBatch(batch))).toMatch(/items of a batch are not/);
  });

  it("that has the fingerprint of another one moves nothing for it", async () => {
    const { batch, other, from } = await settled();
    const { id } = batch;
    await edit(batch, `UPDATE batches SET fingerprint = '${other.fingerprint}' WHERE id = '${id}'`);
    expect(await failureOf(() => submitBatch(other))).toMatch(/items of a batch are not/);
    expect(outcomesOf(await submitBatch(batch))).toEqual(["idempotency_key_reused"]);
    expect(await balanceOf(from)).toBe(97);
  });

  it("that is gone pays nothing again, whatever its key is used for", async () => {
    const { batch, other, from } = await settled();
    await edit(batch, `DELETE FROM batches WHERE id = '${batch.id}'`);
    for (const again of [batch, other]) {
      expect(await failureOf(() => submitBatch(again))).toMatch(/starts preparing, once/);
    }
    expect(await balanceOf(from)).toBe(97);
  });
});

describe("the calls of a batch", () => {
  it.each<[string, (batch: Batch) => object]>([
    ["of no items", (batch) => ({ ...batch, items: [] })],
    [
      "of more items than there may be",
      (batch) => ({
        ...batch,
        items: Array.from({ length: batchItemsMax + 1 }, () => batch.items[0]),
      }),
    ],
    ["of another tenant", (batch) => ({ ...batch, tenant: "other" })],
    [
      "with an item of another tenant",
      (batch) => ({ ...batch, items: batch.items.map((item) => ({ ...item, tenant: "other" })) }),
    ],
    [
      "with an item of another shard",
      (batch) => ({
        ...batch,
        items: batch.items.map((item) => ({
          ...item,
          id: transactionIdFor(tenant, "elsewhere-1"),
        })),
      }),
    ],
  ])("%s are malformed", async (_, change) => {
    const wallet = await openWallet();
    const batch = batchUnder("batch-elsewhere", funding(wallet, 1));
    const broken = change(batch) as Batch;
    expect(await failureOf(() => submitBatch(batch, { batch: broken }))).toMatch(/malformed call/);
  });

  it("of an unknown version are refused, and record nothing", async () => {
    const batch = batchUnder(newKey(), funding(await openWallet(), 1));
    expect(outcomesOf(await submitBatch(batch, { protocol: 99 }))).toEqual(["overloaded"]);
    expect(outcomesOf(await submitBatch(batch))).toEqual(["committed"]);
  });
});
