// Guarantee: a withdrawal that is recorded but not finished in time is told as pending, never as
// done; its money is held meanwhile, and leaves once.
import { expect, test } from "vitest";
import { expectProblem, get } from "../../support/http.ts";
import { newWithdrawal, withdraw } from "../../support/http-ledger.ts";
import { balanceOf, openFunded } from "../../support/http-users.ts";
import { newKey, referenceInShard } from "../../support/keys.ts";
import { submission, withdrawal } from "../../support/ledger.ts";
import { breakTable, runSql } from "../../support/objects.ts";
import { externalObject, walletObject } from "../../support/stubs.ts";

/** Each answer that is not final takes 5 s, in ms. */
const timeout = 20_000;

/** Resolves when the reference has a claim in its shard. */
async function claimed(reference: string): Promise<void> {
  const world = externalObject(submission(withdrawal("wal_", 1, reference)));
  const query = "SELECT 1 AS one FROM claims WHERE key = ?";
  await expect.poll(() => runSql(world, query, `payout:default:${reference}`)).toHaveLength(1);
}

test.concurrent("money that is on its way out is held", { timeout }, async () => {
  const { walletId } = await openFunded(11);
  const [used, payoutReference] = [referenceInShard(77), referenceInShard(77)];
  expect((await withdraw(newWithdrawal(walletId, 1, { payoutReference: used }))).status).toBe(201);
  const world = externalObject(submission(withdrawal(walletId, 1, used)));
  const repair = await breakTable(world, "INSERT", "claims");
  const [key, sent] = [newKey(), newWithdrawal(walletId, 4, { payoutReference })];
  const pending = await withdraw(sent, key);
  expect([pending.status, pending.body["status"]]).toEqual([202, "pending"]);
  expect(pending.headers.get("retry-after")).toBe("1");
  const { body } = await get(`/wallets/${walletId}/balance`);
  expect(body).toMatchObject({ balance: 10, available: 6, held: 4 });

  await repair();
  const done = await withdraw(sent, key);
  expect(done.status).toBe(201);
  expect(done.text).toBe(pending.text.replace('"status":"pending"', '"status":"committed"'));
  expect(await balanceOf(walletId)).toBe(6);
});

test.concurrent(
  "a reference that is claimed by an undecided withdrawal is not refused",
  { timeout },
  async () => {
    const [stuck, other] = await Promise.all([openFunded(5), openFunded(5)]);
    const repair = await breakTable(walletObject(stuck.walletId), "INSERT", "legs");
    const claiming = newWithdrawal(stuck.walletId, 5);
    const sent = { ...claiming, walletId: other.walletId };
    const [key, first] = [newKey(), newKey()];
    const answers = await Promise.all([
      withdraw(claiming, first),
      claimed(claiming.payoutReference).then(() => withdraw(sent, key)),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);

    await repair();
    expect((await withdraw(claiming, first)).status).toBe(201);
    const refused = await withdraw(sent, key);
    expectProblem(refused, 409, "duplicate_payout_reference");
    expect(refused.body["transactionId"]).toBe(answers[0]?.body["id"]);
    expect([await balanceOf(stuck.walletId), await balanceOf(other.walletId)]).toEqual([0, 5]);
  },
);
