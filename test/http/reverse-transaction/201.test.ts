// Guarantee: a reversal moves money back to where a transaction had taken it from, whatever kind it
// was; the transaction tells what was given back, and the reversal what it reverses.
import { describe, expect, test } from "vitest";
import { expectProblem, get } from "../../support/http.ts";
import {
  authorize,
  capture,
  fund,
  newFunding,
  newTransfer,
  newWithdrawal,
  posting,
  reverse,
  reversePath,
  split,
  transfer,
  withdraw,
} from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { expectReplayed, setFrozen } from "../../support/recorded.ts";

const line = (account: string, direction: string, amount: number, currency = "USD") => ({
  account,
  direction,
  amount,
  currency,
});

async function readReversals(id: unknown) {
  const { body } = await get(`/transactions/${String(id)}`);
  return [body["reversals"], body["reversedAmount"]];
}

/** A committed transfer of 100. */
async function transferred() {
  const [from, to] = await Promise.all([openFunded(100), openUser()]);
  const { body } = await transfer(newTransfer(from.walletId, to.walletId, 100));
  return { from, to, id: String(body["id"]) };
}

describe("of a transfer", () => {
  test("as a whole: what it reverses, where the money went, and where to read it", async () => {
    const { from, to, id } = await transferred();
    expect(await readReversals(id)).toEqual([undefined, undefined]);
    const answer = await reverse(id, { reason: "Paid twice" });
    expect(answer.status).toBe(201);
    const { id: reversalId, createdAt, ...rest } = answer.body;
    expect(rest).toEqual({
      type: "reversal",
      status: "committed",
      reverses: id,
      amount: 100,
      currency: "USD",
      reason: "Paid twice",
      legs: [line(to.walletId, "debit", 100), line(from.walletId, "credit", 100)],
    });
    expect(Math.abs(Date.parse(String(createdAt)) - Date.now())).toBeLessThan(60_000);
    expect(answer.headers.get("location")).toBe(`/transactions/${String(reversalId)}`);
    const read = await get(`/transactions/${String(reversalId)}`);
    expect(read.body).toMatchObject(answer.body);
    expect(read.body).not.toHaveProperty("reversals");
    expect(await readReversals(id)).toEqual([[{ id: reversalId, amount: 100 }], 100]);
    expect([await balanceOf(from.walletId), await balanceOf(to.walletId)]).toEqual([100, 0]);
    const history = await get(`/transactions?walletId=${to.walletId}&type=reversal`);
    expect(history.body["data"]).toMatchObject([
      { transactionId: reversalId, direction: "debit", amount: 100, description: "Paid twice" },
    ]);
  });

  test("in two parts, which together are all of it", async () => {
    const { from, to, id } = await transferred();
    const [first, second] = [await reverse(id, { amount: 60 }), await reverse(id, { amount: 40 })];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.body).toMatchObject({ amount: 60, reverses: id });
    const parts = [
      { id: first.body["id"], amount: 60 },
      { id: second.body["id"], amount: 40 },
    ];
    expect(await readReversals(id)).toEqual([parts, 100]);
    expect([await balanceOf(from.walletId), await balanceOf(to.walletId)]).toEqual([100, 0]);
  });

  test("from a frozen wallet, which sends nothing else", async () => {
    const { from, to, id } = await transferred();
    await setFrozen(to.walletId, true);
    const sent = newTransfer(to.walletId, from.walletId, 1);
    expectProblem(await transfer(sent), 422, "wallet_frozen");
    expect((await reverse(id, { amount: 70 })).status).toBe(201);
    expect([await balanceOf(from.walletId), await balanceOf(to.walletId)]).toEqual([70, 30]);
  });

  test("is the same bytes when it is replayed, and another amount another request", async () => {
    const { id } = await transferred();
    const other = await transferred();
    const key = newKey();
    const first = await reverse(id, { amount: 10, reason: "a" }, key);
    await expectReplayed(reversePath(id), { amount: 10, reason: "a" }, key, first);
    for (const body of [{}, { amount: 10 }, { amount: 11, reason: "a" }]) {
      expectProblem(await reverse(id, body, key), 422, "idempotency_key_reused");
    }
    const elsewhere = await reverse(other.id, { amount: 10, reason: "a" }, key);
    expectProblem(elsewhere, 422, "idempotency_key_reused");
    const whole = newKey();
    expect((await reverse(other.id, {}, whole)).status).toBe(201);
    const named = await reverse(other.id, { amount: 100 }, whole);
    expectProblem(named, 422, "idempotency_key_reused");
  });
});

describe("of what crossed the border of the ledger", () => {
  test("a funding: the money goes out again, and its reference stays used", async () => {
    const { walletId } = await openUser();
    const sent = newFunding(walletId, 100, { provider: "bank" });
    const { body } = await fund(sent);
    const answer = await reverse(body["id"], { amount: 30 });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      reverses: body["id"],
      amount: 30,
      paymentReference: sent.paymentReference,
      provider: "bank",
      legs: [line(walletId, "debit", 30), line("external:bank", "credit", 30)],
    });
    expect(await readReversals(body["id"])).toEqual([[{ id: answer.body["id"], amount: 30 }], 30]);
    expect(await balanceOf(walletId)).toBe(70);
    expect((await reverse(body["id"], { amount: 70 })).status).toBe(201);
    const again = await fund(sent);
    expectProblem(again, 409, "duplicate_payment_reference");
    expect(again.body["transactionId"]).toBe(body["id"]);
  });

  test("a withdrawal: the money comes back, and its reference stays used", async () => {
    const { walletId } = await openFunded(100);
    const sent = newWithdrawal(walletId, 100);
    const { body } = await withdraw(sent);
    const answer = await reverse(body["id"]);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      amount: 100,
      payoutReference: sent.payoutReference,
      legs: [line("external:default", "debit", 100), line(walletId, "credit", 100)],
    });
    expect(await readReversals(body["id"])).toMatchObject([[{ amount: 100 }], 100]);
    expect(await balanceOf(walletId)).toBe(100);
    expectProblem(await withdraw(sent), 409, "duplicate_payout_reference");
    const more = await reverse(body["id"], { amount: 1 });
    expectProblem(more, 422, "reversal_exceeds_original");
  });
});

test("of a capture: what was captured, and not what the authorization reserved", async () => {
  const [from, to] = await Promise.all([openFunded(100), openUser()]);
  const authorization = await authorize(from.walletId, to.walletId, 80);
  expectProblem(await reverse(authorization), 422, "not_reversible");
  const captured = await capture(authorization, { amount: 50 });
  const answer = await reverse(captured.body["id"]);
  expect(answer.status).toBe(201);
  expect(answer.body).toMatchObject({ reverses: captured.body["id"], amount: 50 });
  expect(answer.body["legs"]).toMatchObject([
    line(to.walletId, "debit", 50),
    line(from.walletId, "credit", 50),
  ]);
  expect([await balanceOf(from.walletId), await balanceOf(to.walletId)]).toEqual([100, 0]);
  expect(await readReversals(captured.body["id"])).toMatchObject([[{ amount: 50 }], 50]);
});

describe("of a split", () => {
  test("each posting goes back, once", async () => {
    const [payer, shop, fee] = await Promise.all([openFunded(50), openUser(), openUser()]);
    const postings = [
      posting("external", shop.walletId, 450),
      posting(payer.walletId, shop.walletId, 50),
      posting("external", fee.walletId, 25, "EUR"),
    ];
    const { body } = await split({ postings, paymentReference: newKey() });
    const answer = await reverse(body["id"], { reason: "Returned" });
    expect(answer.status).toBe(201);
    expect(answer.body).not.toHaveProperty("amount");
    expect(answer.body).not.toHaveProperty("currency");
    expect(answer.body["legs"]).toEqual([
      line(shop.walletId, "debit", 450),
      line("external:default", "credit", 450),
      line(shop.walletId, "debit", 50),
      line(payer.walletId, "credit", 50),
      line(fee.walletId, "debit", 25, "EUR"),
      line("external:default", "credit", 25, "EUR"),
    ]);
    expect(await readReversals(body["id"])).toEqual([[{ id: answer.body["id"] }], undefined]);
    const wallets = [payer, shop, fee].map(({ walletId }) => balanceOf(walletId));
    expect(await Promise.all(wallets)).toEqual([50, 0, 0]);
    const again = await reverse(body["id"]);
    expectProblem(again, 422, "reversal_exceeds_original");
    expect(again.body["transactionId"]).toBe(answer.body["id"]);
  });

  test("whose first receiver got several currencies, each as much as there can be", async () => {
    const { walletId } = await openUser();
    const most = 2 ** 53 - 1;
    const postings = ["USD", "EUR", "JPY"].map((code) => posting("external", walletId, most, code));
    const { body } = await split({ postings, paymentReference: newKey() });
    expect((await reverse(body["id"])).status).toBe(201);
    expectProblem(await reverse(body["id"]), 422, "reversal_exceeds_original");
    expect(await balanceOf(walletId)).toBe(0);
  });

  test("of one posting may be reversed in part", async () => {
    const [from, to] = await Promise.all([openFunded(10), openUser()]);
    const { body } = await split({ postings: [posting(from.walletId, to.walletId, 10)] });
    expect((await reverse(body["id"], { amount: 4 })).status).toBe(201);
    expect([await balanceOf(from.walletId), await balanceOf(to.walletId)]).toEqual([4, 6]);
  });
});
