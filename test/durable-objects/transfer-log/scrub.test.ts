// Guarantee: a scrub goes through a shard at its own pace, one batch a minute at most, from a cursor
// that survives everything; it hides no account that does not answer, keeps money waiting for
// nothing, and costs an idle shard one short round a week.
import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { logShardOf } from "../../../src/domain/ids.ts";
import { scrubBatchMax, scrubIntervalMs, scrubTriesMax } from "../../../src/domain/limits.ts";
import { submissionOf, type Submission } from "../../../src/domain/protocol/transaction.ts";
import { logStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { useFakeDate } from "../../support/fake-date.ts";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { errorFaults } from "../../support/faulty-stubs.ts";
import { call } from "../../support/caller.ts";
import { keyInShard, newKey } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { walletObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";
import { nextAttemptInMs, recordInOneShard, recordTransaction } from "../../support/log-rows.ts";
import { alarmOf, breakTable, refusalOf, runSql, tablesOf } from "../../support/objects.ts";
import { runBatch, runRound, shardObject, startScrub, statusOf } from "../../support/scrubbing.ts";
import { tamper } from "../../support/tampering.ts";

useFakeDate();
const network = useFaultyNetwork();

/** Each test has a shard of its own. */
let nextShard = 100;
const newShard = () => nextShard++;

const minuteMs = 60_000;

async function progressOf(shard: number) {
  const [row] = await runSql(shardObject(shard), "SELECT * FROM scrub");
  if (!row) throw new Error("no scrub");
  return row;
}

/** A shard with one committed funding. */
async function shardWithFunding() {
  const shard = newShard();
  const walletId = await openWallet();
  const funded = submission(funding(walletId, 10), keyInShard(shard));
  expect(outcomeOf(await submit(funded))).toBe("committed");
  // Its row says that it is settled: an instance that ends has nothing to forget.
  await logStub(env, shard).unsettled({ ...call, createdUntil: 0 });
  return { shard, walletId, funded, log: shardObject(shard) };
}

const loseLeg = async (walletId: string, id: string) => {
  const where = `WHERE transaction_id = '${id}'`;
  await tamper(walletObject(walletId), `DELETE FROM legs ${where}`, `DELETE FROM entries ${where}`);
};

/** A shard with more refused transactions than one batch has: all of them of one wallet. */
async function fullShard(count: number) {
  const shard = newShard();
  const [sender, receiver] = await Promise.all([openWallet(), openWallet()]);
  const rows = Array.from({ length: count }, () =>
    submission(transfer(sender, receiver, 1), keyInShard(shard)),
  );
  const refusal = { code: "insufficient_funds", account: sender } as const;
  await recordInOneShard(rows, { state: "rejected", refusal });
  // As if they had been settled long ago.
  await tamper(shardObject(shard), "UPDATE transactions SET open = 0, settled_at = decided_at");
  await evictDurableObject(shardObject(shard));
  return { shard, rows, sender };
}

/** Another tenant's funding that is kept by the shard. */
function ofOtherTenant(shard: number, walletId: string): Submission {
  for (;;) {
    const foreign = submissionOf("other", newKey(), funding(walletId, 1), "USD");
    if (logShardOf(foreign.id) === shard) return foreign;
  }
}

describe("a shard without transactions", () => {
  it("has no scrub, no alarm and no table, and gets none from a command", async () => {
    const shard = newShard();
    expect(await startScrub(shard)).toBe("empty");
    expect(await logStub(env, shard).scrubStatus(call)).toBeNull();
    expect(await tablesOf(shardObject(shard))).toEqual([]);
    expect(await alarmOf(shardObject(shard))).toBeNull();
  });
});

describe("a shard with transactions", () => {
  it("is scrubbed 7 days after its first, and every 7 days, and sleeps in between", async () => {
    const { shard, log } = await shardWithFunding();
    const createdAt = Date.now();
    await runDurableObjectAlarm(log);
    expect(await alarmOf(log)).toBe(createdAt + scrubIntervalMs);
    for (const week of [1, 2, 3]) {
      const begunAt = createdAt + week * scrubIntervalMs;
      vi.setSystemTime(begunAt);
      await runDurableObjectAlarm(log);
      expect(await progressOf(shard)).toMatchObject({ round: week, cursor: null, checked: 1 });
      // The alarm that would have begun a second batch, and then none for a week.
      vi.setSystemTime(begunAt + minuteMs);
      await runDurableObjectAlarm(log);
      expect(await alarmOf(log)).toBe(begunAt + scrubIntervalMs);
    }
  });

  it("that an earlier release has left without a scrub gets one when it starts", async () => {
    const { shard, log } = await shardWithFunding();
    await tamper(log, "DELETE FROM scrub");
    await runDurableObjectAlarm(log);
    await evictDurableObject(log);
    expect(await alarmOf(log)).toBe(Date.now() + scrubIntervalMs);
    expect(await progressOf(shard)).toMatchObject({
      round: 0,
      next_at: Date.now() + scrubIntervalMs,
    });
  });

  it("is not left alone for years by a clock that was wrong once", async () => {
    const { shard, log } = await shardWithFunding();
    await runSql(log, "UPDATE scrub SET next_at = next_at + 1e12");
    await runDurableObjectAlarm(log);
    expect(await progressOf(shard)).toMatchObject({ round: 1, cursor: null });
  });
});

describe("a round", { timeout: 60_000 }, () => {
  it("takes one batch a minute, from a durable cursor, whatever else the alarm does", async () => {
    const { shard, rows } = await fullShard(2 * scrubBatchMax + 5);
    const log = shardObject(shard);
    const ids = rows.map(({ id }) => id).toSorted();
    await startScrub(shard);
    const startedAt = Date.now();
    await runDurableObjectAlarm(log);
    const first = await progressOf(shard);
    expect(first).toMatchObject({ cursor: ids[scrubBatchMax - 1], checked: scrubBatchMax });
    expect(first).toMatchObject({ started_at: startedAt, next_at: startedAt + minuteMs });
    expect(await alarmOf(log)).toBe(startedAt + minuteMs);

    vi.setSystemTime(startedAt + minuteMs - 1);
    await runDurableObjectAlarm(log);
    expect(await progressOf(shard), "an alarm for something else").toEqual(first);
    await evictDurableObject(log);

    const { running, progress } = await runBatch(shard);
    expect(running).toBe(true);
    expect(progress).toBeGreaterThan(0.9);
    expect(progress).toBeLessThan(1);
    expect(await progressOf(shard)).toMatchObject({ cursor: ids[2 * scrubBatchMax - 1] });
    expect(await runBatch(shard)).toMatchObject({ running: false, progress: 1 });
    const last = { checked: rows.length, started_at: startedAt, round: 1 };
    expect(await progressOf(shard)).toMatchObject(last);
    expect((await statusOf(shard)).nextAt).toBe(startedAt + scrubIntervalMs);
  });

  it("asks each account once for a batch", async () => {
    const { shard, sender } = await fullShard(30);
    const asked = network.every("readLegs", "duplicate", sender);
    await runRound(shard);
    expect(asked.count()).toEqual({ attempts: 1, deliveries: 2 });
  });

  it("that a crash interrupts goes on a minute later, not at once", async () => {
    const { shard, log, walletId, funded } = await shardWithFunding();
    await loseLeg(walletId, funded.id);
    await startScrub(shard);
    const hanging = network.next("readLegs", "delay");
    const run = runDurableObjectAlarm(log).catch(() => "gone");
    await hanging.met();
    const begunAt = Date.now();
    const begun = { cursor: "", round: 1, checked: 0, next_at: begunAt + minuteMs };
    expect(await progressOf(shard), "before the crash").toMatchObject(begun);
    expect(await alarmOf(log), "before the crash").toBe(begunAt + minuteMs);
    await abortAllDurableObjects();
    network.heal();
    await run;
    vi.setSystemTime(begunAt + minuteMs / 2);
    // A stub from before the crash is broken.
    await runDurableObjectAlarm(shardObject(shard));
    expect(await progressOf(shard), "an alarm that comes early").toMatchObject(begun);
    expect(await alarmOf(shardObject(shard))).toBe(begunAt + minuteMs);
    const { running, differences } = await runBatch(shard);
    expect({ running, found: differences.length }).toEqual({ running: false, found: 1 });
    expect(await progressOf(shard)).toMatchObject({ round: 1, checked: 1, skipped: 0 });
  });
});

describe("an account that does not answer", () => {
  it.each(errorFaults)("is no difference: its batch is tried again (%s)", async (fault) => {
    const { shard, walletId } = await shardWithFunding();
    network.every("readLegs", fault, walletId);
    await startScrub(shard);
    for (let tries = 1; tries < scrubTriesMax; tries++) {
      const { running, differences } = await runBatch(shard);
      expect({ running, differences }).toEqual({ running: true, differences: [] });
      expect(await progressOf(shard)).toMatchObject({ cursor: "", tries, checked: 0 });
    }
    network.heal();
    expect(await runBatch(shard)).toMatchObject({ running: false, incomplete: false });
    expect(await progressOf(shard)).toMatchObject({ checked: 1, skipped: 0 });
  });

  it("is left to the next round in the end, and counted until then", async () => {
    const { shard, walletId, funded } = await shardWithFunding();
    await loseLeg(walletId, funded.id);
    network.every("readLegs", "drop_before", walletId);
    await startScrub(shard);
    for (let tries = 1; tries < scrubTriesMax; tries++) await runBatch(shard);
    expect(await runBatch(shard)).toMatchObject({ running: false, incomplete: true });
    expect(await progressOf(shard)).toMatchObject({ checked: 0, skipped: 1 });
    network.heal();
    const { incomplete, differences } = await runRound(shard);
    expect({ incomplete, found: differences.length }).toEqual({ incomplete: false, found: 1 });
  });

  it("does not hide what the others have lost", async () => {
    const shard = newShard();
    const [sender, receiver] = await Promise.all([fundedWallet(10), openWallet()]);
    const paid = submission(transfer(sender, receiver, 1), keyInShard(shard));
    expect(outcomeOf(await submit(paid))).toBe("committed");
    await loseLeg(receiver, paid.id);
    network.every("readLegs", "retryable", sender);
    await startScrub(shard);
    const { differences } = await runBatch(shard);
    expect(differences.map(({ account }) => account)).toEqual([receiver]);
  });

  it("keeps the alarm busy for ten seconds at most", async () => {
    const { shard, log, walletId } = await shardWithFunding();
    const hanging = network.every("readLegs", "delay", walletId);
    await startScrub(shard);
    // Calls give up after five seconds.
    await runDurableObjectAlarm(log);
    expect(await progressOf(shard)).toMatchObject({ cursor: "", tries: 1 });
    hanging.letGo();
  });
});

describe("what changes while it is looked at", () => {
  it("is no difference: undecided when it was read, committed when the account answered", async () => {
    const shard = newShard();
    const [sender, receiver] = await Promise.all([fundedWallet(10), openWallet()]);
    const paid = submission(transfer(sender, receiver, 1), keyInShard(shard));
    await recordTransaction(paid);
    const asked = [sender, receiver].map((one) => network.next("readLegs", "delay", one));
    await startScrub(shard);
    const run = runDurableObjectAlarm(shardObject(shard));
    await asked[0]?.met();
    expect(outcomeOf(await submit(paid))).toBe("committed");
    for (const one of asked) one.letGo();
    await run;
    const { differences, running } = await statusOf(shard);
    expect({ differences, running }).toEqual({ differences: [], running: false });
    expect(await progressOf(shard)).toMatchObject({ checked: 1 });
  });
});

describe("a command", () => {
  it("begins one round, however often it is repeated", async () => {
    const { shard } = await shardWithFunding();
    const key = newKey();
    expect(await startScrub(shard, key)).toBe("started");
    expect(await startScrub(shard, key)).toBe("known");
    await runBatch(shard);
    const { nextAt } = await statusOf(shard);
    expect(await startScrub(shard, key), "also when its round has ended").toBe("known");
    expect((await statusOf(shard)).nextAt).toBe(nextAt);
    expect(await progressOf(shard)).toMatchObject({ round: 1 });
  });

  it("never makes two batches of one minute, however many there are", async () => {
    const { shard, log } = await shardWithFunding();
    await runRound(shard);
    const batchAt = Date.now();
    for (let commands = 0; commands < 5; commands++) {
      await startScrub(shard);
      await runDurableObjectAlarm(log);
    }
    expect(await progressOf(shard)).toMatchObject({ round: 1, next_at: batchAt + minuteMs });
    expect(await alarmOf(log)).toBe(batchAt + minuteMs);
    expect(await runBatch(shard)).toMatchObject({ running: false });
    expect(await progressOf(shard)).toMatchObject({ round: 2 });
  });

  it("lets a round that is running go on", async () => {
    const { shard } = await fullShard(scrubBatchMax + 1);
    await startScrub(shard);
    await runBatch(shard);
    const running = await progressOf(shard);
    expect(await startScrub(shard)).toBe("started");
    expect(await progressOf(shard)).toEqual(running);
  });
});

describe("what is found", () => {
  it("is kept with the times of the first and the latest round that saw it", async () => {
    const { shard, walletId, funded, log } = await shardWithFunding();
    await loseLeg(walletId, funded.id);
    const first = await runRound(shard);
    const firstFoundAt = Date.now();
    await evictDurableObject(log);
    vi.setSystemTime(Date.now() + 5 * minuteMs);
    const second = await runRound(shard);
    const difference = { transactionId: funded.id, account: walletId, kind: "missing_leg" };
    expect(first.differences).toEqual([{ ...difference, firstFoundAt, lastFoundAt: firstFoundAt }]);
    expect(second.differences).toEqual([{ ...difference, firstFoundAt, lastFoundAt: Date.now() }]);
    expect(second.differenceCount).toBe(1);
  });

  it("is logged as an integrity fault", async () => {
    const { shard, walletId, funded } = await shardWithFunding();
    await loseLeg(walletId, funded.id);
    const logged = vi.spyOn(console, "error");
    await runRound(shard);
    const lines = logged.mock.calls.map(([line]) => JSON.parse(String(line)) as object);
    logged.mockRestore();
    expect(lines).toEqual([
      expect.objectContaining({
        event: "integrity_fault",
        requestId: "scrub",
        transactionId: funded.id,
        account: walletId,
        detail: "scrub: missing_leg",
      }),
    ]);
  });

  it("is shown to its own tenant only", async () => {
    const { shard, walletId, funded } = await shardWithFunding();
    const foreign = ofOtherTenant(shard, walletId);
    await recordTransaction(foreign, { state: "committed" });
    await loseLeg(walletId, funded.id);
    const own = await runRound(shard);
    expect(own.differences.map(({ transactionId }) => transactionId)).toEqual([funded.id]);
    const theirs = await statusOf(shard, "other");
    expect(theirs.differences.map(({ transactionId }) => transactionId)).toEqual([
      foreign.id,
      foreign.id,
    ]);
    expect([own.differenceCount, theirs.differenceCount]).toEqual([1, 2]);
    expect((await statusOf(shard, "third")).differenceCount).toBe(0);
  });

  it.each([
    "DELETE FROM scrub_differences",
    "UPDATE scrub_differences SET kind = 'void_leg'",
    "UPDATE scrub_differences SET tenant = 'other'",
    `INSERT OR REPLACE INTO scrub_differences SELECT * FROM scrub_differences`,
    "DELETE FROM scrub_requests",
    "UPDATE scrub_requests SET principal = 'x'",
    "INSERT OR REPLACE INTO scrub_requests SELECT * FROM scrub_requests",
    "DELETE FROM scrub",
  ])("cannot be taken back: %s", async (statement) => {
    const { shard, walletId, funded, log } = await shardWithFunding();
    await loseLeg(walletId, funded.id);
    await runRound(shard);
    expect(await refusalOf(log, statement)).not.toBe("");
  });
});

describe("a scrub that fails", { timeout: 30_000 }, () => {
  it("keeps nothing else from being done, does not spin, and goes on once it can", async () => {
    const { shard, log, walletId, funded } = await shardWithFunding();
    const [sender, receiver] = await Promise.all([fundedWallet(10), openWallet()]);
    const open = submission(transfer(sender, receiver, 1), keyInShard(shard));
    await recordTransaction(open);
    await loseLeg(walletId, funded.id);
    await startScrub(shard);
    const repair = await breakTable(log, "INSERT", "scrub_differences");
    vi.setSystemTime(Date.now() + nextAttemptInMs);
    await runDurableObjectAlarm(log);
    const found = await logStub(env, shard).find({ ...call, transactionId: open.id });
    expect(found).toMatchObject({ transaction: { state: "committed" } });
    expect(await progressOf(shard)).toMatchObject({ cursor: "", checked: 0 });
    expect(await alarmOf(log)).toBeGreaterThanOrEqual(Date.now() + 30_000);
    await repair();
    expect((await runBatch(shard)).differences).toHaveLength(1);
  });
});
