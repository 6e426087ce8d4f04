// Guarantee: a wallet that does not exist, or cannot, is not frozen, and asking leaves no trace.
import { expect, test } from "vitest";
import { userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { expectProblem, post } from "../../support/http.ts";
import { openUser } from "../../support/http-users.ts";
import { tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { walletObject } from "../../support/stubs.ts";
import { tablesOf } from "../../support/objects.ts";

const act = { frozen: true, reason: "Reported as stolen" };

test("one that was never opened: it can be opened later, and is not frozen then", async () => {
  const owner = newKey();
  const userId = userIdFor(tenant, owner);
  const walletId = walletIdOfUser(userId);
  const key = newKey();
  for (const id of [userId, walletId]) {
    expectProblem(await post(`/wallets/${id}/freezes`, act, key), 404, "wallet_not_found");
  }
  expect(await tablesOf(walletObject(walletId))).toEqual([]);
  await openUser("Ada", owner);
  const answer = await post(`/wallets/${walletId}/freezes`, act, key);
  expect([answer.status, answer.headers.has("idempotent-replayed")]).toEqual([201, false]);
});

test.each(["wal_1", "usr_1", "external-00", "txn_00000000000000000000000000", "%00"])(
  "one that cannot exist: %s",
  async (id) => {
    expectProblem(await post(`/wallets/${id}/freezes`, act), 404, "wallet_not_found");
  },
);
