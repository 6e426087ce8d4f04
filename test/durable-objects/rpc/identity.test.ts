// Guarantee: an object never works as another than it is. Called with another tenant, account,
// shard or number of shards it throws, answers nothing and writes nothing.
import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { logShardOf } from "../../../src/domain/ids.ts";
import { submissionOf } from "../../../src/domain/protocol/transaction.ts";
import { identityMismatch } from "../../../src/durable-objects/rpc/identity.ts";
import { canaryStubs, logStub, walletStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "../../support/caller.ts";
import { keyInShard, newKey } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { externalObject, logObject, walletObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";
import { sidesOf } from "../../support/legs.ts";
import { contentsOf, failureOf, runSql, tablesOf } from "../../support/objects.ts";

describe("a wallet", () => {
  it("refuses another tenant's calls and another wallet's", async () => {
    const [walletId, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const [debit] = sidesOf(submission(transfer(walletId, receiver, 1)));
    const wallet = walletStub(env, tenant, walletId);
    const before = await contentsOf(debit.object);
    for (const wrong of [{ tenant: "other" }, { account: receiver, walletId: receiver }]) {
      const about = { ...call, walletId, ...wrong };
      const leg = { ...debit.call, ...wrong };
      const opening = { ...about, profile: { name: "Eve" }, fingerprint: "fp1:eve" };
      for (const misled of [
        async () => debit.api.hold(leg),
        async () => debit.api.post(leg),
        async () => debit.api.release(leg),
        async () => wallet.readBalance(about),
        async () => wallet.readHistory({ ...about, filter: {}, limit: 1 }),
        async () => wallet.profile(about),
        async () => wallet.open(opening),
      ]) {
        expect(await failureOf(misled)).toContain(identityMismatch);
      }
    }
    expect(await contentsOf(debit.object)).toBe(before);
  });
});

describe("a wallet that was never opened", () => {
  it("is opened in the object of its own name only", async () => {
    const [walletId, another] = ["A", "B"].map((letter) => `wal_${letter.repeat(26)}`) as [
      string,
      string,
    ];
    const object = walletStub(env, "missing", another);
    const opening = { walletId, fingerprint: "fp1:a", profile: { name: "Ada" } };
    const open = async () => object.open({ ...call, tenant: "missing", ...opening });
    expect(await failureOf(open)).toContain(identityMismatch);
    expect(await object.profile({ ...call, tenant: "missing", walletId: another })).toEqual({
      ok: false,
      problem: "not_found",
    });
  });
});

describe("a tenant", () => {
  it("sees nothing of another's transactions, by id or in the list", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const submitted = submission(transfer(sender, receiver, 1));
    await submit(submitted);
    const log = logStub(env, logShardOf(submitted.id));
    const find = { ...call, transactionId: submitted.id };
    expect(await log.find(find)).toMatchObject({ ok: true });
    expect(await log.find({ ...find, tenant: "other" })).toEqual({
      ok: false,
      problem: "not_found",
    });
    const { id: transactionId, fingerprint } = submitted;
    const ask = { ...call, account: sender, questions: [{ transactionId, fingerprint }] };
    expect(await log.ask(ask)).toMatchObject({ answers: [{ decision: "commit" }] });
    const fault = { ok: true, answers: [{ decision: "fault" }] };
    expect(await log.ask({ ...ask, tenant: "other" })).toEqual(fault);
    expect(await log.ask({ ...ask, account: "wal_OTHER" })).toEqual(fault);
  });

  it("uses keys and payment references of its own", async () => {
    const [key, reference] = [newKey(), newKey()];
    const mine = submission(funding(await openWallet(), 1, reference), key);
    const theirs = submissionOf("other", key, funding(await openWallet(), 1, reference), "USD");
    expect(outcomeOf(await submit(mine))).toBe("committed");
    const log = logStub(env, logShardOf(theirs.id));
    const result = await log.submit({
      ...call,
      tenant: "other",
      principal: "test",
      submission: theirs,
    });
    // The wallet belongs to the first tenant: for the other one there is none of that id.
    expect(outcomeOf(result)).toBe("wallet_not_found");
  });
});

describe("a canary", () => {
  it("writes and reads in each class", async () => {
    for (const canary of Object.values(canaryStubs(env))) {
      const { readMs, writeMs } = await canary.probe();
      expect(readMs).toBeGreaterThanOrEqual(0);
      expect(writeMs).toBeGreaterThanOrEqual(0);
    }
  });

  it("is no account and no log: a real object refuses the probe and gets no table for it", async () => {
    const walletId = await openWallet();
    const submitted = submission(funding(walletId, 1));
    await submit(submitted);
    const objects = [walletObject(walletId), logObject(submitted.id), externalObject(submitted)];
    for (const object of objects) {
      const probe = async () => object.probe();
      expect(await failureOf(probe)).toContain("only a canary");
      expect(await tablesOf(object)).not.toContain("canary");
    }
  });
});

// Last, each in a shard that the other does not use: they leave shards that refuse all calls.
describe("a log shard", () => {
  it("refuses an id of another shard, and any under another number of shards", async () => {
    const walletId = await openWallet();
    const submitted = submission(funding(walletId, 1), keyInShard(0));
    await submit(submitted);
    const stranger = submission(funding(walletId, 1), keyInShard(1));
    const log = logStub(env, 0);
    const before = await contentsOf(logObject(submitted.id));
    const misled = async () => log.submit({ ...call, principal: "test", submission: stranger });
    expect(await failureOf(misled)).toContain(identityMismatch);
    expect(await contentsOf(logObject(submitted.id))).toBe(before);
    expect(outcomeOf(await submit(submitted))).toBe("committed");

    await runSql(logObject(submitted.id), "DROP TRIGGER identity_not_updated");
    await runSql(logObject(submitted.id), "UPDATE identity SET shards = 128");
    await evictDurableObject(logObject(submitted.id));
    expect(await failureOf(async () => submit(submitted))).toContain(identityMismatch);
  });
});

describe("a shard of the outside world", () => {
  it("refuses another shard's calls, and any under another number of shards", async () => {
    const submitted = submission(funding(await openWallet(), 1), keyInShard(1));
    await submit(submitted);
    const [external] = sidesOf(submitted);
    const leg = { ...external.call, account: "external-xx" };
    expect(await failureOf(async () => external.api.hold(leg))).toContain(identityMismatch);
    const object = externalObject(submitted);
    await runSql(object, "DROP TRIGGER identity_not_updated");
    await runSql(object, "UPDATE identity SET shards = 128");
    await evictDurableObject(object);
    expect(await failureOf(external.hold)).toContain(identityMismatch);
  });
});
