// Guarantee: a captured payout leaves its wallet once, under one reference: the authorization's or
// the capture's. One that comes back is reversed, and the money is available again.
import { describe, expect, test } from "vitest";
import { expectProblem, get } from "../../support/http.ts";
import {
  authorize,
  authorizePayout,
  cancel,
  capture,
  newWithdrawal,
  reverse,
  withdraw,
} from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

async function balanceOf(walletId: string) {
  const { body } = await get(`/wallets/${walletId}/balance`);
  const { balance, available, reserved } = body;
  return [balance, available, reserved];
}

const found = async (payoutReference: string, provider = "default") => {
  const query = new URLSearchParams({ payoutReference, provider });
  return (await get(`/transactions?${query.toString()}`)).body["data"];
};

test("under the capture's reference, in part: the rest is available again", async () => {
  const { walletId } = await openFunded(10);
  const id = await authorizePayout(walletId, 7, { provider: "bank" });
  const payoutReference = newKey();
  const answer = await capture(id, { amount: 5, payoutReference });
  expect(answer.status).toBe(201);
  const { id: _id, createdAt: _time, ...rest } = answer.body;
  expect(rest).toEqual({
    type: "capture",
    status: "committed",
    authorizationId: id,
    amount: 5,
    currency: "USD",
    fromWalletId: walletId,
    payoutReference,
    provider: "bank",
    legs: [
      { account: walletId, bucket: "reserved", direction: "debit", amount: 7, currency: "USD" },
      { account: "external:bank", direction: "credit", amount: 5, currency: "USD" },
      { account: walletId, direction: "credit", amount: 2, currency: "USD" },
    ],
  });
  expect(await balanceOf(walletId)).toEqual([5, 5, 0]);
  expect(await found(payoutReference, "bank")).toMatchObject([{ id: answer.body["id"] }]);
});

test("under the authorization's reference, whether the capture repeats it or not", async () => {
  const { walletId } = await openFunded(10);
  for (const [payoutReference, isRepeated] of [
    [newKey(), false],
    [newKey(), true],
  ] as const) {
    const id = await authorizePayout(walletId, 2, { payoutReference });
    const answer = await capture(id, isRepeated ? { payoutReference } : {});
    expect(answer.body).toMatchObject({ payoutReference, provider: "default", amount: 2 });
    expect(await found(payoutReference)).toMatchObject([{ id: answer.body["id"] }]);
  }
  expect(await balanceOf(walletId)).toEqual([6, 6, 0]);
});

test("the history of the wallet shows where it went", async () => {
  const { walletId } = await openFunded(10);
  const payout = { provider: "bank", payoutReference: newKey() };
  await capture(await authorizePayout(walletId, 7, payout), { amount: 5 });
  const { body } = await get(`/transactions?walletId=${walletId}&type=capture`);
  expect(body["data"]).toMatchObject([
    { bucket: "available", direction: "credit", amount: 2, counterparty: walletId, ...payout },
    { bucket: "reserved", direction: "debit", amount: 7, counterparty: "external:bank", ...payout },
  ]);
});

test("a replay has the same bytes; an omitted reference is not the one sent", async () => {
  const { walletId } = await openFunded(10);
  const payoutReference = newKey();
  const id = await authorizePayout(walletId, 7, { payoutReference });
  const key = newKey();
  const first = await capture(id, { payoutReference }, key);
  const again = await capture(id, { payoutReference }, key);
  expect([again.status, again.text]).toEqual([201, first.text]);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expectProblem(await capture(id, {}, key), 422, "idempotency_key_reused");
  expect(await balanceOf(walletId)).toEqual([3, 3, 0]);
});

describe("duplicate_payout_reference", () => {
  test("names the first, a withdrawal or a capture; the authorization stays open", async () => {
    const { walletId } = await openFunded(20);
    const payoutReference = newKey();
    const [one, two] = [await authorizePayout(walletId, 7), await authorizePayout(walletId, 7)];
    const first = await capture(one, { payoutReference });
    const key = newKey();
    const refused = await capture(two, { payoutReference }, key);
    expectProblem(refused, 409, "duplicate_payout_reference");
    expect(refused.body["transactionId"]).toBe(first.body["id"]);
    expect((await capture(two, { payoutReference }, key)).text).toBe(refused.text);
    const plain = await withdraw(newWithdrawal(walletId, 1, { payoutReference }));
    expectProblem(plain, 409, "duplicate_payout_reference");
    expect(plain.body["transactionId"]).toBe(first.body["id"]);
    expect(await balanceOf(walletId)).toEqual([13, 6, 7]);
    expect((await capture(two, { payoutReference: newKey() })).status).toBe(201);
  });

  test("of many captures of several authorizations for one payout, one takes place", async () => {
    const { walletId } = await openFunded(20);
    const payoutReference = newKey();
    const ids = await Promise.all([5, 5, 5].map((amount) => authorizePayout(walletId, amount)));
    const asked = [...ids, ...ids].map((id) => capture(id, { payoutReference }));
    const answers = await Promise.all(asked);
    const winners = answers.filter(({ status }) => status === 201);
    expect(winners).toHaveLength(1);
    const others = answers.filter(({ status }) => status !== 201);
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 409));
    const named = new Set(others.map(({ body }) => body["transactionId"]));
    expect(named).toEqual(new Set([winners[0]?.body["id"]]));
    expect(await balanceOf(walletId)).toEqual([15, 5, 10]);
  });
});

describe("is refused, unrecorded, and leaves its key free,", () => {
  const withoutAny = async () => {
    const { walletId } = await openFunded(10);
    return await authorizePayout(walletId, 7);
  };

  test("payout_reference_missing: without any reference", async () => {
    const [id, key] = [await withoutAny(), newKey()];
    expectProblem(await capture(id, {}, key), 422, "payout_reference_missing");
    expect((await capture(id, { payoutReference: newKey() }, key)).status).toBe(201);
  });

  test("payout_reference_differs: with two of them", async () => {
    const { walletId } = await openFunded(10);
    const [payoutReference, key] = [newKey(), newKey()];
    const id = await authorizePayout(walletId, 7, { payoutReference });
    const other = await capture(id, { payoutReference: newKey() }, key);
    expectProblem(other, 422, "payout_reference_differs");
    expect((await capture(id, { payoutReference }, key)).status).toBe(201);
  });

  test("not_a_payout: a reference for what goes to a wallet", async () => {
    const [from, to, key] = [await openFunded(10), await openUser(), newKey()];
    const id = await authorize(from.walletId, to.walletId, 7);
    const answer = await capture(id, { payoutReference: newKey() }, key);
    expectProblem(answer, 422, "not_a_payout");
    expect((await capture(id, {}, key)).status).toBe(201);
  });

  test("amount_exceeds_authorization before them; a key that is known before all", async () => {
    const id = await withoutAny();
    expectProblem(await capture(id, { amount: 8 }), 422, "amount_exceeds_authorization");
    const key = newKey();
    await capture(id, { payoutReference: newKey() }, key);
    expectProblem(await capture(id, {}, key), 422, "idempotency_key_reused");
  });
});

test("one end: after a cancellation there is no payout, and the reference is free", async () => {
  const { walletId } = await openFunded(10);
  const payoutReference = newKey();
  const id = await authorizePayout(walletId, 7, { payoutReference });
  await cancel(id);
  expectProblem(await capture(id), 409, "authorization_cancelled");
  expect((await withdraw(newWithdrawal(walletId, 7, { payoutReference }))).status).toBe(201);
});

describe("a payout that comes back", () => {
  test("is reversed, in parts too: available again, and never more than was paid", async () => {
    const { walletId } = await openFunded(10);
    const payout = { provider: "bank", payoutReference: newKey() };
    const id = await authorizePayout(walletId, 7, payout);
    const paid = await capture(id, { amount: 5 });
    const part = await reverse(paid.body["id"], { amount: 2, reason: "fee kept by the bank" });
    expect(part.body).toMatchObject({
      type: "reversal",
      reverses: paid.body["id"],
      amount: 2,
      ...payout,
      legs: [
        { account: "external:bank", direction: "debit", amount: 2 },
        { account: walletId, direction: "credit", amount: 2 },
      ],
    });
    expect(await balanceOf(walletId)).toEqual([7, 7, 0]);
    const more = await reverse(paid.body["id"], { amount: 4 });
    expectProblem(more, 422, "reversal_exceeds_original");
    const rest = await reverse(paid.body["id"], { amount: 3 });
    expect(rest.status).toBe(201);
    const { body } = await get(`/transactions/${String(paid.body["id"])}`);
    expect(body).toMatchObject({ reversedAmount: 5, reversals: [{ amount: 2 }, { amount: 3 }] });
    expect(await balanceOf(walletId)).toEqual([10, 10, 0]);
  });

  test("keeps its reference used, and its authorization captured", async () => {
    const { walletId } = await openFunded(10);
    const payoutReference = newKey();
    const id = await authorizePayout(walletId, 7, { payoutReference });
    const paid = await capture(id);
    await reverse(paid.body["id"]);
    const again = await withdraw(newWithdrawal(walletId, 7, { payoutReference }));
    expectProblem(again, 409, "duplicate_payout_reference");
    expect(again.body["transactionId"]).toBe(paid.body["id"]);
    expectProblem(await capture(id), 409, "authorization_captured");
  });
});
