// Guarantee: the claims of an account are those of its held and posted legs, no more and no less,
// and within their capacity: a false one would refuse what is rightful, a lost one would let a
// payment in twice. And what was refused in favour of a claim was refused rightly.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { originKey } from "../../../src/domain/operations/operation.ts";
import { walletAddress } from "../../../src/domain/ids.ts";
import { externalAccountStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "../../support/caller.ts";
import { funding, outcomeOf, submission, submit } from "../../support/ledger.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { externalObject, logObject, walletObject } from "../../support/stubs.ts";
import { openWallet } from "../../support/wallets.ts";
import { sideAt, sidesOf } from "../../support/legs.ts";
import { audit, tamper } from "../../support/tampering.ts";

/** A shard with one posted funding and one that was refused as its duplicate. */
async function usedShard() {
  const walletId = await openWallet();
  const posted = submission(funding(walletId, 10));
  expect(outcomeOf(await submit(posted))).toBe("committed");
  const [outside] = sidesOf(posted);
  const { account, posting } = outside.call;
  const duplicate = submission(funding(walletId, 11, posting.paymentReference));
  expect(outcomeOf(await submit(duplicate))).toBe("duplicate_payment_reference");
  return { posted, duplicate, account, object: externalObject(posted) };
}

async function auditShard(account: string) {
  return externalAccountStub(env, tenant, account).audit({ ...call, account });
}

const differenceIn = async (account: string) => (await auditShard(account)).difference;

const insert = (key: string, transactionId: string, amount = 1) =>
  `INSERT INTO claims (key, transaction_id, amount) VALUES ('${key}', '${transactionId}', ${amount})`;

describe("a shard of the outside world", () => {
  it("is consistent as all of these tests begin, and its claims are counted", async () => {
    const { account } = await usedShard();
    expect(await auditShard(account)).toMatchObject({ checked: { entries: 1, claims: 1 } });
    expect(await differenceIn(account)).toBeUndefined();
  });

  it.each(["posted", "duplicate"] as const)(
    "has no other claim of the %s funding",
    async (which) => {
      const shard = await usedShard();
      const { id: transactionId } = shard[which];
      await tamper(shard.object, insert("payment:default:x", transactionId));
      expect(await differenceIn(shard.account)).toEqual({ kind: "wrong_claim", transactionId });
    },
  );

  it("has no claim of a transaction without a leg", async () => {
    const { account, object } = await usedShard();
    await tamper(object, insert("payment:default:x", "txn_X"));
    const difference = { kind: "wrong_claim", transactionId: "txn_X" };
    expect(await differenceIn(account)).toEqual(difference);
  });

  it("has no claim of more than its capacity", async () => {
    const { account, object, posted } = await usedShard();
    await tamper(object, "UPDATE claims SET amount = 2");
    const difference = { kind: "wrong_claim", transactionId: posted.id };
    expect(await differenceIn(account)).toEqual(difference);
  });

  it("has the claim of every posted leg", async () => {
    const posted = submission(funding(await openWallet(), 10));
    await submit(posted);
    await tamper(externalObject(posted), "DELETE FROM claims");
    const difference = { kind: "wrong_claim", transactionId: posted.id };
    expect(await differenceIn(sidesOf(posted)[0].call.account)).toEqual(difference);
  });

  const ofHeld = {
    "no claim at all": "DELETE FROM claims",
    "another one besides": `INSERT INTO claims SELECT 'payment:default:x', transaction_id, 1
      FROM legs WHERE open = 1`,
  } as const;
  it.each(Object.entries(ofHeld))("has of a held leg what its log knows: %s", async (_, change) => {
    const held = submission(funding(await openWallet(), 10));
    const [outside] = sidesOf(held);
    await outside.hold();
    await recordTransaction(held);
    const { account } = outside.call;
    expect(await differenceIn(account)).toBeUndefined();
    await tamper(outside.object, change);
    const difference = { kind: "wrong_claim", transactionId: held.id };
    expect(await differenceIn(account)).toEqual(difference);
  });

  const refusals = {
    "in favour of another": `{"code":"duplicate_payment_reference","transactionId":"txn_X"}`,
    "for what only wallets refuse": `{"code":"wallet_not_found","account":"own"}`,
  } as const;
  it.each(Object.entries(refusals))(
    "refuses nothing %s, even if its log agrees",
    async (_, refusal) => {
      const { account, object, duplicate } = await usedShard();
      const set = `SET refusal = '${refusal.replace("own", account)}'`;
      await tamper(object, `UPDATE legs ${set} WHERE transaction_id = '${duplicate.id}'`);
      const log = logObject(duplicate.id);
      await tamper(log, `UPDATE transactions ${set} WHERE id = '${duplicate.id}'`);
      const about = { field: "refusal", transactionId: duplicate.id };
      expect(await differenceIn(account)).toEqual({ kind: "leg_differs_from_log", ...about });
    },
  );
});

describe("a wallet in which a part of an origin is claimed", () => {
  const refusal = "transaction_expired";

  /** Holds a leg that claims a part of an origin; its log does not know it. */
  async function claim(walletId: string, originId: string, amount: number): Promise<string> {
    const submitted = submission(funding(walletId, 4));
    const { posting } = sidesOf(submitted)[1].call;
    const origin = { transactionId: originId, refusal } as const;
    const claims = [{ key: originKey(originId), amount, refusal }] as const;
    const side = sideAt(walletAddress(walletId), { ...posting, origin, claims });
    expect(await side.hold()).toMatchObject({ vote: "yes" });
    return submitted.id;
  }

  /** A wallet that was funded with 10, some of which are claimed. */
  async function claimedWallet(amount: number) {
    const walletId = await openWallet();
    const origin = submission(funding(walletId, 10));
    await submit(origin);
    const transactionId = await claim(walletId, origin.id, amount);
    return { walletId, object: walletObject(walletId), origin, transactionId };
  }

  it("is right up to what the origin has put into it: only its log does not know of it", async () => {
    const { walletId } = await claimedWallet(10);
    expect((await audit(walletId)).difference).toMatchObject({ kind: "unknown_hold" });
  });

  it("has no claims of more than that", async () => {
    const { walletId, object, transactionId } = await claimedWallet(10);
    await tamper(object, "UPDATE claims SET amount = 11");
    const difference = { kind: "wrong_claim", transactionId };
    expect((await audit(walletId)).difference).toEqual(difference);
  });

  it("has no claims that are more than that together", async () => {
    const { walletId, object, origin } = await claimedWallet(6);
    await claim(walletId, origin.id, 4);
    expect((await audit(walletId)).difference).toMatchObject({ kind: "unknown_hold" });
    await tamper(object, "UPDATE claims SET amount = 5 WHERE amount = 4");
    expect((await audit(walletId)).difference).toMatchObject({ kind: "wrong_claim" });
  });

  it("has no claims of what is not posted", async () => {
    const { walletId, object, transactionId } = await claimedWallet(1);
    await tamper(object, `UPDATE claims SET key = '${originKey(transactionId)}'`);
    const difference = { kind: "wrong_claim", transactionId };
    expect((await audit(walletId)).difference).toEqual(difference);
  });
});
