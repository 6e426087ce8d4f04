// Guarantee: a transfer spends at most what is available, a key moves money once, and a recorded
// refusal is repeated in the same words at any age.
import { describe, expect, test } from "vitest";
import { expectProblem } from "../../support/http.ts";
import { fund, newFunding, newTransfer, transfer } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import * as ledger from "../../support/ledger.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { expectRecorded, setFrozen } from "../../support/recorded.ts";

const amountMax = 2 ** 53 - 1;

describe("same_wallet, unrecorded", () => {
  test("whichever ids name it", async () => {
    const { walletId, userId } = await openFunded(10);
    const other = await openUser();
    for (const [from, to] of [
      [walletId, walletId],
      [walletId, userId],
      [userId, walletId],
      [userId, userId],
    ] as const) {
      const key = newKey();
      expectProblem(await transfer(newTransfer(from, to, 1), key), 422, "same_wallet");
      expect((await transfer(newTransfer(from, other.walletId, 1), key)).status).toBe(201);
    }
  });

  test("also of an id that cannot exist", async () => {
    expectProblem(await transfer(newTransfer("x", "x", 1)), 422, "same_wallet");
  });
});

describe("idempotency_key_reused", () => {
  test.each<[string, object]>([
    ["another amount", { amount: 2 }],
    ["a currency that was the default", { currency: "USD" }],
    ["an added description", { description: "" }],
    ["added metadata", { metadata: {} }],
    ["a receiver that cannot exist", { toWalletId: "wal_1" }],
  ])("%s", async (_, change) => {
    const [from, to] = await Promise.all([openFunded(10), openUser()]);
    const key = newKey();
    const sent = newTransfer(from.walletId, to.walletId, 1);
    const first = await transfer(sent, key);
    const answer = await transfer({ ...sent, ...change }, key);
    expectProblem(answer, 422, "idempotency_key_reused");
    expect((await transfer(sent, key)).text).toBe(first.text);
    expect(await balanceOf(to.walletId)).toBe(1);
  });

  test("sender and receiver exchanged", async () => {
    const [from, to] = await Promise.all([openFunded(10), openFunded(10)]);
    const key = newKey();
    await transfer(newTransfer(from.walletId, to.walletId, 1), key);
    const back = await transfer(newTransfer(to.walletId, from.walletId, 1), key);
    expectProblem(back, 422, "idempotency_key_reused");
  });
});

describe("insufficient_funds", () => {
  test("one too many", async () => {
    const [from, to] = await Promise.all([openFunded(10), openUser()]);
    const sent = newTransfer(from.walletId, to.walletId, 11);
    await expectRecorded("transfer", sent, 422, "insufficient_funds");
    expect(await balanceOf(from.walletId)).toBe(10);
    expect((await transfer({ ...sent, amount: 10 })).status).toBe(201);
  });

  test("of another currency", async () => {
    const [from, to] = await Promise.all([openFunded(10), openUser()]);
    const sent = newTransfer(from.walletId, to.walletId, 1, { currency: "EUR" });
    await expectRecorded("transfer", sent, 422, "insufficient_funds");
  });

  test("is final for its key when there is money later", async () => {
    const [from, to] = await Promise.all([openUser(), openUser()]);
    const key = newKey();
    const sent = newTransfer(from.walletId, to.walletId, 5);
    const first = await expectRecorded("transfer", sent, 422, "insufficient_funds", key);
    await fund(newFunding(from.walletId, 5));
    expect((await transfer(sent, key)).text).toBe(first.text);
    expect(await balanceOf(to.walletId)).toBe(0);
    expect((await transfer(sent)).status).toBe(201);
  });
});

test("wallet_frozen is final for its key when the wallet is thawed", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  await setFrozen(from.walletId, true);
  const key = newKey();
  const sent = newTransfer(from.walletId, to.walletId, 5);
  const first = await expectRecorded("transfer", sent, 422, "wallet_frozen", key);
  await setFrozen(from.walletId, false);
  expect((await transfer(sent, key)).text).toBe(first.text);
  expect(await balanceOf(from.walletId)).toBe(10);
  expect((await transfer(sent)).status).toBe(201);
});

test("balance_limit_exceeded leaves the sender its money", async () => {
  const [from, to] = await Promise.all([openFunded(10), openFunded(amountMax - 4)]);
  const sent = newTransfer(from.walletId, to.walletId, 5);
  await expectRecorded("transfer", sent, 422, "balance_limit_exceeded");
  expect(await balanceOf(from.walletId)).toBe(10);
  expect((await transfer({ ...sent, amount: 4 })).status).toBe(201);
});

test("transaction_expired: nothing moved, nothing will, a new key is needed", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const key = newKey();
  const submitted = ledger.submission(ledger.transfer(from.walletId, to.walletId, 5), key);
  await recordTransaction(submitted, { createdAt: Date.now() - 31_000 });
  const sent = newTransfer(from.walletId, to.walletId, 5);
  const answer = await transfer(sent, key);
  expectProblem(answer, 422, "transaction_expired");
  expect((await transfer(sent, key)).text).toBe(answer.text);
  expect(await balanceOf(from.walletId)).toBe(10);
  expect((await transfer({ ...sent, amount: 10 })).status).toBe(201);
});
