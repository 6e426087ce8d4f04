// Guarantee: a transfer debits the sender and credits the receiver with the same amount, and is
// answered only after both have posted, so that the money can be spent at once.
import { expect, test } from "vitest";
import { get, post } from "../../support/http.ts";
import { fund, newFunding, newTransfer, transfer } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { setFrozen } from "../../support/recorded.ts";

const amountMax = 2 ** 53 - 1;

test("answers the transaction, its legs, and where to read it", async () => {
  const [from, to] = await Promise.all([openFunded(1_000), openUser()]);
  const details = { currency: "USD", description: "Dinner", metadata: { table: "4" } };
  const sent = newTransfer(from.walletId, to.walletId, 400, details);
  const answer = await transfer(sent);
  expect(answer.status).toBe(201);
  const { id, createdAt, ...rest } = answer.body;
  expect(rest).toEqual({
    ...sent,
    type: "transfer",
    status: "committed",
    legs: [
      { account: from.walletId, direction: "debit", amount: 400, currency: "USD" },
      { account: to.walletId, direction: "credit", amount: 400, currency: "USD" },
    ],
  });
  expect(id).toMatch(/^txn_[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(Math.abs(Date.parse(String(createdAt)) - Date.now())).toBeLessThan(60_000);
  expect(answer.headers.get("location")).toBe(`/transactions/${String(id)}`);
  expect(answer.headers.has("idempotent-replayed")).toBe(false);
});

test("the next read of either wallet sees it", async () => {
  const [from, to] = await Promise.all([openFunded(1_000), openUser()]);
  await transfer(newTransfer(from.walletId, to.walletId, 1_000));
  expect(await balanceOf(from.walletId)).toBe(0);
  expect(await balanceOf(to.walletId)).toBe(1_000);
});

test("owners' ids name their wallets, on either side", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const { status, body } = await transfer(newTransfer(from.userId, to.userId, 1));
  expect(status).toBe(201);
  expect(body).toMatchObject({ fromWalletId: from.walletId, toWalletId: to.walletId });
});

test("money that was just received is spent at once", async () => {
  const users = await Promise.all([openFunded(50), openUser(), openUser(), openUser()]);
  for (let index = 1; index < users.length; index++) {
    const [from, to] = [users[index - 1]?.walletId ?? "", users[index]?.walletId ?? ""];
    expect((await transfer(newTransfer(from, to, 50))).status).toBe(201);
  }
  expect(await Promise.all(users.map(({ walletId }) => balanceOf(walletId)))).toEqual([
    0, 0, 0, 50,
  ]);
});

test("the greatest amount moves unrounded", async () => {
  const [from, to] = await Promise.all([openFunded(amountMax), openUser()]);
  const body = `{"fromWalletId":"${from.walletId}","toWalletId":"${to.walletId}","amount":${amountMax}}`;
  expect((await post("/transactions/transfer", body)).status).toBe(201);
  expect((await get(`/wallets/${to.walletId}/balance`)).text).toContain(`"balance":${amountMax},`);
  expect(await balanceOf(from.walletId)).toBe(0);
});

test("a currency moves by itself and without a default", async () => {
  const [from, to] = await Promise.all([openFunded(10, { currency: "EUR" }), openUser()]);
  await fund(newFunding(from.walletId, 10));
  const { body } = await transfer(newTransfer(from.walletId, to.walletId, 10, { currency: "EUR" }));
  expect(body["currency"]).toBe("EUR");
  expect(await balanceOf(from.walletId)).toBe(10);
  expect(await balanceOf(to.walletId)).toBe(0);
});

test("a frozen wallet still takes money", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  await setFrozen(to.walletId, true);
  expect((await transfer(newTransfer(from.walletId, to.walletId, 10))).status).toBe(201);
});

test("a wallet that was thawed spends again", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  await setFrozen(from.walletId, true);
  await setFrozen(from.walletId, false);
  expect((await transfer(newTransfer(from.walletId, to.walletId, 10))).status).toBe(201);
});
