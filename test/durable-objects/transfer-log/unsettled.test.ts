// Guarantee: what is not finished can be seen: operators are shown every open transaction of their
// tenant, and one that contradicts its accounts, or keeps failing, is marked as stuck.
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { logShardOf } from "../../../src/domain/ids.ts";
import { attemptsUntilStuck } from "../../../src/domain/limits.ts";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import { logStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { useFakeDate } from "../../support/fake-date.ts";
import { call } from "../../support/caller.ts";
import { outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { logObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";
import { sidesOf } from "../../support/legs.ts";
import { nextAttemptInMs, recordTransaction, type CrashedAt } from "../../support/log-rows.ts";
import { breakTable } from "../../support/objects.ts";

useFakeDate();

async function unsettled(
  submitted: Submission,
  createdUntil = Date.now(),
  tenant: string = call.tenant,
) {
  const open = await logStub(env, logShardOf(submitted.id)).unsettled({
    ...call,
    tenant,
    createdUntil,
  });
  return open.find(({ id }) => id === submitted.id);
}

async function recorded(at: CrashedAt, holds = true) {
  const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
  const submitted = submission(transfer(sender, receiver, 40));
  const sides = sidesOf(submitted);
  if (holds) for (const side of sides) await side.hold();
  await recordTransaction(submitted, at);
  return { submitted, sides };
}

async function runAlarm(submitted: Submission): Promise<void> {
  vi.setSystemTime(Date.now() + 5 * 60_000);
  expect(await runDurableObjectAlarm(logObject(submitted.id))).toBe(true);
}

describe("the list of unsettled transactions", () => {
  it("shows what is preparing, and what is decided and not acknowledged", async () => {
    const createdAt = Date.now();
    const { submitted: preparing } = await recorded({});
    const { submitted: decided } = await recorded({ state: "committed" });
    const same = {
      type: "transfer",
      stuck: false,
      attempts: 0,
      createdAt,
      nextAttemptAt: createdAt + nextAttemptInMs,
    };
    expect(await unsettled(preparing)).toEqual({ ...same, id: preparing.id, state: "preparing" });
    expect(await unsettled(decided)).toEqual({
      ...same,
      id: decided.id,
      state: "committed",
      decidedAt: createdAt,
    });
  });

  it("shows nothing that is settled, of another tenant, or younger than asked for", async () => {
    const { submitted } = await recorded({});
    expect(await unsettled(submitted, Date.now() - 1)).toBeUndefined();
    expect(await unsettled(submitted, Date.now(), "other")).toBeUndefined();
    expect(outcomeOf(await submit(submitted))).toBe("committed");
    expect(await unsettled(submitted)).toBeUndefined();
  });
});

describe("a decided transaction that an account cannot post", () => {
  it("is retried with back-off, stuck after 20 attempts, and settles when it can", async () => {
    const attempts = attemptsUntilStuck - 2;
    const { submitted, sides } = await recorded({ state: "committed", attempts });
    const repair = await breakTable(sides[1].object, "INSERT", "entries");
    await runAlarm(submitted);
    const row = await unsettled(submitted);
    expect(row).toMatchObject({ attempts: attempts + 1, stuck: false });
    const delayMs = (row?.nextAttemptAt ?? 0) - Date.now();
    expect(delayMs).toBeGreaterThanOrEqual(150_000);
    expect(delayMs).toBeLessThanOrEqual(300_000);
    await runAlarm(submitted);
    expect(await unsettled(submitted)).toMatchObject({ state: "committed", stuck: true });
    await repair();
    await runAlarm(submitted);
    expect(await unsettled(submitted)).toBeUndefined();
    expect(outcomeOf(await submit(submitted))).toBe("committed");
  });
});

describe("a transaction that contradicts its accounts", () => {
  it("is stuck at once: committed, but never held", async () => {
    const { submitted } = await recorded({ state: "committed" }, false);
    await runAlarm(submitted);
    expect(await unsettled(submitted)).toMatchObject({ attempts: 1, stuck: true });
  });

  it("is stuck at once: rejected, but posted", async () => {
    const refusal = { code: "transaction_expired" } as const;
    const { submitted, sides } = await recorded({ state: "rejected", refusal });
    await sides[0].post();
    await runAlarm(submitted);
    expect(await unsettled(submitted)).toMatchObject({ attempts: 1, stuck: true });
  });

  it("stays stuck while it is retried", async () => {
    const { submitted } = await recorded({ state: "committed" }, false);
    await runAlarm(submitted);
    await runAlarm(submitted);
    expect(await unsettled(submitted)).toMatchObject({ attempts: 2, stuck: true });
  });
});
