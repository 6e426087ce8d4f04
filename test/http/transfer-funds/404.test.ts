// Guarantee: money moves between wallets that exist, or not at all. The refusal is final for its
// key, except where an id cannot exist: that is not recorded.
import { expect, test } from "vitest";
import { userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { expectNoTrace } from "../../support/bad-requests.ts";
import { expectProblem } from "../../support/http.ts";
import { newTransfer, transfer } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { walletObject } from "../../support/stubs.ts";
import { tablesOf } from "../../support/objects.ts";
import { expectRecorded } from "../../support/recorded.ts";

const { walletId, userId } = await openFunded(100);

test("wallet_not_found: the receiver; the sender keeps its money and can spend it", async () => {
  const unknown = walletIdOfUser(userIdFor(tenant, newKey()));
  const sent = newTransfer(walletId, unknown, 100);
  await expectRecorded("transfer", sent, 404, "wallet_not_found");
  expect(await tablesOf(walletObject(unknown))).toEqual([]);
  expect(await balanceOf(walletId)).toBe(100);
  const other = await openFunded(100);
  const all = newTransfer(other.walletId, walletId, 100);
  expect((await transfer(all)).status).toBe(201);
  expect((await transfer(newTransfer(walletId, other.walletId, 100))).status).toBe(201);
});

test("wallet_not_found: the sender", async () => {
  const unknown = walletIdOfUser(userIdFor(tenant, newKey()));
  const sent = newTransfer(unknown, walletId, 1);
  await expectRecorded("transfer", sent, 404, "wallet_not_found");
  expect(await tablesOf(walletObject(unknown))).toEqual([]);
});

test("wallet_not_found: both", async () => {
  const [one, other] = [newKey(), newKey()].map((key) => userIdFor(tenant, key));
  const sent = newTransfer(one ?? "", other ?? "", 1);
  await expectRecorded("transfer", sent, 404, "wallet_not_found");
});

test("wallet_not_found is final for its key when the wallet is opened later", async () => {
  const [key, userKey] = [newKey(), newKey()];
  const sent = newTransfer(walletId, userIdFor(tenant, userKey), 1);
  const first = await expectRecorded("transfer", sent, 404, "wallet_not_found", key);
  await openUser("Late", userKey);
  expect((await transfer(sent, key)).text).toBe(first.text);
  expect((await transfer(sent)).status).toBe(201);
});

test.each([
  ["the sender", "wal_1", walletId],
  ["the receiver", walletId, `${walletId}0`],
  ["both", "wal_1", "wal_2"],
  ["lower case", walletId, walletId.toLowerCase()],
  ["the outside world", "external:default", walletId],
])("an impossible id is not recorded: %s", async (_, fromWalletId, toWalletId) => {
  const key = newKey();
  const answer = await transfer(newTransfer(fromWalletId, toWalletId, 1), key);
  expectProblem(answer, 404, "wallet_not_found");
  expect(answer.body["instance"]).toBe("/transactions/transfer");
  await expectNoTrace(key);

  const { userId: receiver } = await openUser();
  await setFunds();
  const after = await transfer(newTransfer(userId, receiver, 1), key);
  expect([after.status, after.headers.has("idempotent-replayed")]).toEqual([201, false]);
});

async function setFunds(): Promise<void> {
  const giver = await openFunded(1);
  await transfer(newTransfer(giver.walletId, walletId, 1));
}
