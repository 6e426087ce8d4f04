// Guarantee: a wallet never holds more than can be counted exactly; a key funds once; frozen
// wallets still take money; what was not decided in time stays refused.
import { expect, test } from "vitest";
import { expectProblem } from "../../support/http.ts";
import { fund, newFunding, transfer, newTransfer } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { funding, submission } from "../../support/ledger.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { expectRecorded, setFrozen } from "../../support/recorded.ts";

const amountMax = 2 ** 53 - 1;

test("balance_limit_exceeded: one too many", async () => {
  const { walletId } = await openFunded(amountMax - 5);
  const sent = newFunding(walletId, 6);
  await expectRecorded("fund", sent, 422, "balance_limit_exceeded");
  expect((await fund(newFunding(walletId, 5))).status).toBe(201);
  expect(await balanceOf(walletId)).toBe(amountMax);
});

test("balance_limit_exceeded is final for its key, also when there is room again", async () => {
  const { walletId } = await openFunded(amountMax);
  const other = await openUser();
  const key = newKey();
  const sent = newFunding(walletId, 1);
  const first = await expectRecorded("fund", sent, 422, "balance_limit_exceeded", key);
  await transfer(newTransfer(walletId, other.walletId, 100));
  expect((await fund(sent, key)).text).toBe(first.text);
  expect((await fund(sent)).status).toBe(201);
});

test.each<[string, (sent: { walletId: string }) => object]>([
  ["another amount", (sent) => ({ ...sent, amount: 6 })],
  ["a currency that was the default", (sent) => ({ ...sent, currency: "USD" })],
  ["a provider that was the default", (sent) => ({ ...sent, provider: "default" })],
  ["another reference", ({ walletId }) => newFunding(walletId, 5)],
  ["an added description", (sent) => ({ ...sent, description: "" })],
  ["added metadata", (sent) => ({ ...sent, metadata: {} })],
  ["a wallet that cannot exist", (sent) => ({ ...sent, walletId: "wal_1" })],
])("idempotency_key_reused: %s", async (_, change) => {
  const { walletId } = await openUser();
  const key = newKey();
  const sent = newFunding(walletId, 5);
  const first = await fund(sent, key);
  const answer = await fund(change(sent), key);
  expectProblem(answer, 422, "idempotency_key_reused");
  expect(answer.body["instance"]).toBe("/transactions/fund");
  expect((await fund(sent, key)).text).toBe(first.text);
  expect(await balanceOf(walletId)).toBe(5);
});

test("transaction_expired: nothing moved, nothing will, a new key is needed", async () => {
  const { walletId } = await openUser();
  const key = newKey();
  const sent = newFunding(walletId, 5);
  const submitted = submission(funding(walletId, 5, sent.paymentReference), key);
  await recordTransaction(submitted, { createdAt: Date.now() - 31_000 });
  const answer = await fund(sent, key);
  expectProblem(answer, 422, "transaction_expired");
  expect(answer.headers.get("idempotent-replayed")).toBe("true");
  expect((await fund(sent, key)).text).toBe(answer.text);
  expect((await fund(sent)).status).toBe(201);
  expect(await balanceOf(walletId)).toBe(5);
});

test("a frozen wallet still takes money", async () => {
  const { walletId } = await openUser();
  await setFrozen(walletId, true);
  expect((await fund(newFunding(walletId, 5))).status).toBe(201);
});
