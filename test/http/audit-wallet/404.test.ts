// Guarantee: a wallet that was never opened cannot be audited, and asking leaves no storage behind.
import { expect, test } from "vitest";
import { userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { expectProblem, get } from "../../support/http.ts";
import { tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { walletObject } from "../../support/stubs.ts";
import { tablesOf } from "../../support/objects.ts";

test("wallet_not_found: an unknown wallet", async () => {
  const walletId = walletIdOfUser(userIdFor(tenant, newKey()));
  expectProblem(await get(`/wallets/${walletId}/audit`), 404, "wallet_not_found");
  expect(await tablesOf(walletObject(walletId))).toEqual([]);
});

test.each(["wal_1", "canary", "%E0%A4%A"])("wallet_not_found: the impossible id %s", async (id) => {
  expectProblem(await get(`/wallets/${id}/audit`), 404, "wallet_not_found");
});
