// Guarantee: a payout reference pays out once, ever. A refusal always names the committed
// transaction that came first.
import { expect, test } from "vitest";
import { get, type Answer } from "../../support/http.ts";
import { newWithdrawal, withdraw } from "../../support/http-ledger.ts";
import { balanceOf, openFunded } from "../../support/http-users.ts";
import { expectRecorded } from "../../support/recorded.ts";

test("duplicate_payout_reference names the first transaction", async () => {
  const [first, second] = await Promise.all([openFunded(100), openFunded(100)]);
  const sent = newWithdrawal(first.walletId, 40);
  const committed = await withdraw(sent);
  const changed = { ...sent, walletId: second.walletId, amount: 41 };
  for (const body of [sent, { ...sent, provider: "default" }, changed]) {
    const refused = await expectRecorded("withdraw", body, 409, "duplicate_payout_reference");
    expect(refused.body["transactionId"]).toBe(committed.body["id"]);
  }
  expect(await balanceOf(first.walletId)).toBe(60);
  expect(await balanceOf(second.walletId)).toBe(100);
});

test("of many that come at once one pays out, and every other names it", async () => {
  const { walletId } = await openFunded(100);
  const sent = newWithdrawal(walletId, 7);
  const answers = await Promise.all(Array.from({ length: 8 }, () => withdraw(sent)));
  const winners = answers.filter(({ status }) => status === 201);
  expect(winners.length).toBe(1);
  const losers = answers.filter(({ status }) => status !== 201);
  const told = (answer: Answer) => [answer.status, answer.body["transactionId"]];
  expect(losers.map(told)).toEqual(losers.map(() => [409, winners[0]?.body["id"]]));
  expect(await balanceOf(walletId)).toBe(93);
  const first = await get(`/transactions/${String(losers[0]?.body["transactionId"])}`);
  expect(first.body["status"]).toBe("committed");
});
