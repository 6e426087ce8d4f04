// Protects: who froze or thawed a wallet can be read, newest first, as it was answered then.
import { expect, test } from "vitest";
import { get, openUser, post } from "../../support/http.ts";
import { freeze } from "../../support/ledger.ts";

test("none of a wallet that was never frozen", async () => {
  const { walletId } = await openUser();
  expect((await get(`/wallets/${walletId}/freezes`)).text).toBe('{"data":[]}');
});

test("all acts, newest first, by either id of the wallet", async () => {
  const { userId, walletId } = await openUser();
  const path = `/wallets/${walletId}/freezes`;
  const acts = [];
  for (const frozen of [true, false, true]) {
    acts.unshift((await post(path, { frozen, reason: `because ${acts.length}` })).body);
  }
  expect((await get(path)).body).toEqual({ data: acts });
  expect((await get(`/wallets/${userId}/freezes`)).body).toEqual({ data: acts });
});

test("the newest 100 of them", async () => {
  const { walletId } = await openUser();
  for (let act = 1; act <= 101; act++) await freeze(walletId, act % 2 === 1);
  const { body } = await get(`/wallets/${walletId}/freezes`);
  const data = body["data"] as readonly { readonly frozen: boolean }[];
  expect(data).toHaveLength(100);
  expect(data[0]).toMatchObject({ frozen: true });
});
