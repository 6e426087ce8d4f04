// Guarantee: an item that an account has not posted yet is told as pending, beside those that are
// done; and the same key leads to its end.
import { expect, test } from "vitest";
import { resultsOf, statusesOf } from "../../support/batches.ts";
import { batch, item, newTransfer } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { breakTable } from "../../support/objects.ts";
import { walletObject } from "../../support/stubs.ts";

/** An answer that is not final takes 5 s, in ms. */
const timeout = 20_000;

test("one receiver cannot post: pending, then all of it", { timeout }, async () => {
  const [from, to, last] = await Promise.all([openFunded(10), openUser(), openUser()]);
  const repair = await breakTable(walletObject(last.walletId), "INSERT", "entries");
  const key = newKey();
  const items = [to, last, to].map(({ walletId }) =>
    item("transfer", newTransfer(from.walletId, walletId, 3)),
  );
  const first = await batch(items, key);
  expect(first.status).toBe(202);
  expect(first.headers.get("retry-after")).toBe("1");
  expect(statusesOf(first)).toEqual([201, 202, 201]);
  expect(resultsOf(first)[1]?.body["status"]).toBe("pending");

  await repair();
  const second = await batch(items, key);
  expect([second.status, second.headers.get("idempotent-replayed")]).toEqual([200, "true"]);
  const settled = first.text
    .replace('"status":202', '"status":201')
    .replace('"status":"pending"', '"status":"committed"');
  expect(second.text).toBe(settled);
  const balances = [from, to, last].map(({ walletId }) => balanceOf(walletId));
  expect(await Promise.all(balances)).toEqual([1, 6, 3]);
});
