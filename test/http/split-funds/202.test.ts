// Guarantee: a split that one of its accounts has not posted yet is told as pending, and the same
// key leads to its end.
import { expect, test } from "vitest";
import { posting, split } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { breakTable } from "../../support/objects.ts";
import { walletObject } from "../../support/stubs.ts";

/** An answer that is not final takes 5 s, in ms. */
const timeout = 20_000;

test("committed, and the last receiver cannot post: pending, then 201", { timeout }, async () => {
  const [from, to, last] = await Promise.all([openFunded(10), openUser(), openUser()]);
  const repair = await breakTable(walletObject(last.walletId), "INSERT", "entries");
  const key = newKey();
  const sent = {
    postings: [
      posting(from.walletId, to.walletId, 4),
      posting(from.walletId, last.walletId, 3),
      posting(from.walletId, last.walletId, 2),
    ],
  };
  const first = await split(sent, key);
  expect([first.status, first.body["status"]]).toEqual([202, "pending"]);
  expect(first.headers.get("retry-after")).toBe("1");

  await repair();
  const second = await split(sent, key);
  expect(second.status).toBe(201);
  expect(second.text).toBe(first.text.replace('"status":"pending"', '"status":"committed"'));
  const balances = [from, to, last].map(({ walletId }) => balanceOf(walletId));
  expect(await Promise.all(balances)).toEqual([1, 4, 5]);
});
