// Guarantee: all reversals of a transaction together give back no more than it moved, and only what
// is there. A refusal leaves everything where it is.
import { expect, test } from "vitest";
import { expectNoTrace } from "../../support/bad-requests.ts";
import { expectProblem } from "../../support/http.ts";
import {
  fund,
  newFunding,
  newTransfer,
  posting,
  reverse,
  reversePath,
  split,
  transfer,
} from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import * as ledger from "../../support/ledger.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { expectRecordedAt } from "../../support/recorded.ts";

async function transferred(amount: number) {
  const [from, to] = await Promise.all([openFunded(amount), openUser()]);
  const { body } = await transfer(newTransfer(from.walletId, to.walletId, amount));
  return { from: from.walletId, to: to.walletId, id: String(body["id"]) };
}

test("not_reversible, unrecorded: a reversal", async () => {
  const { id, to } = await transferred(10);
  const { body } = await reverse(id);
  const key = newKey();
  expectProblem(await reverse(body["id"], {}, key), 422, "not_reversible");
  await expectNoTrace(key);
  expect(await balanceOf(to)).toBe(0);
});

test("not_reversible, unrecorded: a part of several amounts, even if it is all of them", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const postings = [4, 6].map((amount) => posting(from.walletId, to.walletId, amount));
  const { body } = await split({ postings });
  const key = newKey();
  for (const amount of [4, 10]) {
    expectProblem(await reverse(body["id"], { amount }, key), 422, "not_reversible");
  }
  await expectNoTrace(key);
  expect((await reverse(body["id"], {}, key)).status).toBe(201);
});

test("original_rejected: a transaction that moved nothing", async () => {
  const [from, to] = await Promise.all([openUser(), openFunded(10)]);
  const refused = await transfer(newTransfer(from.walletId, to.walletId, 5));
  const id = String(refused.body["instance"]).replace("/transactions/", "");
  const answer = await expectRecordedAt(reversePath(id), {}, 422, "original_rejected");
  expect(answer.body["transactionId"]).toBe(id);
  expect([await balanceOf(from.walletId), await balanceOf(to.walletId)]).toEqual([0, 10]);
});

test("reversal_exceeds_original: more than there was, and more than is left", async () => {
  const { id, to } = await transferred(100);
  await fund(newFunding(to, 1_000));
  const path = reversePath(id);
  const first = await expectRecordedAt(path, { amount: 101 }, 422, "reversal_exceeds_original");
  expect(first.body).not.toHaveProperty("transactionId");
  const { body } = await reverse(id, { amount: 60 });
  for (const sent of [{ amount: 41 }, {}]) {
    const answer = await expectRecordedAt(path, sent, 422, "reversal_exceeds_original");
    expect(answer.body["transactionId"]).toBe(body["id"]);
  }
  expect((await reverse(id, { amount: 40 })).status).toBe(201);
  expect(await balanceOf(to)).toBe(1_000);
});

test("reversal_exceeds_original: of two at once, one, which names the other", async () => {
  const { id, from, to } = await transferred(100);
  await fund(newFunding(to, 1_000));
  const answers = await Promise.all([reverse(id, { amount: 60 }), reverse(id, { amount: 60 })]);
  const [won, lost] = answers.toSorted((one, other) => one.status - other.status);
  if (!won || !lost) throw new Error("two were asked for");
  expect(won.status).toBe(201);
  expectProblem(lost, 422, "reversal_exceeds_original");
  expect(lost.body["transactionId"]).toBe(won.body["id"]);
  expect([await balanceOf(from), await balanceOf(to)]).toEqual([60, 1_040]);
});

test("insufficient_funds: the money was spent; once it is there, a new key gets it", async () => {
  const { id, from, to } = await transferred(100);
  const other = await openUser();
  await transfer(newTransfer(to, other.walletId, 50));
  await expectRecordedAt(reversePath(id), {}, 422, "insufficient_funds");
  expect((await reverse(id, { amount: 50 })).status).toBe(201);
  await expectRecordedAt(reversePath(id), { amount: 50 }, 422, "insufficient_funds");
  await fund(newFunding(to, 50));
  expect((await reverse(id, { amount: 50 })).status).toBe(201);
  expect([await balanceOf(from), await balanceOf(to)]).toEqual([100, 0]);
});

test("insufficient_funds: of a split, one of the receivers", async () => {
  const [one, other, payee] = await Promise.all([openUser(), openUser(), openUser()]);
  const postings = [one, other].map(({ walletId }) => posting("external", walletId, 10));
  const { body } = await split({ postings, paymentReference: newKey() });
  await transfer(newTransfer(other.walletId, payee.walletId, 1));
  await expectRecordedAt(reversePath(body["id"]), {}, 422, "insufficient_funds");
  expect([await balanceOf(one.walletId), await balanceOf(other.walletId)]).toEqual([10, 9]);
});

test("balance_limit_exceeded: no room where the money came from", async () => {
  const { id, from, to } = await transferred(100);
  await fund(newFunding(from, 2 ** 53 - 100));
  await expectRecordedAt(reversePath(id), {}, 422, "balance_limit_exceeded");
  expect(await balanceOf(to)).toBe(100);
  expect((await reverse(id, { amount: 99 })).status).toBe(201);
});

test("too_many_reversals: after 256, however small", { timeout: 120_000 }, async () => {
  const { id, to } = await transferred(1_000);
  const first = await reverse(id, { amount: 1 });
  for (let count = 1; count < 256; count += 51) {
    const answers = await Promise.all(Array.from({ length: 51 }, () => reverse(id, { amount: 1 })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  }
  const path = reversePath(id);
  const answer = await expectRecordedAt(path, { amount: 1 }, 422, "too_many_reversals");
  expect(answer.body["transactionId"]).toBe(first.body["id"]);
  expect(await balanceOf(to)).toBe(744);
});

test("transaction_expired: recorded too late", async () => {
  const { id, from, to } = await transferred(10);
  const moved = [{ from, to, amount: 10, currency: "USD" }];
  const key = newKey();
  const submitted = ledger.submission({ type: "reversal", transactionId: id, moved }, key);
  await recordTransaction(submitted, { createdAt: Date.now() - 31_000 });
  expectProblem(await reverse(id, {}, key), 422, "transaction_expired");
  expect(await balanceOf(to)).toBe(10);
});
