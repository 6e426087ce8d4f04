// Guarantee: a wallet that does not exist has no authorizations to list, and asking leaves no trace.
import { expect, test } from "vitest";
import { userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { expectProblem, get } from "../../support/http.ts";
import { tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { walletObject } from "../../support/stubs.ts";
import { tablesOf } from "../../support/objects.ts";

test("one that was never opened", async () => {
  const walletId = walletIdOfUser(userIdFor(tenant, newKey()));
  expectProblem(await get(`/wallets/${walletId}/authorizations`), 404, "wallet_not_found");
  expect(await tablesOf(walletObject(walletId))).toEqual([]);
});

test.each(["wal_1", "usr_1", "external-00", "%00"])("one that cannot exist: %s", async (id) => {
  expectProblem(await get(`/wallets/${id}/authorizations`), 404, "wallet_not_found");
});
