// Guarantee: as long as a transaction is open, something will drive it: an alarm that was lost is
// set again by a restart and by the next submission, and an alarm run never gives up.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { logShardOf, transactionIdFor } from "../../../src/domain/ids.ts";
import { alarmBatchMax, preparingMaxMs } from "../../../src/domain/limits.ts";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import { logStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { useFakeDate } from "../../support/fake-date.ts";
import { call, tenant } from "../../support/caller.ts";
import { keyInShard, newKey } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { logObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";
import { nextAttemptInMs, recordInOneShard, recordTransaction } from "../../support/log-rows.ts";
import { alarmOf, hideTable, runSql } from "../../support/objects.ts";

useFakeDate();

function loseAlarm(log: DurableObjectStub): Promise<void> {
  return runInDurableObject(log, (_instance, state) => state.storage.deleteAlarm());
}

async function stateOf({ id: transactionId }: Submission): Promise<string> {
  const found = await logStub(env, logShardOf(transactionId)).find({ ...call, transactionId });
  if (!found.ok) return found.problem;
  return found.transaction.settledAt === undefined ? "open" : found.transaction.state;
}

async function interrupted(): Promise<Submission> {
  const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
  const submitted = submission(transfer(sender, receiver, 40));
  await recordTransaction(submitted);
  return submitted;
}

describe("an alarm run with much to do", { timeout: 30_000 }, () => {
  it("drives 50 transactions, the oldest first, and comes back soon for the rest", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(1_000), openWallet()]);
    const shard = logShardOf(transactionIdFor(tenant, newKey()));
    const recorded = Array.from({ length: alarmBatchMax + 3 }, () =>
      submission(transfer(sender, receiver, 1), keyInShard(shard)),
    );
    await recordInOneShard(recorded);
    const log = logObject(recorded[0]?.id ?? "");
    vi.setSystemTime(Date.now() + nextAttemptInMs);
    expect(await runDurableObjectAlarm(log)).toBe(true);
    const states = await Promise.all(recorded.map(stateOf));
    const youngest = ["open", "open", "open"];
    expect(states).toEqual([...Array(alarmBatchMax).fill("committed"), ...youngest]);
    expect(await alarmOf(log)).toBe(Date.now() + 100);
    expect(await runDurableObjectAlarm(log)).toBe(true);
    const last = await Promise.all(recorded.slice(-3).map(stateOf));
    expect(last).toEqual(Array(3).fill("committed"));
  });
});

describe("an alarm that was lost", () => {
  it("is set again when the log's object starts", async () => {
    const submitted = await interrupted();
    const log = logObject(submitted.id);
    await loseAlarm(log);
    expect(await alarmOf(log)).toBeNull();
    await evictDurableObject(log);
    expect(await alarmOf(log)).toBe(Date.now() + nextAttemptInMs);
  });

  it("is set again by a submission of another transaction, once it is overdue", async () => {
    const submitted = await interrupted();
    const log = logObject(submitted.id);
    await alarmOf(log);
    await loseAlarm(log);
    vi.setSystemTime(Date.now() + nextAttemptInMs + 2_001);
    const other = funding(await openWallet(), 1);
    const key = keyInShard(logShardOf(submitted.id));
    expect(outcomeOf(await submit(submission(other, key)))).toBe("committed");
    expect(await alarmOf(log), "for what waited already").toBe(Date.now());
    expect(await runDurableObjectAlarm(log)).toBe(true);
    expect(await stateOf(submitted)).toBe("committed");
  });

  it("is set again by a replay of a settled transaction, once it is overdue", async () => {
    const submitted = await interrupted();
    const log = logObject(submitted.id);
    const other = submission(funding(await openWallet(), 1), keyInShard(logShardOf(submitted.id)));
    await submit(other);
    await loseAlarm(log);
    vi.setSystemTime(Date.now() + nextAttemptInMs + 2_001);
    await submit(other);
    expect(await alarmOf(log)).toBe(Date.now());
  });
});

describe("a new transaction", () => {
  it("has its alarm before an account is asked", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const submitted = submission(transfer(sender, receiver, 40));
    await submit(submitted);
    expect(await alarmOf(logObject(submitted.id))).not.toBeNull();
  });

  it("leaves the alarm of its shard's next scrub behind once everything is settled", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const submitted = submission(transfer(sender, receiver, 40));
    await submit(submitted);
    const log = logObject(submitted.id);
    await runDurableObjectAlarm(log);
    const [scrub] = await runSql(log, "SELECT next_at FROM scrub");
    expect(await alarmOf(log)).toBe(scrub?.["next_at"]);
  });
});

describe("an alarm run", { timeout: 30_000 }, () => {
  it("that fails as a whole sets the next one", async () => {
    const submitted = await interrupted();
    const log = logObject(submitted.id);
    await alarmOf(log);
    const repair = await hideTable(log, "transactions");
    vi.setSystemTime(Date.now() + nextAttemptInMs);
    expect(await runDurableObjectAlarm(log)).toBe(true);
    expect(await alarmOf(log)).toBe(Date.now() + 30_000);
    await repair();
    vi.setSystemTime(Date.now() + preparingMaxMs);
    await runDurableObjectAlarm(log);
    expect(await stateOf(submitted)).toBe("rejected");
  });

  it("is not driven into a loop by one row that keeps failing", async () => {
    const submitted = await interrupted();
    const log = logObject(submitted.id);
    await runSql(
      log,
      `UPDATE transactions SET state = 'committed', decided_at = created_at WHERE id = ?`,
      submitted.id,
    );
    vi.setSystemTime(Date.now() + nextAttemptInMs);
    // Its accounts hold nothing, so they call the post a fault.
    await runDurableObjectAlarm(log);
    expect(await alarmOf(log)).toBeGreaterThanOrEqual(Date.now() + 500);
    expect(await stateOf(submitted)).toBe("open");
  });
});
