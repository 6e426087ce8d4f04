// Guarantee: a fault inside is told as a fault, says nothing of the inside, changes nothing, and is
// never a business answer. When it is mended the same key goes on.
import { describe, expect, test } from "vitest";
import {
  logShardOf,
  transactionIdFor,
  userIdFor,
  walletIdOfUser,
} from "../../../src/domain/ids.ts";
import { expectProblem, get, post, type Answer } from "../../support/http.ts";
import { fund, newFunding } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { tenant } from "../../support/caller.ts";
import { keyInShard, newKey } from "../../support/keys.ts";
import { logObject, walletObject } from "../../support/stubs.ts";
import { breakTable, runSql, tablesOf } from "../../support/objects.ts";

function expectInternal(answer: Answer): void {
  expectProblem(answer, 500, "internal");
  expect(Object.keys(answer.body)).toEqual([
    "type",
    "title",
    "status",
    "code",
    "detail",
    "instance",
    "requestId",
  ]);
  expect(answer.text).not.toMatch(/sql|table|broken|trigger|profiles|legs|\.ts|Error:/i);
}

describe("a wallet whose tables are damaged", () => {
  test.each<[string, string, (ids: { userId: string; walletId: string }) => string]>([
    ["its user", "profiles", ({ userId }) => `/users/${userId}`],
    ["its balance", "entries", ({ walletId }) => `/wallets/${walletId}/balance`],
    ["its freezes", "freezes", ({ walletId }) => `/wallets/${walletId}/freezes`],
    ["its history", "entries", ({ walletId }) => `/transactions?walletId=${walletId}`],
  ])("%s", async (_, table, pathOf) => {
    const ids = await openFunded(5);
    const path = pathOf(ids);
    const before = await get(path);
    await runSql(walletObject(ids.walletId), `ALTER TABLE ${table} RENAME TO elsewhere`);
    expectInternal(await get(path));
    await runSql(walletObject(ids.walletId), `ALTER TABLE elsewhere RENAME TO ${table}`);
    expect((await get(path)).text).toBe(before.text);
  });

  test("its audit", async () => {
    const { walletId } = await openFunded(5);
    await runSql(walletObject(walletId), "ALTER TABLE entries RENAME TO elsewhere");
    expectInternal(await get(`/wallets/${walletId}/audit`));
  });
});

test("a wallet that cannot be opened is not opened by half, and the key goes on", async () => {
  const key = newKey();
  const wallet = walletObject(walletIdOfUser(userIdFor(tenant, key)));
  await runSql(wallet, "CREATE TABLE profiles (broken TEXT)");
  expectInternal(await post("/users", { name: "Ada" }, key));
  expect(await tablesOf(wallet)).toEqual(["profiles"]);
  await runSql(wallet, "DROP TABLE profiles");
  const answer = await post("/users", { name: "Ada" }, key);
  expect([answer.status, answer.headers.has("idempotent-replayed")]).toEqual([201, false]);
});

/** A key whose log shard is in use already. */
async function usedLog() {
  const { walletId } = await openUser();
  const key = newKey();
  const sent = newFunding(walletId, 5);
  await fund(sent, key);
  return { key, sent, log: logObject(transactionIdFor(tenant, key)) };
}

describe("a log that is damaged", () => {
  test("and cannot record", async () => {
    const { walletId } = await openUser();
    const { log, key: used } = await usedLog();
    const shardMate = keyInShard(logShardOf(transactionIdFor(tenant, used)));
    const repair = await breakTable(log, "INSERT", "transactions");
    const sent = newFunding(walletId, 7);
    expectInternal(await fund(sent, shardMate));
    await repair();
    const answer = await fund(sent, shardMate);
    expect([answer.status, answer.headers.has("idempotent-replayed")]).toEqual([201, false]);
  });

  test("and cannot be read", async () => {
    const { key, sent, log } = await usedLog();
    const path = `/transactions/${transactionIdFor(tenant, key)}`;
    const first = await fund(sent, key);
    await runSql(log, "ALTER TABLE transactions RENAME TO elsewhere");
    expectInternal(await get(path));
    expectInternal(await fund(sent, key));
    // What the other shards know is told, and that this one is missing.
    expect((await get("/ops/unsettled")).body).toMatchObject({ unreachableShards: 1 });
    expectInternal(await fund({ ...sent, walletId: "wal_1" }, key));
    await runSql(log, "ALTER TABLE elsewhere RENAME TO transactions");
    const again = await fund(sent, key);
    expect([again.status, again.text]).toEqual([201, first.text]);
  });

  test("by a record of a wording that this release does not know", async () => {
    const { key, sent, log } = await usedLog();
    await runSql(log, "DROP TRIGGER transactions_content_fixed");
    const id = transactionIdFor(tenant, key);
    await runSql(log, "UPDATE transactions SET renderer = 99 WHERE id = ?", id);
    expectInternal(await fund(sent, key));
    expectInternal(await get(`/transactions/${id}`));
  });
});
