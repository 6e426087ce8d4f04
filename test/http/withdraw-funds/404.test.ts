// Guarantee: no money leaves a wallet that does not exist, and asking leaves nothing in it. The
// refusal is final for its key, except where the id cannot exist at all: that is not recorded.
import { expect, test } from "vitest";
import { userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { expectNoTrace } from "../../support/bad-requests.ts";
import { tenant } from "../../support/caller.ts";
import { expectProblem } from "../../support/http.ts";
import { fund, newFunding, newWithdrawal, withdraw } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { tablesOf } from "../../support/objects.ts";
import { expectRecorded } from "../../support/recorded.ts";
import { walletObject } from "../../support/stubs.ts";

test("wallet_not_found is recorded, outlives the opening, and gives the reference back", async () => {
  const userKey = newKey();
  const userId = userIdFor(tenant, userKey);
  const key = newKey();
  const sent = newWithdrawal(userId, 5);
  const first = await expectRecorded("withdraw", sent, 404, "wallet_not_found", key);
  expect(await tablesOf(walletObject(walletIdOfUser(userId)))).toEqual([]);

  await openUser("Late", userKey);
  await fund(newFunding(userId, 5));
  expect((await withdraw(sent, key)).text).toBe(first.text);
  expect((await withdraw(sent)).status).toBe(201);
});

const { walletId } = await openFunded(100);

test.each([
  ["empty", ""],
  ["another prefix", walletId.replace("wal_", "txn_")],
  ["lower case", walletId.toLowerCase()],
  ["white space behind", `${walletId} `],
  ["the outside world", "external:default"],
])("an impossible id is not recorded: %s", async (_, impossible) => {
  const key = newKey();
  const answer = await withdraw(newWithdrawal(impossible, 5), key);
  expectProblem(answer, 404, "wallet_not_found");
  expect(answer.body["instance"]).toBe("/transactions/withdraw");
  await expectNoTrace(key);

  const after = await withdraw(newWithdrawal(walletId, 5), key);
  expect([after.status, after.headers.has("idempotent-replayed")]).toEqual([201, false]);
});
