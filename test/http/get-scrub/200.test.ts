// Guarantee: an operator sees how far the scrub is and every difference of the own tenant; a shard
// that does not answer is counted and hides none of what the others say.
import { expect, test } from "vitest";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { expectProblem, get, post, type Body } from "../../support/http.ts";
import { openFunded } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { walletObject } from "../../support/stubs.ts";
import { tamper } from "../../support/tampering.ts";

const network = useFaultyNetwork();

async function scrub(): Promise<Body> {
  const { status, body, text } = await get("/ops/scrub");
  expect(status, `answered: ${text}`).toBe(200);
  return body;
}

/** Begins a round, which a test can do once a minute, and returns what it found. */
async function roundOf(): Promise<Body> {
  expect((await post("/ops/scrub", {}, newKey())).status).toBe(201);
  for (;;) {
    const body = await scrub();
    if (body["running"] === 0 && body["lastEndedAt"] !== null) return body;
    await scheduler.wait(20);
  }
}

test("all shards are empty before the first transaction", async () => {
  expect(await scrub()).toEqual({
    running: 0,
    waiting: 0,
    empty: 256,
    unreachableShards: 0,
    progressPercent: 100,
    lastEndedAt: null,
    nextStartAt: null,
    incompleteShards: 0,
    differenceCount: 0,
    differences: [],
  });
});

test("what a wallet has lost is listed, with the shards that wait and those that are empty", async () => {
  const { walletId } = await openFunded(10);
  const before = await scrub();
  expect(before).toMatchObject({ running: 0, waiting: 1, empty: 255, lastEndedAt: null });
  await tamper(walletObject(walletId), "DELETE FROM entries", "DELETE FROM legs");
  const { differences, differenceCount, waiting } = await roundOf();
  expect({ differences, differenceCount, waiting }).toEqual({
    waiting: 1,
    differenceCount: 1,
    differences: [
      {
        transactionId: expect.stringMatching(/^txn_/),
        account: walletId,
        kind: "missing_leg",
        firstFoundAt: expect.any(String),
        lastFoundAt: expect.any(String),
      },
    ],
  });
});

test("a shard that does not answer is counted", async () => {
  const whole = await scrub();
  network.next("scrubStatus", "overloaded");
  const { empty, unreachableShards } = await scrub();
  expect({ unreachableShards, empty }).toEqual({ unreachableShards: 1, empty: 254 });
  expect(whole).toMatchObject({ empty: 255, unreachableShards: 0 });
  network.every("scrubStatus", "overloaded");
  expectProblem(await get("/ops/scrub"), 503, "overloaded");
});
