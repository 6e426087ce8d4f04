// Guarantee: probing ids leaves no storage. An object that was never used answers and stays empty,
// so guessing neither fills the disk nor finds out what exists.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { logShardOf, userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { logStub, walletStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { call, tenant, unknownVersion } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { logObject, walletObject } from "../../support/stubs.ts";
import { openWallet } from "../../support/wallets.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";
import { tablesOf } from "../../support/objects.ts";

const unknownWallet = () => walletIdOfUser(userIdFor(tenant, newKey()));

// First, while no other test of this file can have used their shards.
describe("a shard of the outside world that was never used", () => {
  it("calls a post a fault and stores nothing", async () => {
    const [external] = sidesOf(submission(funding(unknownWallet(), 1)));
    expect(await external.post()).toMatchObject({ acknowledged: false, reason: "fault" });
    expect(await tablesOf(external.object)).toEqual([]);
  });
});

describe("a log shard that was never used", () => {
  it("knows nothing and stores nothing", async () => {
    const submitted = submission(funding(unknownWallet(), 1));
    const { id: transactionId, fingerprint } = submitted;
    const log = logStub(env, logShardOf(transactionId));
    const questions = [{ transactionId, fingerprint }];
    expect(await log.find({ ...call, transactionId })).toEqual({ ok: false, problem: "not_found" });
    expect(await log.unsettled({ ...call, createdUntil: Date.now() })).toEqual([]);
    expect(await log.ask({ ...call, account: "wal_X", questions })).toEqual({
      ok: true,
      answers: [{ decision: "fault" }],
    });
    expect(
      await log.ask({ ...call, protocol: unknownVersion, account: "wal_X", questions }),
    ).toEqual({
      ok: false,
      problem: "protocol_version",
    });
    expect(await tablesOf(logObject(transactionId))).toEqual([]);
  });
});

describe("a wallet that was never opened", () => {
  it("answers NO, acknowledges releases, calls a post a fault, and stores nothing", async () => {
    const walletId = unknownWallet();
    for (const side of [
      sidesOf(submission(transfer(walletId, unknownWallet(), 1)))[0],
      sidesOf(submission(funding(walletId, 1)))[1],
    ]) {
      const refusal = { code: "wallet_not_found", account: walletId };
      expect(await side.hold()).toEqual({ vote: "no", refusal });
      expect(await side.release()).toEqual({ acknowledged: true });
      expect(await side.post()).toMatchObject({ acknowledged: false, reason: "fault" });
    }
    expect(await tablesOf(walletObject(walletId))).toEqual([]);
  });

  it("has no balance, no history and no profile, and stores nothing", async () => {
    const walletId = unknownWallet();
    const wallet = walletStub(env, tenant, walletId);
    const about = { ...call, walletId };
    const notFound = { ok: false, problem: "not_found" };
    expect(await wallet.readBalance(about)).toEqual(notFound);
    expect(await wallet.readHistory({ ...about, filter: {}, limit: 10 })).toEqual(notFound);
    expect(await wallet.profile(about)).toEqual(notFound);
    expect(await tablesOf(walletObject(walletId))).toEqual([]);
  });

  it("stays empty when a whole transaction names it", async () => {
    const [known, unknown] = [await openWallet(), unknownWallet()];
    const results = await Promise.all([
      submit(submission(transfer(known, unknown, 1))),
      submit(submission(transfer(unknown, known, 1))),
      submit(submission(funding(unknown, 1))),
    ]);
    expect(results.map(outcomeOf)).toEqual(Array(3).fill("wallet_not_found"));
    expect(await tablesOf(walletObject(unknown))).toEqual([]);
  });

  it("may be opened afterwards, and a late duplicate of the refused hold does no harm", async () => {
    const key = newKey();
    const walletId = walletIdOfUser(userIdFor(tenant, key));
    const refused = submission(funding(walletId, 5));
    expect(outcomeOf(await submit(refused))).toBe("wallet_not_found");
    const profile = { name: "Late" };
    const wallet = walletStub(env, tenant, walletId);
    await wallet.open({ ...call, walletId, profile, fingerprint: "fp1:late" });
    const [, credit] = sidesOf(refused);
    expect(await credit.hold()).toMatchObject({ vote: "yes" });
    const reading = await wallet.readBalance({ ...call, walletId });
    expect(reading).toMatchObject({ ok: true, positions: [] });
    expect(await recordedLeg(credit.object, refused.id)).toMatchObject({ state: "void" });
    expect(outcomeOf(await submit(refused))).toBe("wallet_not_found");
  });
});
