// Guarantee: an end that is recorded but not finished in time is told as pending; the same key leads
// to the end of it.
import { expect, test } from "vitest";
import { authorize, capture } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { breakTable } from "../../support/objects.ts";
import { walletObject } from "../../support/stubs.ts";

test("pending, then 201", { timeout: 20_000 }, async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const id = await authorize(from.walletId, to.walletId, 7);
  const repair = await breakTable(walletObject(from.walletId), "INSERT", "entries");
  const key = newKey();
  const first = await capture(id, {}, key);
  expect([first.status, first.body["status"]]).toEqual([202, "pending"]);

  await repair();
  const last = await capture(id, {}, key);
  expect(last.status).toBe(201);
  expect(last.text).toBe(first.text.replace('"status":"pending"', '"status":"committed"'));
});
