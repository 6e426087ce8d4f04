// Guarantee: a claim of a payment reference that no leg stands behind is found: it would refuse a
// rightful funding as a duplicate.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { externalAccountStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "../../support/caller.ts";
import { funding, outcomeOf, submission, submit } from "../../support/ledger.ts";
import { externalObject } from "../../support/stubs.ts";
import { openWallet } from "../../support/wallets.ts";
import { sidesOf } from "../../support/legs.ts";
import { tamper } from "../../support/tampering.ts";

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

async function differenceIn(account: string) {
  const report = await externalAccountStub(env, tenant, account).audit({ ...call, account });
  return report.difference;
}

it("nothing is found in the shard that all of these tests begin with", async () => {
  expect(await differenceIn((await usedShard()).account)).toBeUndefined();
});

it.each(["posted", "duplicate"] as const)(
  "a second reference that the %s funding claims is found",
  async (which) => {
    const shard = await usedShard();
    const { id: transactionId } = shard[which];
    await tamper(shard.object, `INSERT INTO claims VALUES ('default', 'x', '${transactionId}')`);
    expect(await differenceIn(shard.account)).toEqual({ kind: "wrong_claim", transactionId });
  },
);

it("a reference that is claimed by a transaction without a leg is found", async () => {
  const { account, object } = await usedShard();
  await tamper(object, "INSERT INTO claims VALUES ('default', 'x', 'txn_X')");
  const difference = { kind: "wrong_claim", transactionId: "txn_X" };
  expect(await differenceIn(account)).toEqual(difference);
});
