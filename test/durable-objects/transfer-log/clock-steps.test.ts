// Guarantee: a clock that was ahead and is put right holds no money and hides nothing: what it left
// open is listed, is driven as soon as its log is touched, and ends as it would have ended.
import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { logShardOf } from "../../../src/domain/ids.ts";
import { attemptsUntilStuck } from "../../../src/domain/limits.ts";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import { logStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { useFakeDate } from "../../support/fake-date.ts";
import { call } from "../../support/caller.ts";
import { keyInShard } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { logObject } from "../../support/stubs.ts";
import { balanceOf, fundedWallet, openWallet, readBalance } from "../../support/wallets.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";
import { recordTransaction, type CrashedAt } from "../../support/log-rows.ts";
import { alarmOf } from "../../support/objects.ts";

const minuteMs = 60_000;
const steps = [minuteMs, 10 * minuteMs, 60 * minuteMs, 365 * 24 * 60 * minuteMs];

/** The runtime's own clock stays a day behind, so that alarms come only where a test runs them. */
useFakeDate(24 * 60 * minuteMs);

/** A transfer that was interrupted while the clock was ahead, both holds placed; then the clock is
 *  put right, and its log restarts. */
async function leftBehind(stepMs: number, at: CrashedAt = {}) {
  const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
  const submitted = submission(transfer(sender, receiver, 40));
  const sides = sidesOf(submitted);
  for (const side of sides) expect(await side.hold()).toMatchObject({ vote: "yes" });
  const rightNow = Date.now();
  vi.setSystemTime(rightNow + stepMs);
  await recordTransaction(submitted, at);
  await alarmOf(logObject(submitted.id));
  vi.setSystemTime(rightNow);
  await evictDurableObject(logObject(submitted.id));
  return { sender, receiver, submitted, sides };
}

async function listed({ id }: Submission, createdUntil: number): Promise<boolean> {
  const open = await logStub(env, logShardOf(id)).unsettled({ ...call, createdUntil });
  return open.some((one) => one.id === id);
}

describe.each(steps)("after a step of %i ms that was put right", (stepMs) => {
  it("an undecided transfer is driven at once, expires, and its money is free again", async () => {
    const { sender, submitted, sides } = await leftBehind(stepMs);
    const log = logObject(submitted.id);
    expect(await alarmOf(log)).toBe(Date.now() + 100);
    vi.setSystemTime(Date.now() + 100);
    expect(await runDurableObjectAlarm(log)).toBe(true);
    for (const side of sides) {
      expect(await recordedLeg(side.object, submitted.id)).toMatchObject({ state: "void" });
    }
    expect((await readBalance(sender)).positions).toMatchObject([{ available: 100, held: 0 }]);
    expect(outcomeOf(await submit(submitted))).toBe("transaction_expired");
  });

  it("a committed transfer is driven at once and settles, however often it was tried", async () => {
    for (const attempts of [0, 5, attemptsUntilStuck - 2]) {
      const { receiver, submitted } = await leftBehind(stepMs, { state: "committed", attempts });
      const log = logObject(submitted.id);
      const back = 2 ** Math.max(attempts - 1, 0) * 1_000;
      if (stepMs <= back) continue;
      expect(await alarmOf(log), `${attempts} attempts`).toBe(Date.now() + 100);
      vi.setSystemTime(Date.now() + 100);
      expect(await runDurableObjectAlarm(log)).toBe(true);
      expect(await listed(submitted, Number.MAX_SAFE_INTEGER)).toBe(false);
      expect(await balanceOf(receiver)).toBe(40);
    }
  });

  it("what is open is listed, whatever age is asked for", async () => {
    const { submitted } = await leftBehind(stepMs, { state: "committed" });
    expect(await listed(submitted, Number.MAX_SAFE_INTEGER)).toBe(true);
    expect(await listed(submitted, Date.now() - minuteMs)).toBe(true);
  });
});

describe("a log that keeps running while its clock is put right", () => {
  it("sets its alarm anew with the next submission, for what waited already", async () => {
    const rightNow = Date.now();
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const submitted = submission(transfer(sender, receiver, 40));
    const log = logObject(submitted.id);
    vi.setSystemTime(rightNow + 10 * minuteMs);
    await recordTransaction(submitted);
    const ahead = await alarmOf(log);
    expect(ahead).toBeGreaterThan(rightNow + 10 * minuteMs);

    vi.setSystemTime(rightNow);
    const other = funding(await openWallet(), 1);
    await submit(submission(other, keyInShard(logShardOf(submitted.id))));
    expect(await alarmOf(log)).toBe(Date.now());
    expect(await runDurableObjectAlarm(log)).toBe(true);
    expect(outcomeOf(await submit(submitted))).toBe("transaction_expired");
  });

  it("sets it anew when an account asks about a transfer of then", async () => {
    const rightNow = Date.now();
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const submitted = submission(transfer(sender, receiver, 40));
    for (const side of sidesOf(submitted)) await side.hold();
    const log = logObject(submitted.id);
    vi.setSystemTime(rightNow + 10 * minuteMs);
    await recordTransaction(submitted);
    await alarmOf(log);

    vi.setSystemTime(rightNow);
    await readBalance(sender);
    expect(await alarmOf(log)).toBe(Date.now());
  });
});

describe("a clock that drifts by less than machines' clocks differ", () => {
  it("expires nothing and sets no alarm anew", async () => {
    const { submitted } = await leftBehind(4_000);
    expect(await alarmOf(logObject(submitted.id))).toBeGreaterThan(Date.now() + 1_000);
    expect(outcomeOf(await submit(submitted))).toBe("committed");
  });
});
