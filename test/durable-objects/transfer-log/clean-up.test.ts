// Guarantee: 30 days after it was settled, a rejected transaction forgets description and metadata
// and nothing that an answer needs. A committed one is the book of record and stays whole.
import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { rejectedDetailsMaxMs } from "../../../src/domain/limits.ts";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import { useFakeDate } from "../../support/fake-date.ts";
import { keyInShard } from "../../support/keys.ts";
import { outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { logObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";
import { alarmOf, runSql } from "../../support/objects.ts";

useFakeDate();

const details = { description: "for Ada's eyes only", metadata: { order: "7" } };

async function transactionOf(submitted: Submission) {
  const result = await submit(submitted);
  if (result.outcome !== "settled") throw new Error(result.outcome);
  return result.transaction;
}

/** A transfer of everything (which commits) and one of too much, with details, in one shard. */
async function settled() {
  const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
  const make = (amount: number) =>
    submission({ ...transfer(sender, receiver, amount), ...details }, keyInShard(9));
  const [committed, refused] = [make(100), make(101)];
  expect(outcomeOf(await submit(refused))).toBe("insufficient_funds");
  expect(outcomeOf(await submit(committed))).toBe("committed");
  return { committed, refused, log: logObject(refused.id), settledAt: Date.now() };
}

/** When the log's next scrub is due: at rest, its alarm is set for that. */
const scrubDue = async (log: DurableObjectStub) =>
  (await runSql(log, "SELECT next_at FROM scrub"))[0]?.["next_at"];

/** Alarms until the log is at rest. */
async function runAlarms(log: DurableObjectStub, now: number): Promise<void> {
  vi.setSystemTime(now);
  await runDurableObjectAlarm(log);
}

describe("30 days after settling", { timeout: 30_000 }, () => {
  it("the alarm drops description and metadata of what was rejected", async () => {
    const { committed, refused, log, settledAt } = await settled();
    const before = await transactionOf(refused);
    expect(before.request).toMatchObject(details);
    await runAlarms(log, settledAt + 60_000);
    expect(await alarmOf(log)).toBe(await scrubDue(log));

    await runAlarms(log, settledAt + rejectedDetailsMaxMs - 1);
    expect(await transactionOf(refused)).toEqual(before);
    expect(await alarmOf(log)).toBe(Date.now() + 100);
    await runAlarms(log, settledAt + rejectedDetailsMaxMs);
    const { description: _d, metadata: _m, ...request } = before.request;
    expect(await transactionOf(refused)).toEqual({ ...before, request });
    expect((await transactionOf(committed)).request).toMatchObject(details);
    expect(await alarmOf(log)).toBe(await scrubDue(log));
  });

  it("the key keeps its meaning: the same is a replay, anything else is reused", async () => {
    const { refused, log, settledAt } = await settled();
    const before = await submit(refused);
    await runAlarms(log, settledAt + rejectedDetailsMaxMs);
    const after = await submit(refused);
    expect(outcomeOf(after)).toBe(outcomeOf(before));
    expect(after).toMatchObject({ outcome: "settled", replayed: true });
    const other = { ...refused, fingerprint: "fp1:other" };
    expect(outcomeOf(await submit(other))).toBe("idempotency_key_reused");
  });

  it("what was rejected later keeps them until its own day", async () => {
    const { refused, log, settledAt } = await settled();
    vi.setSystemTime(settledAt + 86_400_000);
    const { refused: later, settledAt: laterSettledAt } = await settled();
    await runAlarms(log, settledAt + rejectedDetailsMaxMs);
    expect((await transactionOf(refused)).request).not.toHaveProperty("metadata");
    expect((await transactionOf(later)).request).toMatchObject(details);
    await runAlarms(log, laterSettledAt + rejectedDetailsMaxMs);
    expect((await transactionOf(later)).request).not.toHaveProperty("metadata");
  });

  it("more than one batch is dropped, run by run", async () => {
    const [sender, receiver] = await Promise.all([openWallet(), openWallet()]);
    const make = () => submission({ ...transfer(sender, receiver, 1), ...details }, keyInShard(11));
    const all = Array.from({ length: 103 }, make);
    await Promise.all(all.map(submit));
    const log = logObject(all[0]?.id ?? "");
    const left = async () => {
      const rows = await runSql(log, "SELECT id FROM transactions WHERE details IS NOT NULL");
      return rows.length;
    };
    expect(await left()).toBe(103);
    const now = Date.now() + rejectedDetailsMaxMs;
    await runAlarms(log, now);
    expect(await left()).toBe(3);
    expect(await alarmOf(log)).toBe(now + 100);
    await runAlarms(log, now + 100);
    expect(await left()).toBe(0);
    expect(await alarmOf(log)).toBe(await scrubDue(log));
  });

  it("what is still open keeps everything, however old it is", async () => {
    const { refused, log, settledAt } = await settled();
    const row = "SELECT details FROM transactions WHERE id = ?";
    // As it was before its release was acknowledged.
    await runSql(log, "DROP TRIGGER transactions_settled_once");
    await runSql(
      log,
      "UPDATE transactions SET open = 1, settled_at = NULL, next_attempt_at = ? WHERE id = ?",
      settledAt + 2 * rejectedDetailsMaxMs,
      refused.id,
    );
    await runAlarms(log, settledAt + rejectedDetailsMaxMs + 60_000);
    expect((await runSql(log, row, refused.id))[0]?.["details"]).not.toBeNull();
  });
});
