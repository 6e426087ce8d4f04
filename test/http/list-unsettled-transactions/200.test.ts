// Guarantee: whatever is not finished is listed, from whichever shard, until it is; and asking all
// shards leaves no storage in those that were never used.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { logObjectName } from "../../../src/domain/ids.ts";
import { submissionOf } from "../../../src/domain/protocol/transaction.ts";
import { get, type Body } from "../../support/http.ts";
import { newTransfer, transfer } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { submission } from "../../support/ledger.ts";
import * as ledger from "../../support/ledger.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { tablesOf } from "../../support/objects.ts";

async function unsettled(query = ""): Promise<readonly Body[]> {
  const { status, body, text } = await get(`/ops/unsettled${query}`);
  expect(status, `answered: ${text}`).toBe(200);
  return body["data"] as readonly Body[];
}

const [from, to] = await Promise.all([openFunded(100), openUser()]);
const sent = () => ledger.transfer(from.walletId, to.walletId, 1);

test("a settled transfer is not listed, an open one is, until it is settled", async () => {
  const key = newKey();
  const submitted = submission(sent(), key);
  await transfer(newTransfer(from.walletId, to.walletId, 1));
  const createdAt = Date.now();
  await recordTransaction(submitted, { createdAt, attempts: 3 });
  const listed = (await unsettled()).filter(({ transactionId }) => transactionId === submitted.id);
  expect(listed).toEqual([
    {
      transactionId: submitted.id,
      type: "transfer",
      status: "pending",
      stuck: false,
      attempts: 3,
      createdAt: new Date(createdAt).toISOString(),
      nextAttemptAt: expect.any(String),
    },
  ]);

  expect((await transfer(newTransfer(from.walletId, to.walletId, 1), key)).status).toBe(201);
  expect((await unsettled()).map((one) => one["transactionId"])).not.toContain(submitted.id);
});

test("from many shards, oldest first, and only those that are old enough", async () => {
  const now = Date.now();
  const ages = [5, 50, 500, 5_000];
  const old = ages.map((age) => ({ age, submitted: submission(sent()) }));
  for (const { age, submitted } of old) {
    await recordTransaction(submitted, { state: "committed", createdAt: now - age * 1_000 });
  }
  const ids = old.map(({ submitted }) => submitted.id).toReversed();
  const listed = async (query: string) =>
    (await unsettled(query)).map(({ transactionId }) => transactionId);
  expect((await listed("")).filter((id) => ids.includes(String(id)))).toEqual(ids);
  const older = await listed("?olderThan=40");
  expect(older.filter((id) => ids.includes(String(id)))).toEqual(ids.slice(0, 3));
  expect(await listed("?olderThan=9999999999")).toEqual([]);
});

test("another tenant's is not shown", async () => {
  const foreign = submissionOf("other", newKey(), sent(), "USD");
  await recordTransaction(foreign);
  expect((await unsettled()).map(({ transactionId }) => transactionId)).not.toContain(foreign.id);
});

test("a shard that was never used stays empty", async () => {
  const shards = Array.from({ length: 256 }, (_, shard) =>
    env.TRANSFER_LOG.getByName(logObjectName(shard)),
  );
  const used = async () => {
    const tables = await Promise.all(shards.map((shard) => tablesOf(shard)));
    return tables.filter((names) => names.length > 0).length;
  };
  const before = await used();
  expect(before).toBeLessThan(256);
  await unsettled();
  expect(await used()).toBe(before);
});
