// Guarantee: a wallet that was never opened has no balance, not a balance of 0, and asking for it
// leaves no storage behind.
import { expect, test } from "vitest";
import { userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { expectProblem, get } from "../../support/http.ts";
import { tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { walletObject } from "../../support/stubs.ts";
import { tablesOf } from "../../support/objects.ts";

test("wallet_not_found: an unknown wallet, by either id", async () => {
  const userId = userIdFor(tenant, newKey());
  const walletId = walletIdOfUser(userId);
  expectProblem(await get(`/wallets/${userId}/balance`), 404, "wallet_not_found");
  expectProblem(await get(`/wallets/${walletId}/balance`), 404, "wallet_not_found");
  expect(await tablesOf(walletObject(walletId))).toEqual([]);
});

test.each(["wal_1", "external:default", "canary", "wal_%00", "%E0%A4%A", "wal_%2F..%2Fmain"])(
  "wallet_not_found: the impossible id %s",
  async (id) => {
    expectProblem(await get(`/wallets/${id}/balance`), 404, "wallet_not_found");
  },
);
