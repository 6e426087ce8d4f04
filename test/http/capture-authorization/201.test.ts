// Guarantee: a capture gives the receiver what was reserved, or a part of it; the rest is available
// to the payer again. A replay is answered in the same bytes and moves nothing.
import { expect, test } from "vitest";
import { get } from "../../support/http.ts";
import { authorize, capture } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

async function parties() {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  return [from.walletId, to.walletId] as const;
}

async function balanceOf(walletId: string) {
  const { body } = await get(`/wallets/${walletId}/balance`);
  const { balance, available, reserved, incoming } = body;
  return { balance, available, reserved, incoming };
}

test("all of it", async () => {
  const [from, to] = await parties();
  const id = await authorize(from, to, 7);
  const answer = await capture(id);
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({
    type: "capture",
    status: "committed",
    authorizationId: id,
    amount: 7,
    currency: "USD",
    fromWalletId: from,
    toWalletId: to,
    legs: [
      { account: from, bucket: "reserved", direction: "debit", amount: 7 },
      { account: to, direction: "credit", amount: 7 },
    ],
  });
  expect(await balanceOf(from)).toEqual({ balance: 3, available: 3, reserved: 0, incoming: 0 });
  expect(await balanceOf(to)).toEqual({ balance: 7, available: 7, reserved: 0, incoming: 0 });
});

test("a part: the rest is available to the payer again", async () => {
  const [from, to] = await parties();
  const id = await authorize(from, to, 7);
  const answer = await capture(id, { amount: 5 });
  expect(answer.body).toMatchObject({
    amount: 5,
    legs: [
      { account: from, bucket: "reserved", direction: "debit", amount: 7 },
      { account: to, direction: "credit", amount: 5 },
      { account: from, direction: "credit", amount: 2 },
    ],
  });
  expect(await balanceOf(from)).toEqual({ balance: 5, available: 5, reserved: 0, incoming: 0 });
  expect(await balanceOf(to)).toEqual({ balance: 5, available: 5, reserved: 0, incoming: 0 });
});

test("a replay has the same bytes, also when the authorization is gone otherwise", async () => {
  const [from, to] = await parties();
  const id = await authorize(from, to, 7);
  const key = newKey();
  const first = await capture(id, { amount: 5 }, key);
  const second = await capture(id, { amount: 5 }, key);
  expect([second.status, second.text]).toEqual([201, first.text]);
  expect(second.headers.get("idempotent-replayed")).toBe("true");
  expect(await balanceOf(to)).toMatchObject({ balance: 5 });
});

test("the history shows both buckets, and what was ended", async () => {
  const [from, to] = await parties();
  await capture(await authorize(from, to, 7), { amount: 5 });
  const { body } = await get(`/transactions?walletId=${from}&type=capture`);
  const data = body["data"] as readonly Record<string, unknown>[];
  expect(
    data.map(({ bucket, direction, amount, counterparty }) => [
      bucket,
      direction,
      amount,
      counterparty,
    ]),
  ).toEqual([
    ["available", "credit", 2, from],
    ["reserved", "debit", 7, to],
  ]);
});
