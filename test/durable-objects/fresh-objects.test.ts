// Guarantee: no test file meets what another one has stored, though they share a runtime.
import { abortAllDurableObjects, evictAllDurableObjects } from "cloudflare:test";
import { expect, test } from "vitest";
import { emptyObjects } from "../support/fresh-objects.ts";
import { funding, submission, submit } from "../support/ledger.ts";
import { alarmOf, tablesOf } from "../support/objects.ts";
import { logObject, walletObject } from "../support/stubs.ts";
import { openWallet } from "../support/wallets.ts";

const states = {
  running: async () => {},
  aborted: abortAllDurableObjects,
  evicted: evictAllDurableObjects,
};

test.each(Object.entries(states))("an object that is %s is emptied", async (_name, bring) => {
  const walletId = await openWallet();
  const funded = submission(funding(walletId, 10));
  await submit(funded);
  const objects = () => [walletObject(walletId), logObject(funded.id)];
  const before = await Promise.all(objects().map(tablesOf));
  expect(before.map((tables) => tables.length > 0)).toEqual([true, true]);
  await bring();

  await emptyObjects();
  expect(await Promise.all(objects().map(tablesOf))).toEqual([[], []]);
  expect(await Promise.all(objects().map(alarmOf))).toEqual([null, null]);
});
