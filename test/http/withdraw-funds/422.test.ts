// Guarantee: a withdrawal takes at most what is available, from a wallet that is not frozen; a key
// withdraws once; what was not decided in time stays refused.
import { describe, expect, test } from "vitest";
import { expectProblem } from "../../support/http.ts";
import { fund, newFunding, newWithdrawal, withdraw } from "../../support/http-ledger.ts";
import { balanceOf, openFunded } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { submission, withdrawal } from "../../support/ledger.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { expectRecorded, setFrozen } from "../../support/recorded.ts";

describe("insufficient_funds", () => {
  test("one too many", async () => {
    const { walletId } = await openFunded(10);
    const sent = newWithdrawal(walletId, 11);
    await expectRecorded("withdraw", sent, 422, "insufficient_funds");
    expect(await balanceOf(walletId)).toBe(10);
    expect((await withdraw({ ...sent, amount: 10 })).status).toBe(201);
  });

  test("of another currency", async () => {
    const { walletId } = await openFunded(10);
    const sent = newWithdrawal(walletId, 1, { currency: "EUR" });
    await expectRecorded("withdraw", sent, 422, "insufficient_funds");
  });

  test("is final for its key when there is money later", async () => {
    const { walletId } = await openFunded(1);
    const key = newKey();
    const sent = newWithdrawal(walletId, 5);
    const first = await expectRecorded("withdraw", sent, 422, "insufficient_funds", key);
    await fund(newFunding(walletId, 5));
    expect((await withdraw(sent, key)).text).toBe(first.text);
    expect(await balanceOf(walletId)).toBe(6);
    expect((await withdraw(sent)).status).toBe(201);
  });

  test("many at once take no more than there is", async () => {
    const { walletId } = await openFunded(10);
    const all = Array.from({ length: 6 }, () => withdraw(newWithdrawal(walletId, 3)));
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(3);
    expect(statuses.filter((status) => status === 422)).toHaveLength(3);
    expect(await balanceOf(walletId)).toBe(1);
  });
});

test("wallet_frozen is final for its key when the wallet is thawed", async () => {
  const { walletId } = await openFunded(10);
  await setFrozen(walletId, true);
  const key = newKey();
  const sent = newWithdrawal(walletId, 5);
  const first = await expectRecorded("withdraw", sent, 422, "wallet_frozen", key);
  await setFrozen(walletId, false);
  expect((await withdraw(sent, key)).text).toBe(first.text);
  expect(await balanceOf(walletId)).toBe(10);
  expect((await withdraw(sent)).status).toBe(201);
});

test.each<[string, (sent: { walletId: string }) => object]>([
  ["another amount", (sent) => ({ ...sent, amount: 6 })],
  ["a currency that was the default", (sent) => ({ ...sent, currency: "USD" })],
  ["a provider that was the default", (sent) => ({ ...sent, provider: "default" })],
  ["another reference", ({ walletId }) => newWithdrawal(walletId, 5)],
  ["an added description", (sent) => ({ ...sent, description: "" })],
  ["a wallet that cannot exist", (sent) => ({ ...sent, walletId: "wal_1" })],
])("idempotency_key_reused: %s", async (_, change) => {
  const { walletId } = await openFunded(20);
  const key = newKey();
  const sent = newWithdrawal(walletId, 5);
  const first = await withdraw(sent, key);
  expectProblem(await withdraw(change(sent), key), 422, "idempotency_key_reused");
  expect((await withdraw(sent, key)).text).toBe(first.text);
  expect(await balanceOf(walletId)).toBe(15);
});

test("idempotency_key_reused: for a funding under the same reference", async () => {
  const { walletId } = await openFunded(20);
  const [key, reference] = [newKey(), newKey()];
  await withdraw({ walletId, amount: 5, payoutReference: reference }, key);
  const answer = await fund({ walletId, amount: 5, paymentReference: reference }, key);
  expectProblem(answer, 422, "idempotency_key_reused");
});

test("transaction_expired: nothing moved, nothing will, a new key is needed", async () => {
  const { walletId } = await openFunded(10);
  const key = newKey();
  const sent = newWithdrawal(walletId, 5);
  const submitted = submission(withdrawal(walletId, 5, sent.payoutReference), key);
  await recordTransaction(submitted, { createdAt: Date.now() - 31_000 });
  const answer = await withdraw(sent, key);
  expectProblem(answer, 422, "transaction_expired");
  expect((await withdraw(sent, key)).text).toBe(answer.text);
  expect((await withdraw(sent)).status).toBe(201);
  expect(await balanceOf(walletId)).toBe(5);
});
