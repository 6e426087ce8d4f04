// Guarantee: an item that acts on a transaction that does not exist, and one that names a wallet id
// that cannot exist, refuse the whole batch; nothing is recorded, and the key may be used again.
import { describe, expect, test } from "vitest";
import { transactionIdFor } from "../../../src/domain/ids.ts";
import { expectNoTrace } from "../../support/bad-requests.ts";
import { expectNoItem, itemIdOf, statusesOf } from "../../support/batches.ts";
import { tenant } from "../../support/caller.ts";
import { expectProblem } from "../../support/http.ts";
import {
  authorize,
  batch,
  item,
  newAuthorization,
  newTransfer,
} from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

const [from, to] = await Promise.all([openFunded(1_000), openUser()]);
const good = item("transfer", newTransfer(from.walletId, to.walletId, 5));
const messageOf = {
  transaction_not_found: "The transaction that the request names does not exist.",
  wallet_not_found: "The wallet does not exist.",
};

describe("transaction_not_found", () => {
  test.each(["capture", "cancellation", "reversal"])("%s", async (operation) => {
    for (const transactionId of [transactionIdFor(tenant, newKey()), "txn_1", "", to.walletId]) {
      const key = newKey();
      const answer = await batch([good, item(operation, { transactionId })], key);
      expectProblem(answer, 404, "transaction_not_found");
      const message = messageOf.transaction_not_found;
      expect(answer.body["errors"]).toEqual([{ path: "items.1", message }]);
      await expectNoTrace(key);
      await expectNoItem(key, 2);
    }
    expect(await balanceOf(from.walletId)).toBe(1_000);
  });

  test("an item may not act on another one of its batch", async () => {
    const key = newKey();
    const reserving = item("transfer", newAuthorization(from.walletId, to.walletId, 5));
    const capturing = item("capture", { transactionId: itemIdOf(key, 0) });
    expectProblem(await batch([reserving, capturing], key), 404, "transaction_not_found");
    await expectNoTrace(key);
    await expectNoItem(key, 2);
  });
});

describe("wallet_not_found", () => {
  test("an id that cannot exist", async () => {
    const key = newKey();
    const bad = { ...good, toWalletId: "wal_none" };
    const answer = await batch([bad, good, bad], key);
    expectProblem(answer, 404, "wallet_not_found");
    const errors = answer.body["errors"] as readonly { readonly path: string }[];
    expect(errors.map(({ path }) => path)).toEqual(["items.0", "items.2"]);
    await expectNoTrace(key);
    await expectNoItem(key, 3);
    expect(statusesOf(await batch([good], key))).toEqual([201]);
  });

  test("one that could is an outcome of its item", async () => {
    const missing = `wal_${"0".repeat(26)}`;
    const answer = await batch([{ ...good, toWalletId: missing }, good]);
    expect([answer.status, statusesOf(answer)]).toEqual([200, [404, 201]]);
  });
});

test("of several problems the first in precedence is answered, and all are listed", async () => {
  const authorized = await authorize(from.walletId, to.walletId, 5);
  const answer = await batch([
    { ...good, toWalletId: "wal_none" },
    item("capture", { transactionId: authorized, amount: 6 }),
    item("capture", { transactionId: transactionIdFor(tenant, newKey()) }),
    item("reversal", { transactionId: authorized }),
  ]);
  expectProblem(answer, 404, "transaction_not_found");
  const errors = answer.body["errors"] as readonly { readonly path: string }[];
  expect(errors.map(({ path }) => path)).toEqual(["items.0", "items.1", "items.2", "items.3"]);
});
