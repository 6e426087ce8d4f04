// Guarantee: an audit recomputes the wallet and says what it looked at; a ledger that was tampered
// with is told from one that was not.
import { expect, test } from "vitest";
import { get } from "../../support/http.ts";
import { authorize, cancel, capture, newTransfer, transfer } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { walletObject } from "../../support/stubs.ts";
import { runSql } from "../../support/objects.ts";

test("a wallet in order is consistent, by either id", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  await transfer(newTransfer(from.walletId, to.walletId, 4));
  const { status, body, text } = await get(`/wallets/${from.walletId}/audit`);
  expect(status).toBe(200);
  expect(body).toEqual({
    walletId: from.walletId,
    status: "consistent",
    asOf: (await get(`/wallets/${from.walletId}/balance`)).body["asOf"],
    checked: { entries: 2, holds: 0, transactions: 2, checkpoints: 0, freezes: 0 },
    unreachableShards: 0,
  });
  expect((await get(`/wallets/${from.userId}/audit`)).text).toBe(text);
});

test("ends of authorizations, and what was refused because of them, are in order", async () => {
  const [from, to] = await Promise.all([openFunded(100), openUser()]);
  const ids = await Promise.all([1, 2, 3].map(() => authorize(from.walletId, to.walletId, 7)));
  const [captured = "", cancelled = "", open = ""] = ids;
  await Promise.all([capture(captured, { amount: 3 }), cancel(cancelled)]);
  const refused = await Promise.all([capture(captured), cancel(captured), capture(cancelled)]);
  expect(refused.map(({ status }) => status)).toEqual([409, 409, 409]);
  for (const { walletId } of [from, to]) {
    const { body } = await get(`/wallets/${walletId}/audit`);
    expect(body["firstDifference"]).toBeUndefined();
    expect(body["status"]).toBe("consistent");
  }
  expect((await capture(open)).status).toBe(201);
});

test("an entry that was changed behind the triggers is found", async () => {
  const { walletId } = await openFunded(10);
  const wallet = walletObject(walletId);
  await runSql(wallet, "DROP TRIGGER entries_not_updated");
  await runSql(wallet, "UPDATE entries SET amount = 1000 WHERE sequence = 1");
  const { body } = await get(`/wallets/${walletId}/audit`);
  expect(body).toMatchObject({
    status: "different",
    firstDifference: { kind: "broken_hash", sequence: 1 },
  });
});
