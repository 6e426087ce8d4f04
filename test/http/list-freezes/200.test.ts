// Guarantee: who froze or thawed a wallet can be read, newest first, as it was answered then.
import { expect, test } from "vitest";
import { get, post, type Answer } from "../../support/http.ts";
import { openUser } from "../../support/http-users.ts";
import { freeze } from "../../support/wallets.ts";

const dataOf = (answer: Answer) =>
  answer.body["data"] as readonly { readonly id: string; readonly frozen: boolean }[];
const nextOf = (path: string, answer: Answer) =>
  `${path}?cursor=${String(answer.body["nextCursor"])}`;

test("none of a wallet that was never frozen", async () => {
  const { walletId } = await openUser();
  expect((await get(`/wallets/${walletId}/freezes`)).text).toBe('{"data":[],"nextCursor":null}');
});

test("all acts, newest first, by either id of the wallet", async () => {
  const { userId, walletId } = await openUser();
  const path = `/wallets/${walletId}/freezes`;
  const acts = [];
  for (const frozen of [true, false, true]) {
    acts.unshift((await post(path, { frozen, reason: `because ${acts.length}` })).body);
  }
  const all = { data: acts, nextCursor: null };
  expect((await get(path)).body).toEqual(all);
  expect((await get(`/wallets/${userId}/freezes`)).body).toEqual(all);
});

test("the newest 100 of them, and the others on the next page", async () => {
  const { walletId } = await openUser();
  for (let act = 1; act <= 101; act++) await freeze(walletId, act % 2 === 1);
  const path = `/wallets/${walletId}/freezes`;
  const first = await get(path);
  const [newest, oldest] = [dataOf(first), dataOf(await get(nextOf(path, first)))];
  expect(newest).toHaveLength(100);
  expect(newest[0]).toMatchObject({ frozen: true });
  expect(oldest).toHaveLength(1);
  const ids = [...newest, ...oldest].map(({ id }) => id);
  expect(new Set(ids).size).toBe(101);
});

test("pages end with the last act, and an act that is added in between moves none of them", async () => {
  const { userId, walletId } = await openUser();
  const path = `/wallets/${walletId}/freezes`;
  for (const frozen of [true, false, true, false]) await freeze(walletId, frozen);
  const all = dataOf(await get(path));
  const first = await get(`${path}?limit=2`);
  await freeze(walletId, true);
  // Either id names the list, and the page size may change.
  const cursor = new URLSearchParams({ cursor: String(first.body["nextCursor"]), limit: "200" });
  const second = await get(`/wallets/${userId}/freezes?${cursor.toString()}`);
  expect([...dataOf(first), ...dataOf(second)]).toEqual(all);
  expect(second.body["nextCursor"]).toBeNull();
});
