// Guarantee: a transaction that could not be decided in 30 seconds is rejected by the next attempt
// on it, and everything that it had reserved is free again. Nothing else lets a hold go.
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { logShardOf } from "../../../src/domain/ids.ts";
import { preparingMaxMs } from "../../../src/domain/limits.ts";
import { logStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { useFakeDate } from "../../support/fake-date.ts";
import { call } from "../../support/caller.ts";
import { outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { logObject } from "../../support/stubs.ts";
import { balanceOf, fundedWallet, openWallet, readBalance } from "../../support/wallets.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { alarmOf, runSql } from "../../support/objects.ts";

useFakeDate();

/** A transfer with both holds placed that has not been driven since. */
async function abandoned() {
  const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
  const submitted = submission(transfer(sender, receiver, 40));
  const sides = sidesOf(submitted);
  for (const side of sides) expect(await side.hold()).toMatchObject({ vote: "yes" });
  await recordTransaction(submitted);
  return { sender, receiver, submitted, sides };
}

type Abandoned = Awaited<ReturnType<typeof abandoned>>;

async function expectExpired({ sender, receiver, submitted, sides }: Abandoned): Promise<void> {
  const answer = await submit(submitted);
  expect(answer).toMatchObject({
    outcome: "settled",
    transaction: { state: "rejected", refusal: { code: "transaction_expired" } },
  });
  for (const side of sides) {
    expect(await recordedLeg(side.object, submitted.id)).toMatchObject({ state: "void" });
  }
  expect((await readBalance(sender)).positions).toMatchObject([{ available: 100, held: 0 }]);
  expect(await balanceOf(receiver)).toBe(0);
}

describe("a transaction that is still preparing after 30 seconds", () => {
  it("is rejected by the alarm, and both holds are released", async () => {
    const transaction = await abandoned();
    vi.setSystemTime(Date.now() + preparingMaxMs);
    expect(await runDurableObjectAlarm(logObject(transaction.submitted.id))).toBe(true);
    const [sender] = transaction.sides;
    expect(await recordedLeg(sender.object, transaction.submitted.id)).toMatchObject({
      state: "void",
    });
    await expectExpired(transaction);
  });

  it("is rejected by a client's replay", async () => {
    const transaction = await abandoned();
    vi.setSystemTime(Date.now() + preparingMaxMs);
    expect(outcomeOf(await submit(transaction.submitted))).toBe("transaction_expired");
    await expectExpired(transaction);
  });

  it("is committed by a driver that comes a moment before the deadline", async () => {
    const { submitted, receiver } = await abandoned();
    vi.setSystemTime(Date.now() + preparingMaxMs - 1);
    expect(outcomeOf(await submit(submitted))).toBe("committed");
    expect(await balanceOf(receiver)).toBe(40);
  });

  it("keeps its holds until its log decides: accounts have no clock of their own", async () => {
    const { sender, receiver, submitted, sides } = await abandoned();
    vi.setSystemTime(Date.now() + 10 * preparingMaxMs);
    const reading = await readBalance(sender);
    expect(reading.positions).toMatchObject([{ balance: 100, available: 60, held: 40 }]);
    expect(await balanceOf(receiver)).toBe(0);
    for (const side of sides) {
      expect(await recordedLeg(side.object, submitted.id)).toMatchObject({ state: "held" });
    }
  });

  it("gets its alarm from the account that asks about it", async () => {
    const { sender, submitted } = await abandoned();
    const log = logObject(submitted.id);
    // The row's next attempt lies behind the deadline, as if its alarm had been lost.
    const late = Date.now() + preparingMaxMs + 1_000;
    await runSql(log, "UPDATE transactions SET next_attempt_at = ? WHERE open = 1", late);
    await runDurableObjectAlarm(log);
    expect(await alarmOf(log)).toBe(late);
    vi.setSystemTime(Date.now() + preparingMaxMs);
    await readBalance(sender);
    expect(await alarmOf(log)).toBe(Date.now());
    expect(await runDurableObjectAlarm(log)).toBe(true);
    const found = await logStub(env, logShardOf(submitted.id)).find({
      ...call,
      transactionId: submitted.id,
    });
    expect(found).toMatchObject({ transaction: { refusal: { code: "transaction_expired" } } });
  });
});

describe("after the expiry", () => {
  it("a late YES or a late hold changes nothing", async () => {
    const transaction = await abandoned();
    vi.setSystemTime(Date.now() + preparingMaxMs);
    await submit(transaction.submitted);
    for (const side of transaction.sides) {
      expect(await side.hold()).toEqual({ vote: "no", refusal: { code: "transaction_expired" } });
    }
    await expectExpired(transaction);
  });
});
