// Guarantee: what the scrub of a log shard costs at the platform's meters, its rounds and the alarm
// that is kept set for them, is as docs/cost.md says.
import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { attemptMaxMs, scrubBatchMax, scrubIntervalMs } from "../../src/domain/limits.ts";
import type { Submission } from "../../src/domain/protocol/transaction.ts";
import { useFakeDate } from "../support/fake-date.ts";
import { authorize, endOf } from "../support/authorized.ts";
import { keyInShard } from "../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../support/ledger.ts";
import { walletObject } from "../support/stubs.ts";
import { openWallet } from "../support/wallets.ts";
import { recordInOneShard } from "../support/log-rows.ts";
import { Meter } from "../support/meter.ts";
import { runBatch, shardObject, startScrub, statusOf } from "../support/scrubbing.ts";
import { tamper } from "../support/tampering.ts";

useFakeDate();

/** Each test has a shard of its own; wallets are funded through another one. */
let nextShard = 100;
const fundingShard = 99;

async function paidWallet(): Promise<string> {
  const walletId = await openWallet();
  const funded = submission(funding(walletId, 100), keyInShard(fundingShard));
  expect(outcomeOf(await submit(funded))).toBe("committed");
  return walletId;
}

async function pay(shard: number, from: string, to: string): Promise<Submission> {
  const paid = submission(transfer(from, to, 1), keyInShard(shard));
  expect(outcomeOf(await submit(paid))).toBe("committed");
  return paid;
}

/** The next alarm of the shard, `afterMs` from now. */
async function runAlarm(shard: number, afterMs: number): Promise<void> {
  vi.setSystemTime(Date.now() + afterMs);
  expect(await runDurableObjectAlarm(shardObject(shard))).toBe(true);
}

/** A shard with `count` transfers, all settled, each between two wallets of its own. */
async function shardOfTransfers(count: number) {
  const shard = nextShard++;
  const wallets: string[] = [];
  for (let made = 0; made < count; made++) {
    const [from, to] = await Promise.all([paidWallet(), openWallet()]);
    await pay(shard, from, to);
    wallets.push(from, to);
  }
  await runAlarm(shard, attemptMaxMs);
  return { shard, wallets };
}

async function metered(shard: number, wallets: readonly string[]): Promise<Meter> {
  const meter = new Meter();
  await meter.watch(shardObject(shard), "log");
  for (const walletId of wallets) await meter.watch(walletObject(walletId), walletId);
  return meter;
}

describe("a transfer that is alone in the ten seconds of its shard", () => {
  it("costs one row more when its alarm has come: the alarm of the next scrub", async () => {
    const { shard, wallets } = await shardOfTransfers(1);
    const [from = "", to = ""] = wallets;
    const meter = await metered(shard, wallets);
    await pay(shard, from, to);
    expect(meter.read().written).toMatchObject({ "log alarm": 1 });
    await runAlarm(shard, attemptMaxMs);
    const { rowsWritten, written } = meter.read();
    expect(written).toMatchObject({ "log transactions": 3, "log alarm": 2 });
    expect(rowsWritten).toBe(11);
  });

  it("shares both with all others of these ten seconds: 9 rows each, and 2", async () => {
    const count = 10;
    const { shard, wallets } = await shardOfTransfers(1);
    const [from = "", to = ""] = wallets;
    const meter = await metered(shard, wallets);
    for (let paid = 0; paid < count; paid++) await pay(shard, from, to);
    await runAlarm(shard, attemptMaxMs);
    expect(meter.read().rowsWritten).toBe(9 * count + 2);
  });
});

describe("a round of the scrub", { timeout: 30_000 }, () => {
  it("writes 4 rows in the log and none in the accounts, which are asked once each", async () => {
    const { shard, wallets } = await shardOfTransfers(3);
    const meter = await metered(shard, wallets);
    await runAlarm(shard, scrubIntervalMs);
    expect(await statusOf(shard)).toMatchObject({ running: false, differenceCount: 0 });
    // The alarm of a second batch, of which there was no need.
    await runAlarm(shard, 60_000);
    const { rowsWritten, rowsRead, objectRequests, written } = meter.read();
    expect(written).toEqual({ "log scrub": 2, "log alarm": 2 });
    expect({ rowsWritten, objectRequests }).toEqual({ rowsWritten: 4, objectRequests: 6 });
    // In each account the leg and its entry, and what says whose account it is.
    expect(rowsRead).toBeLessThanOrEqual(6 * 10);
  });

  it("writes 3 rows more for each further hundred transactions", async () => {
    const shard = nextShard++;
    const [from, to] = await Promise.all([openWallet(), openWallet()]);
    const rows = Array.from({ length: 2 * scrubBatchMax + 1 }, () =>
      submission(transfer(from, to, 1), keyInShard(shard)),
    );
    const refusal = { code: "insufficient_funds", account: from } as const;
    await recordInOneShard(rows, { state: "rejected", refusal });
    await tamper(shardObject(shard), "UPDATE transactions SET open = 0, settled_at = decided_at");
    await evictDurableObject(shardObject(shard));
    await startScrub(shard);
    const meter = await metered(shard, [from, to]);
    while ((await runBatch(shard)).running);
    await runAlarm(shard, 60_000);
    const { rowsWritten, objectRequests, written } = meter.read();
    expect(written).toEqual({ "log scrub": 6, "log alarm": 4 });
    expect({ rowsWritten, objectRequests }).toEqual({ rowsWritten: 10, objectRequests: 6 });
  });

  it("asks nothing more about authorizations, open or ended, and reads at most 10 rows of each", async () => {
    const shard = nextShard++;
    const [payer, receiver] = await Promise.all([paidWallet(), openWallet()]);
    const own = () => authorize(payer, receiver, 10, keyInShard(shard));
    const [ended] = [await own(), await own(), await own()];
    const captured = endOf(ended, { type: "capture" }, keyInShard(fundingShard));
    expect(outcomeOf(await submit(captured))).toBe("committed");
    await runAlarm(shard, attemptMaxMs);
    const meter = await metered(shard, [payer, receiver]);
    await startScrub(shard);
    expect(await runBatch(shard)).toMatchObject({ running: false, differenceCount: 0 });
    const { rowsRead, objectRequests, written } = meter.read();
    expect({ objectRequests, scrub: written["log scrub"] }).toEqual({
      objectRequests: 1,
      scrub: 3,
    });
    expect(rowsRead).toBeLessThanOrEqual(30);
  });

  it("takes 3 rows to be asked for", async () => {
    const { shard } = await shardOfTransfers(1);
    const meter = await metered(shard, []);
    expect(await startScrub(shard)).toBe("started");
    expect(meter.read().written).toEqual({
      "log scrub": 1,
      "log scrub_requests": 1,
      "log alarm": 1,
    });
  });
});
