// Guarantee: money cannot enter a wallet that does not exist, and asking leaves nothing in it. The
// refusal is final for its key, except where the id cannot exist at all: that is not recorded.
import { expect, test } from "vitest";
import { userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { expectNoTrace } from "../../support/bad-requests.ts";
import { expectProblem } from "../../support/http.ts";
import { fund, newFunding } from "../../support/http-ledger.ts";
import { openUser } from "../../support/http-users.ts";
import { tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { walletObject } from "../../support/stubs.ts";
import { tablesOf } from "../../support/objects.ts";
import { expectRecorded } from "../../support/recorded.ts";

test("wallet_not_found is recorded, and outlives the opening of the wallet", async () => {
  const userKey = newKey();
  const userId = userIdFor(tenant, userKey);
  const key = newKey();
  const sent = newFunding(userId, 5);
  const first = await expectRecorded("fund", sent, 404, "wallet_not_found", key);
  expect(await tablesOf(walletObject(walletIdOfUser(userId)))).toEqual([]);

  await openUser("Late", userKey);
  expect((await fund(sent, key)).text).toBe(first.text);
  expect((await fund(sent)).status).toBe(201);
});

const { walletId } = await openUser();

test.each([
  ["empty", ""],
  ["no prefix", walletId.slice(4)],
  ["another prefix", walletId.replace("wal_", "txn_")],
  ["lower case", walletId.toLowerCase()],
  ["white space behind", `${walletId} `],
  ["a line break behind", `${walletId}\n`],
  ["a letter that Crockford leaves out", `${walletId.slice(0, -1)}L`],
  ["the outside world", "external:default"],
  ["very long", "wal_".repeat(1_000)],
])("an impossible id is not recorded: %s", async (_, impossible) => {
  const key = newKey();
  const answer = await fund(newFunding(impossible, 5), key);
  expectProblem(answer, 404, "wallet_not_found");
  expect(answer.body["instance"]).toBe("/transactions/fund");
  expect(answer.body["requestId"]).toBe(answer.headers.get("x-request-id"));
  await expectNoTrace(key);

  const after = await fund(newFunding(walletId, 5), key);
  expect([after.status, after.headers.has("idempotent-replayed")]).toEqual([201, false]);
});
