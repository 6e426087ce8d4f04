// Guarantee: a reversal comes after its original in every ledger: while that is on its way, the
// reversal waits for it, and the same key leads to its end.
import { expect, test } from "vitest";
import { newTransfer, reverse, transfer } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { breakTable } from "../../support/objects.ts";
import { walletObject } from "../../support/stubs.ts";

/** Each answer that is not final takes 5 s, in ms. */
const timeout = 25_000;

test.concurrent("of a transfer that its receiver cannot vote on yet", { timeout }, async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const repair = await breakTable(walletObject(to.walletId), "INSERT", "legs");
  const [key, reversalKey] = [newKey(), newKey()];
  const sent = newTransfer(from.walletId, to.walletId, 4);
  const first = await transfer(sent, key);
  expect([first.status, first.body["status"]]).toEqual([202, "pending"]);
  const pending = await reverse(first.body["id"], {}, reversalKey);
  expect([pending.status, pending.body["status"]]).toEqual([202, "pending"]);
  expect(pending.headers.get("retry-after")).toBe("1");

  await repair();
  expect((await transfer(sent, key)).status).toBe(201);
  const done = await reverse(first.body["id"], {}, reversalKey);
  expect(done.status).toBe(201);
  expect(done.text).toBe(pending.text.replace('"status":"pending"', '"status":"committed"'));
  expect([await balanceOf(from.walletId), await balanceOf(to.walletId)]).toEqual([10, 0]);
});

test.concurrent("of a transfer that is decided, and not posted yet", { timeout }, async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const repair = await breakTable(walletObject(to.walletId), "INSERT", "entries");
  const [key, reversalKey] = [newKey(), newKey()];
  const sent = newTransfer(from.walletId, to.walletId, 4);
  const first = await transfer(sent, key);
  expect(first.status).toBe(202);
  expect((await reverse(first.body["id"], {}, reversalKey)).status).toBe(202);

  await repair();
  expect((await reverse(first.body["id"], {}, reversalKey)).status).toBe(201);
  expect((await transfer(sent, key)).status).toBe(201);
  expect([await balanceOf(from.walletId), await balanceOf(to.walletId)]).toEqual([10, 0]);
});
