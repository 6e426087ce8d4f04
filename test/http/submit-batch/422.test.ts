// Guarantee: a key is used once, for a batch or for a single operation; another batch under it moves
// nothing. What the bodies alone make impossible is refused as a whole, with its place.
import { describe, expect, test } from "vitest";
import { transactionIdFor } from "../../../src/domain/ids.ts";
import { expectNoTrace } from "../../support/bad-requests.ts";
import { batchRowsOf, expectNoItem } from "../../support/batches.ts";
import { tenant } from "../../support/caller.ts";
import { expectProblem, get } from "../../support/http.ts";
import {
  authorize,
  batch,
  capture,
  item,
  newTransfer,
  transfer,
} from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

const to = await openUser();

async function payer() {
  const { walletId } = await openFunded(1_000);
  const pay = (amount: number, more: object = {}) =>
    newTransfer(walletId, to.walletId, amount, more);
  const paying = (amount: number, more: object = {}) => item("transfer", pay(amount, more));
  return { walletId, pay, paying, balance: () => balanceOf(walletId) };
}

describe("idempotency_key_reused", () => {
  test("by another batch: another item, order, number, text or spelling of a default", async () => {
    const { paying, balance } = await payer();
    const key = newKey();
    await batch([paying(1), paying(2)], key);
    const rows = await batchRowsOf(key);
    const others = [
      [paying(1), paying(3)],
      [paying(2), paying(1)],
      [paying(1)],
      [paying(1), paying(2), paying(2)],
      [paying(1), paying(2, { description: "rent" })],
      [paying(1, { currency: "USD" }), paying(2)],
    ];
    for (const items of others) {
      expectProblem(await batch(items, key), 422, "idempotency_key_reused");
    }
    expect(await batchRowsOf(key)).toEqual(rows);
    await expectNoItem(newKey(), 1);
    expect(await balance()).toBe(997);
  });

  test("by a single operation, the same as its only item", async () => {
    const { pay, paying, balance } = await payer();
    const key = newKey();
    const first = await batch([paying(1)], key);
    expectProblem(await transfer(pay(1), key), 422, "idempotency_key_reused");
    expect((await get(`/transactions/${transactionIdFor(tenant, key)}`)).status).toBe(404);
    expect((await batch([paying(1)], key)).text).toBe(first.text);
    expect(await balance()).toBe(999);
  });

  test("by a batch of the single operation that used it", async () => {
    const { pay, paying, balance } = await payer();
    const key = newKey();
    const first = await transfer(pay(1), key);
    expectProblem(await batch([paying(1)], key), 422, "idempotency_key_reused");
    expect(await batchRowsOf(key)).toEqual([]);
    await expectNoItem(key, 1);
    expect((await transfer(pay(1), key)).text).toBe(first.text);
    expect(await balance()).toBe(999);
  });

  test("by a request that could be no transaction, single or in a batch", async () => {
    const { pay, paying } = await payer();
    const key = newKey();
    await batch([paying(1)], key);
    const nowhere = { ...pay(1), toWalletId: "wal_none" };
    expectProblem(await transfer(nowhere, key), 422, "idempotency_key_reused");
    expectProblem(
      await capture(transactionIdFor(tenant, newKey()), {}, key),
      422,
      "idempotency_key_reused",
    );
    expectProblem(await batch([item("transfer", nowhere)], key), 422, "idempotency_key_reused");
    const single = newKey();
    await transfer(pay(1), single);
    expectProblem(await batch([item("transfer", nowhere)], single), 422, "idempotency_key_reused");
  });
});

describe("what can be no transaction", () => {
  test("same_wallet", async () => {
    const { walletId, paying } = await payer();
    const key = newKey();
    const answer = await batch([paying(1), paying(1, { toWalletId: walletId })], key);
    expectProblem(answer, 422, "same_wallet");
    const message = "Sender and receiver are the same wallet.";
    expect(answer.body["errors"]).toEqual([{ path: "items.1", message }]);
    await expectNoTrace(key);
    await expectNoItem(key, 2);
  });

  test("amount_exceeds_authorization, not_an_authorization and not_reversible", async () => {
    const { walletId, pay, paying, balance } = await payer();
    const authorized = await authorize(walletId, to.walletId, 5);
    const paid = String((await transfer(pay(1))).body["id"]);
    const cases = [
      ["amount_exceeds_authorization", "capture", { transactionId: authorized, amount: 6 }],
      ["not_an_authorization", "capture", { transactionId: paid }],
      ["not_an_authorization", "cancellation", { transactionId: paid }],
      ["not_reversible", "reversal", { transactionId: authorized }],
    ] as const;
    for (const [code, operation, body] of cases) {
      const key = newKey();
      const answer = await batch([item(operation, body), paying(1)], key);
      expectProblem(answer, 422, code);
      expect(answer.body["errors"]).toMatchObject([{ path: "items.0" }]);
      await expectNoTrace(key);
      await expectNoItem(key, 2);
    }
    expect(await balance()).toBe(999);
  });
});
