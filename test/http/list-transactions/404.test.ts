// Guarantee: a wallet that was never opened has no history, not an empty one, and asking for it
// leaves no storage behind.
import { expect, test } from "vitest";
import { userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { expectProblem, get } from "../../support/http.ts";
import { tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { walletObject } from "../../support/stubs.ts";
import { tablesOf } from "../../support/objects.ts";

test("wallet_not_found: an unknown wallet", async () => {
  const walletId = walletIdOfUser(userIdFor(tenant, newKey()));
  const answer = await get(`/transactions?walletId=${walletId}`);
  expectProblem(answer, 404, "wallet_not_found");
  expect(answer.body["instance"]).toBe("/transactions");
  expect(await tablesOf(walletObject(walletId))).toEqual([]);
});

test.each(["", "wal_1", "external:default", "%E0%A4%A", "a b"])(
  "wallet_not_found: the impossible id '%s'",
  async (id) => {
    expectProblem(await get(`/transactions?walletId=${id}`), 404, "wallet_not_found");
  },
);
