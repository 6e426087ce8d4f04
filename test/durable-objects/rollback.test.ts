// Guarantee: an account's change is whole or not there: when a post, a hold or an opening fails in
// the middle, nothing of it stays, and doing it again succeeds.
import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { Account } from "../../src/durable-objects/account/core.ts";
import { createExternalAccount } from "../../src/durable-objects/external-account/core.ts";
import { externalAccountMigrations } from "../../src/durable-objects/rpc/migrations.ts";
import { logsOf, walletStub } from "../../src/durable-objects/rpc/stubs.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { call, tenant } from "../support/caller.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../support/ledger.ts";
import { logObject, walletObject } from "../support/stubs.ts";
import { balanceOf, fundedWallet, openWallet } from "../support/wallets.ts";
import { postMany, recordedLeg, sidesOf } from "../support/legs.ts";
import {
  breakTable,
  contentsOf,
  failingCommits,
  failureOf,
  runSql,
  tablesOf,
} from "../support/objects.ts";

const someone = `wal_${"0".repeat(26)}`;

describe("a post that fails in the middle", () => {
  it("leaves neither an entry nor a closed leg, and succeeds when it is repeated", async () => {
    const sender = await fundedWallet(100);
    const submitted = submission(transfer(sender, someone, 40));
    const [debit] = sidesOf(submitted);
    await debit.hold();
    const before = await contentsOf(debit.object);
    const repair = await breakTable(debit.object, "UPDATE", "legs");
    expect(await failureOf(debit.post)).toContain("broken by a test");
    expect(await contentsOf(debit.object)).toBe(before);
    await repair();
    expect(await debit.post()).toMatchObject({ acknowledged: true });
    expect(await recordedLeg(debit.object, submitted.id)).toEqual({
      state: "posted",
      legs: 1,
      entries: 1,
    });
  });

  it("at its checkpoint leaves neither an entry nor a closed leg", async () => {
    const walletId = await openWallet();
    await postMany(walletId, 63, () => submission(funding(walletId, 1)));
    const [, credit] = sidesOf(submission(funding(walletId, 1)));
    await credit.hold();
    const before = await contentsOf(credit.object);
    const repair = await breakTable(credit.object, "INSERT", "checkpoints");
    expect(await failureOf(credit.post)).toContain("broken by a test");
    expect(await contentsOf(credit.object)).toBe(before);
    await repair();
    expect(await credit.post()).toMatchObject({ acknowledged: true });
    expect(await balanceOf(walletId)).toBe(64);
  });
});

describe("a claim that fails in the middle", () => {
  it("leaves no held leg without its claim", async () => {
    const walletId = await openWallet();
    const first = submission(funding(walletId, 1));
    const [external] = sidesOf(first);
    await external.hold();
    await external.release();
    const repair = await breakTable(external.object, "INSERT", "claims");
    const before = await contentsOf(external.object);
    // Another funding that collides in this shard: the same reference, free again.
    const { paymentReference } = external.call.posting;
    const [next] = sidesOf(submission(funding(walletId, 1, paymentReference)));
    expect(await failureOf(next.hold)).toContain("broken by a test");
    expect(await contentsOf(external.object)).toBe(before);
    await repair();
    expect(await next.hold()).toMatchObject({ vote: "yes" });
  });

  it("leaves no void leg with its claim", async () => {
    const [external] = sidesOf(submission(funding(await openWallet(), 1)));
    await external.hold();
    await runSql(
      external.object,
      `CREATE TRIGGER broken BEFORE DELETE ON claims
       BEGIN SELECT RAISE(ABORT, 'broken by a test'); END`,
    );
    const before = await contentsOf(external.object);
    expect(await failureOf(external.release)).toContain("broken by a test");
    expect(await contentsOf(external.object)).toBe(before);
  });
});

/** The account's production code on the storage of its object, the commits of which fail when told
 *  to. */
async function withFailingCommits(
  object: DurableObjectStub,
  play: (account: Account, failing: (fails: boolean) => void) => Promise<void>,
): Promise<void> {
  await runInDurableObject(object, async (_instance, { storage: real }) => {
    const { storage, failing } = failingCommits(real);
    const parts = { storage, clock: systemClock, logs: logsOf(env), log: () => {} };
    await play(createExternalAccount(parts, externalAccountMigrations), failing);
  });
}

describe("a hold whose commit fails", () => {
  it("was never there: the tables are made again, and the leg is not posted from memory", async () => {
    const [external] = sidesOf(submission(funding(await openWallet(), 1)));
    const first = external.call;
    const fresh = sidesOf(submission(funding(await openWallet(), 1)))[0].call.posting;
    const second = { ...first, posting: fresh };
    await withFailingCommits(external.object, async (account, failing) => {
      failing(true);
      expect(await failureOf(() => account.hold(first))).toBe("broken by a test");
      failing(false);
      expect(await account.post(first)).toMatchObject({ reason: "fault" });
      expect(await account.hold(first)).toMatchObject({ vote: "yes" });
      failing(true);
      expect(await failureOf(() => account.hold(second))).toBe("broken by a test");
      failing(false);
      expect(await account.post(second)).toMatchObject({ reason: "fault" });
      expect(await account.post(first)).toMatchObject({ acknowledged: true });
    });
  });
});

describe("an opening that fails in the middle", () => {
  it("leaves no wallet: the next one opens it whole", async () => {
    const walletId = await openWallet();
    const opened = { ...call, walletId: `wal_${"Z".repeat(26)}`, fingerprint: "fp1:z" };
    const wallet = walletStub(env, tenant, opened.walletId);
    const open = async () => wallet.open({ ...opened, profile: { name: "Zed" } });
    // In the way of one of the last tables that the opening creates.
    await runSql(walletObject(opened.walletId), "CREATE TABLE checkpoints (broken TEXT)");
    expect(await failureOf(open)).toContain("already exists");
    expect(await tablesOf(walletObject(opened.walletId))).toEqual(["checkpoints"]);
    await runSql(walletObject(opened.walletId), "DROP TABLE checkpoints");
    expect(await wallet.profile(opened)).toEqual({ ok: false, problem: "not_found" });
    const again = await wallet.open({ ...opened, profile: { name: "Zoe" } });
    expect(again).toMatchObject({ ok: true, replayed: false });
    expect(await balanceOf(walletId)).toBe(0);
  });
});

describe("a submission that fails in the middle", () => {
  it("leaves no record and no alarm, and the same key succeeds afterwards", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const submitted = submission(transfer(sender, receiver, 40));
    const impossible = { ...submitted.request, toWalletId: sender };
    const log = logObject(submitted.id);
    const broken = async () => submit({ ...submitted, request: impossible });
    expect(await failureOf(broken)).toContain("both_directions");
    expect(await contentsOf(log)).toBe("{}");
    expect(outcomeOf(await submit(submitted))).toBe("committed");
  });
});
