// Guarantee: an authorization that nothing has ended expires: late if need be, never early, once.
// Its log sees to that, whatever became of its alarm, its accounts, or the end that came first.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { expiryIdFor, logShardOf } from "../../../src/domain/ids.ts";
import {
  alarmBatchMax,
  answerWaitMaxMs,
  attemptMaxMs,
  preparingMaxMs,
  transactionsInProgressMax,
} from "../../../src/domain/limits.ts";
import type { SentRequest } from "../../../src/domain/operations/all.ts";
import { readAuthorized } from "../../../src/domain/operations/authorization.ts";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import type { Vote } from "../../../src/domain/protocol/vote.ts";
import { alarmGuardMs } from "../../../src/durable-objects/alarm-clock.ts";
import { logStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "../../support/caller.ts";
import { useFakeDate } from "../../support/fake-date.ts";
import { keyInShard } from "../../support/keys.ts";
import { outcomeOf, submission, submit } from "../../support/ledger.ts";
import { alarmOf, breakTable, runSql } from "../../support/objects.ts";
import {
  eventsHappen,
  onStage,
  receiver,
  sender,
  type StagedLog,
} from "../../support/staged-log.ts";
import { logObject, walletObject } from "../../support/stubs.ts";
import { tamper } from "../../support/tampering.ts";
import { fundedWallet, openWallet, readBalance } from "../../support/wallets.ts";

useFakeDate();

const livesMs = 60_000;
const expiresIn = livesMs / 1_000;

async function find(id: string) {
  const found = await logStub(env, logShardOf(id)).find({ ...call, transactionId: id });
  return found.ok ? found.transaction : undefined;
}

/** Of 40 out of 100. */
async function authorized() {
  const [payer, toWalletId] = await Promise.all([fundedWallet(100), openWallet()]);
  const sent = {
    type: "authorization",
    fromWalletId: payer,
    toWalletId,
    amount: 40,
    expiresIn,
  } as const;
  const submitted = submission(sent);
  expect(outcomeOf(await submit(submitted))).toBe("committed");
  const record = await find(submitted.id);
  const authorization = record && readAuthorized(record);
  if (!authorization) throw new Error("what is authorized is recorded");
  const ended = (request: Pick<SentRequest, "type"> & { readonly amount?: number }): Submission =>
    submission({ ...request, authorization } as SentRequest);
  const log = logObject(submitted.id);
  return { payer, submitted, authorization, log, ended };
}

type Authorized = Awaited<ReturnType<typeof authorized>>;

function expiryOf({ submitted }: Pick<Authorized, "submitted">) {
  return find(expiryIdFor(tenant, submitted.id));
}

async function expirationsIn(log: DurableObjectStub): Promise<number> {
  return (await runSql(log, "SELECT id FROM expirations")).length;
}

/** The alarm, as often as it comes by then. */
async function driveLog({ log, authorization }: Authorized): Promise<void> {
  vi.setSystemTime(authorization.expiresAt);
  await runDurableObjectAlarm(log);
}

describe("an authorization that nothing has ended", () => {
  it("expires when its time is over: the money is available again", async () => {
    const one = await authorized();
    expect((await readBalance(one.payer)).positions).toMatchObject([
      { balance: 100, available: 60, reserved: 40 },
    ]);
    await driveLog(one);
    expect(await expiryOf(one)).toMatchObject({ state: "committed", principal: "system" });
    expect((await readBalance(one.payer)).positions).toMatchObject([
      { balance: 100, available: 100, reserved: 0 },
    ]);
    expect(await expirationsIn(one.log)).toBe(0);
  });

  it("does not expire a moment before", async () => {
    const one = await authorized();
    vi.setSystemTime(one.authorization.expiresAt - 1);
    await runDurableObjectAlarm(one.log);
    expect(await expiryOf(one)).toBeUndefined();
    expect(await expirationsIn(one.log)).toBe(1);
    expect(await alarmOf(one.log)).toBeLessThanOrEqual(one.authorization.expiresAt + 100);
  });

  it("is not taken for overdue when the clock is put back", async () => {
    const one = await authorized();
    vi.setSystemTime(one.authorization.expiresAt - 10 * livesMs);
    await runDurableObjectAlarm(one.log);
    expect(await expiryOf(one)).toBeUndefined();
  });

  it("does not expire early although its row was edited", async () => {
    const one = await authorized();
    const { submitted, authorization, log } = one;
    const set = `expires_at = ${authorization.expiresAt - 1_000}`;
    await tamper(log, `UPDATE expirations SET ${set} WHERE id = '${submitted.id}'`);
    vi.setSystemTime(authorization.expiresAt - 1);
    await runDurableObjectAlarm(log);
    expect(await expiryOf(one)).toBeUndefined();
    vi.setSystemTime(authorization.expiresAt + alarmGuardMs);
    await runDurableObjectAlarm(log);
    expect(await expiryOf(one)).toMatchObject({ state: "committed" });
  });

  it("gets its alarm again from a restart, where it was lost", async () => {
    const one = await authorized();
    await runDurableObjectAlarm(one.log);
    await runInDurableObject(one.log, (_instance, { storage }) => storage.deleteAlarm());
    await evictDurableObject(one.log);
    expect(await alarmOf(one.log)).toBe(one.authorization.expiresAt);
  });

  it("is listed as unfinished once it is overdue, and no longer when it has expired", async () => {
    const one = await authorized();
    const list = async () => {
      const asked = { ...call, createdUntil: Number.MAX_SAFE_INTEGER };
      const listed = await logStub(env, logShardOf(one.submitted.id)).unsettled(asked);
      return listed.map(({ id }) => id);
    };
    expect(await list()).toEqual([]);
    vi.setSystemTime(one.authorization.expiresAt);
    expect(await list()).toEqual([one.submitted.id]);
    await driveLog(one);
    expect(await list()).toEqual([]);
  });

  it("gets its alarm again from reading it, where it is overdue", async () => {
    const one = await authorized();
    await runDurableObjectAlarm(one.log);
    vi.setSystemTime(one.authorization.expiresAt);
    await runInDurableObject(one.log, (_instance, { storage }) => storage.deleteAlarm());
    vi.setSystemTime(one.authorization.expiresAt + 3_000);
    await find(one.submitted.id);
    expect(await alarmOf(one.log)).toBe(one.authorization.expiresAt + 3_000);
  });
});

describe("an authorization that has an end", () => {
  it.each([{ type: "capture", amount: 30 } as const, { type: "cancellation" } as const])(
    "by a $type has no second one: its expiration goes, and nothing is recorded",
    async (end) => {
      const one = await authorized();
      expect(outcomeOf(await submit(one.ended(end)))).toBe("committed");
      await driveLog(one);
      expect(await expiryOf(one)).toBeUndefined();
      expect(await expirationsIn(one.log)).toBe(0);
    },
  );

  it("that is decided but not posted when its time is over keeps it", async () => {
    const one = await authorized();
    const repair = await breakTable(walletObject(one.payer), "INSERT", "entries");
    vi.setSystemTime(one.authorization.expiresAt - 1);
    const capture = one.ended({ type: "capture" });
    const answer = await submit(capture);
    expect(answer.outcome).toBe("pending");
    const driven = driveLog(one);
    await expect.poll(() => expiryOf(one)).toMatchObject({ state: "preparing" });
    await repair();
    await driven;
    expect(await find(capture.id)).toMatchObject({ state: "committed" });
    expect(await expiryOf(one)).toMatchObject({
      state: "rejected",
      refusal: { code: "authorization_captured", transactionId: capture.id },
    });
  });
});

describe("an end that comes too late", () => {
  it.each([{ type: "capture" } as const, { type: "cancellation" } as const])(
    "a $type is told of the expiry",
    async (end) => {
      const one = await authorized();
      await driveLog(one);
      const answer = await submit(one.ended(end));
      expect(answer).toMatchObject({
        transaction: {
          refusal: {
            code: "authorization_expired",
            transactionId: expiryIdFor(tenant, one.submitted.id),
          },
        },
      });
    },
  );

  it("a capture cannot win against an expiry that is not posted yet", async () => {
    const one = await authorized();
    vi.setSystemTime(one.authorization.expiresAt);
    expect(outcomeOf(await submit(one.ended({ type: "capture" })))).toBe("transaction_expired");
    await runDurableObjectAlarm(one.log);
    expect(await expiryOf(one)).toMatchObject({ state: "committed" });
  });

  it("a cancellation still can: it is the way out where the log does not answer", async () => {
    const one = await authorized();
    vi.setSystemTime(one.authorization.expiresAt);
    expect(outcomeOf(await submit(one.ended({ type: "cancellation" })))).toBe("committed");
    await runDurableObjectAlarm(one.log);
    expect(await expiryOf(one)).toBeUndefined();
  });
});

it("a refused authorization has no expiration", async () => {
  const [fromWalletId, toWalletId] = await Promise.all([openWallet(), openWallet()]);
  const wallets = { fromWalletId, toWalletId };
  const submitted = submission({ type: "authorization", ...wallets, amount: 40 });
  expect(outcomeOf(await submit(submitted))).toBe("insufficient_funds");
  expect(await expirationsIn(logObject(submitted.id))).toBe(0);
});

/** An authorization whose log is on stage, and the moment at which it expires. */
async function authorizedOn(stage: StagedLog, shard: number) {
  const wallets = { fromWalletId: sender, toWalletId: receiver };
  const sent = { type: "authorization", ...wallets, amount: 40, expiresIn } as const;
  const submitted = submission(sent, keyInShard(shard));
  expect(outcomeOf(await stage.submit(submitted))).toBe("committed");
  const expiry = { ...submitted, id: expiryIdFor(tenant, submitted.id) };
  return { submitted, expiry, expiresAt: stage.clock.now() + livesMs };
}

/** An alarm run, in which so much time passes whenever nothing else can happen. */
async function runFor(stage: StagedLog, stepMs: number): Promise<void> {
  const running = new Set(["run"]);
  const run = stage.log.alarmJobs.run().finally(() => running.clear());
  while (running.size > 0) {
    await eventsHappen();
    await stage.storage.sync();
    if (running.size > 0 && stage.clock.waits.length > 0) stage.clock.pass(stepMs);
  }
  await run;
}

describe("an expiry whose wallet does not answer", () => {
  it("is asked for until it does: it has no deadline", () =>
    onStage(141, async (stage) => {
      const { accounts, clock } = stage;
      const { expiry } = await authorizedOn(stage, 141);
      accounts.onReadClaims = () => Promise.reject(new Error("no answer"));
      accounts.onHold = () => Promise.reject(new Error("no answer"));
      clock.pass(livesMs);
      await runFor(stage, 1_000);
      expect(stage.stateOf(expiry)).toBe("preparing");
      clock.pass(100 * preparingMaxMs);
      await runFor(stage, 1_000);
      expect(stage.stateOf(expiry)).toBe("preparing");
      accounts.onHold = async () => ({ vote: "yes" });
      clock.pass(100 * preparingMaxMs);
      await runFor(stage, 1_000);
      expect(stage.stateOf(expiry)).toBe("committed");
    }));

  it("is recorded although the shard is full of transactions: its room was promised", () =>
    onStage(142, async (stage) => {
      const { accounts, clock, log } = stage;
      const { expiry } = await authorizedOn(stage, 142);
      clock.pass(livesMs);
      accounts.onHold = () => new Promise(() => {});
      const open = Array.from({ length: transactionsInProgressMax }, () => stage.transfer());
      const answers = open.map((one) => stage.submit(one));
      await stage.storage.sync();
      expect(await stage.submit(stage.transfer())).toMatchObject({ problem: "overloaded" });
      void log.alarmJobs.run();
      while (stage.stateOf(expiry) === "absent") await stage.storage.sync();
      clock.pass(answerWaitMaxMs);
      await Promise.all(answers);
    }));
});

describe("what is due at the same time", () => {
  it("an authorization that is decided while the alarm is lost sets it for what was due before", () =>
    onStage(145, async (stage) => {
      const { accounts, clock, storage } = stage;
      accounts.onHold = async () => ({ vote: "busy", reason: "open_legs" });
      const left = await stage.begin(stage.transfer());
      clock.pass(attemptMaxMs);
      await left.answer;
      const votes: ((vote: Vote) => void)[] = [];
      accounts.onHold = () => new Promise((resolve) => votes.push(resolve));
      const deciding = authorizedOn(stage, 145);
      while (votes.length === 0) await storage.sync();
      await storage.deleteAlarm();
      clock.pass(answerWaitMaxMs - 1);
      for (const vote of votes) vote({ vote: "yes" });
      await deciding;
      expect(await storage.getAlarm()).toBe(clock.now());
    }));

  it("sagas are driven before anything expires", () =>
    onStage(143, async (stage) => {
      const { accounts, clock } = stage;
      const { expiry } = await authorizedOn(stage, 143);
      accounts.onHold = async () => ({ vote: "busy", reason: "open_legs" });
      const { answer } = await stage.begin(stage.transfer());
      clock.pass(attemptMaxMs);
      await answer;
      clock.pass(livesMs);
      accounts.calls.length = 0;
      accounts.onHold = async () => ({ vote: "yes" });
      await runFor(stage, 1_000);
      expect(accounts.calls[0]).not.toBe(`readClaims ${sender}`);
      expect(accounts.calls).toContain(`readClaims ${sender}`);
      expect(stage.stateOf(expiry)).toBe("committed");
    }));

  it("at most 50 expire in one run, the earliest first", () =>
    onStage(144, async (stage) => {
      const { clock, storage } = stage;
      const count = alarmBatchMax + 2;
      const { submitted } = await authorizedOn(stage, 144);
      const others = Array.from({ length: count - 1 }, () => ({
        ...submitted,
        id: stage.transfer().id,
      }));
      for (const one of others) {
        clock.pass(1);
        await stage.submit(one);
      }
      clock.pass(livesMs);
      await runFor(stage, 1_000);
      const left = storage.sql.exec<{ id: string }>("SELECT id FROM expirations").toArray();
      expect(left.map(({ id }) => id)).toEqual(others.slice(-2).map(({ id }) => id));
      await runFor(stage, 1_000);
      expect(storage.sql.exec("SELECT id FROM expirations").toArray()).toEqual([]);
    }));
});
