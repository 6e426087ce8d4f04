// Guarantee: a payment reference funds once, ever. A refusal always names the committed transaction
// that came first.
import { expect, test } from "vitest";
import { get, type Answer } from "../../support/http.ts";
import { fund, newFunding } from "../../support/http-ledger.ts";
import { balanceOf, openUser } from "../../support/http-users.ts";
import { expectRecorded } from "../../support/recorded.ts";

test("duplicate_payment_reference names the first transaction", async () => {
  const [first, second] = await Promise.all([openUser(), openUser()]);
  const sent = newFunding(first.walletId, 40);
  const committed = await fund(sent);
  const changed = { ...sent, walletId: second.walletId, amount: 41, currency: "EUR" };
  for (const body of [sent, { ...sent, provider: "default" }, changed]) {
    const refused = await expectRecorded("fund", body, 409, "duplicate_payment_reference");
    expect(refused.body["transactionId"]).toBe(committed.body["id"]);
  }
  expect(await balanceOf(first.walletId)).toBe(40);
  expect(await balanceOf(second.walletId)).toBe(0);
});

test("of many that come at once one funds, and every other names it", async () => {
  const { walletId } = await openUser();
  const sent = newFunding(walletId, 7);
  const answers = await Promise.all(Array.from({ length: 8 }, () => fund(sent)));
  const winners = answers.filter(({ status }) => status === 201);
  expect(winners.length).toBe(1);
  const losers = answers.filter(({ status }) => status !== 201);
  const told = (answer: Answer) => [answer.status, answer.body["transactionId"]];
  expect(losers.map(told)).toEqual(losers.map(() => [409, winners[0]?.body["id"]]));
  expect(await balanceOf(walletId)).toBe(7);
  const first = await get(`/transactions/${String(losers[0]?.body["transactionId"])}`);
  expect(first.body["status"]).toBe("committed");
});
