// Guarantee: one command begins one round in every shard that has transactions; its repeats answer
// the same bytes and begin nothing, and a shard that did not hear of it hears of it by the same
// key.
import { expect, test } from "vitest";
import { logShardOf, transactionIdFor } from "../../../src/domain/ids.ts";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { expectProblem, get, post } from "../../support/http.ts";
import { openFunded } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { runSql } from "../../support/objects.ts";
import { shardObject } from "../../support/scrubbing.ts";

const network = useFaultyNetwork();

async function roundEnds(): Promise<void> {
  for (;;) {
    const { body } = await get("/ops/scrub");
    if (body["running"] === 0 && body["lastEndedAt"] !== null) return;
    await scheduler.wait(20);
  }
}

test("every shard with transactions ends a round, and a repeat begins no other", async () => {
  const { walletId } = await openFunded(10);
  const key = newKey();
  const funded = { walletId, amount: 1, paymentReference: newKey() };
  expect((await post("/transactions/fund", funded, key)).status).toBe(201);
  const command = newKey();
  const first = await post("/ops/scrub", {}, command);
  expect(first.status).toBe(201);
  expect(first.headers.get("location")).toBe("/ops/scrub");
  expect(first.headers.get("idempotent-replayed")).toBeNull();
  await roundEnds();
  const again = await post("/ops/scrub", {}, command);
  expect([again.status, again.text]).toEqual([201, first.text]);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  const log = shardObject(logShardOf(transactionIdFor("main", key)));
  expect(await runSql(log, "SELECT round, cursor, skipped FROM scrub")).toEqual([
    { round: 1, cursor: null, skipped: 0 },
  ]);
  const { body } = await get("/ops/scrub");
  expect(body).toMatchObject({
    running: 0,
    unreachableShards: 0,
    differences: [],
    progressPercent: 100,
  });
});

test("what the edge repeats by itself is no replay", async () => {
  await openFunded(10);
  network.next("startScrub", "drop_after");
  const { status, headers } = await post("/ops/scrub", {}, newKey());
  expect([status, headers.get("idempotent-replayed")]).toEqual([201, null]);
});

test("where a shard does not answer, the outcome is unknown, and the key is repeated", async () => {
  await openFunded(10);
  const command = newKey();
  network.every("startScrub", "overloaded");
  expectProblem(await post("/ops/scrub", {}, command), 503, "overloaded");
  network.heal();
  expect((await post("/ops/scrub", {}, command)).status).toBe(201);
});
