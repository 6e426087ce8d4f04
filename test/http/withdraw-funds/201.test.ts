// Guarantee: a withdrawal debits the wallet with exactly the amount, credits the outside world with
// the same, and is answered only after both have posted; the history says where the money went.
import { describe, expect, test } from "vitest";
import { get } from "../../support/http.ts";
import { fund, newFunding, newWithdrawal, withdraw } from "../../support/http-ledger.ts";
import { balanceOf, openFunded } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

const amountMax = 2 ** 53 - 1;

test("answers the transaction, its legs, and where to read it", async () => {
  const { walletId } = await openFunded(1);
  await fund(newFunding(walletId, 1_000, { currency: "EUR" }));
  const details = { provider: "bank", description: "Payout", metadata: { order: "A-1" } };
  const sent = newWithdrawal(walletId, 400, { currency: "EUR", ...details });
  const answer = await withdraw(sent);
  expect(answer.status).toBe(201);
  const { id, createdAt, ...rest } = answer.body;
  expect(rest).toEqual({
    ...sent,
    type: "withdrawal",
    status: "committed",
    legs: [
      { account: walletId, direction: "debit", amount: 400, currency: "EUR" },
      { account: "external:bank", direction: "credit", amount: 400, currency: "EUR" },
    ],
  });
  expect(id).toMatch(/^txn_[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(Math.abs(Date.parse(String(createdAt)) - Date.now())).toBeLessThan(60_000);
  expect(answer.headers.get("location")).toBe(`/transactions/${String(id)}`);
  expect(answer.headers.has("idempotent-replayed")).toBe(false);
  const again = await get(`/transactions/${String(id)}`);
  expect(again.body).toMatchObject({ ...answer.body, status: "committed" });
});

test("currency and provider have defaults, description and metadata have none", async () => {
  const { walletId } = await openFunded(5);
  const { body } = await withdraw(newWithdrawal(walletId, 1));
  expect(body).toMatchObject({ currency: "USD", provider: "default" });
  expect(Object.keys(body)).not.toContain("description");
  expect(Object.keys(body)).not.toContain("metadata");
});

test("the next read sees that the money is gone, by whichever id", async () => {
  const { walletId, userId } = await openFunded(700);
  await withdraw(newWithdrawal(walletId, 200));
  expect(await balanceOf(walletId)).toBe(500);
  const { body } = await withdraw(newWithdrawal(userId, 500));
  expect(body["walletId"]).toBe(walletId);
  expect(await balanceOf(userId)).toBe(0);
});

test("the greatest amount leaves a wallet at once, unrounded", async () => {
  const { walletId } = await openFunded(amountMax);
  const answer = await withdraw(newWithdrawal(walletId, amountMax));
  expect([answer.status, answer.body["amount"]]).toEqual([201, amountMax]);
  expect(await balanceOf(walletId)).toBe(0);
});

test("the history shows the reference and the provider, and filters by the type", async () => {
  const { walletId } = await openFunded(10);
  const sent = newWithdrawal(walletId, 4, { provider: "bank" });
  const { body } = await withdraw(sent);
  const history = await get(`/transactions?walletId=${walletId}&type=withdrawal`);
  const [shown, ...others] = history.body["data"] as Record<string, unknown>[];
  expect(others).toEqual([]);
  expect(shown).toMatchObject({
    transactionId: body["id"],
    direction: "debit",
    amount: 4,
    balanceAfter: 6,
    counterparty: "external:bank",
    payoutReference: sent.payoutReference,
    provider: "bank",
  });
  expect(Object.keys(shown ?? {})).not.toContain("paymentReference");
});

describe("the same reference", () => {
  test("of another provider is another payout", async () => {
    const { walletId } = await openFunded(20);
    const sent = newWithdrawal(walletId, 5);
    for (const provider of ["a", "b", "default"]) {
      expect((await withdraw({ ...sent, provider })).status).toBe(201);
    }
    expect(await balanceOf(walletId)).toBe(5);
  });

  test("may name a payment that came in and one that went out", async () => {
    const { walletId } = await openFunded(20);
    const reference = newKey();
    const sent = { walletId, amount: 5 };
    const out = { ...sent, payoutReference: reference };
    expect((await withdraw(out)).status).toBe(201);
    expect((await fund({ ...sent, paymentReference: reference })).status).toBe(201);
    expect((await withdraw(out)).status).toBe(409);
    expect(await balanceOf(walletId)).toBe(20);
  });

  test("may be used after a withdrawal that was refused", async () => {
    const { walletId } = await openFunded(5);
    const refused = newWithdrawal(walletId, 6);
    expect((await withdraw(refused)).body["code"]).toBe("insufficient_funds");
    expect((await withdraw({ ...refused, amount: 5 })).status).toBe(201);
  });
});

test.each([
  ["what SEPA allows", "RF18 5390 0754 (7034), a?b'c+d:e. f/g-h"],
  ["colons", "payment:default:"],
  ["letters of any script", "\u0416\u0438\u0432\u0430 \u4ed8\u6b3e"],
  ["200 characters", "r".repeat(192)],
])("a reference may have %s, and is kept as it is", async (_, start) => {
  const { walletId } = await openFunded(5);
  const payoutReference = `${start}${newKey().slice(0, 8)}`;
  const sent = newWithdrawal(walletId, 1, { payoutReference });
  const { status, body } = await withdraw(sent);
  expect([status, body["payoutReference"]]).toEqual([201, payoutReference]);
  const again = await withdraw(sent);
  expect([again.status, again.body["transactionId"]]).toEqual([409, body["id"]]);
});
