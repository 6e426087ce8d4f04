// Guarantee: guessing ids over HTTP, as a back end or as a user, fills no disk. Ten thousand
// guesses at one wallet's code are in test/simulation/unknown-wallets.test.ts; these go all the
// way.
import { expect, test } from "vitest";
import { userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { bootstrapFor, ClosedService, tokenFor, tokenSettings } from "../../support/closed.ts";
import { newKey } from "../../support/keys.ts";
import { walletObject } from "../../support/stubs.ts";
import { tablesOf } from "../../support/objects.ts";

const root = bootstrapFor("main");
const service = new ClosedService({ BOOTSTRAP_KEY: root.setting, ...tokenSettings });
const guesses = 60;

test.each(["a back end", "a user"])("by %s", async (who) => {
  for (let count = 0; count < guesses; count++) {
    const userId = userIdFor("main", newKey());
    const credential = who === "a user" ? await tokenFor(userId) : root.text;
    for (const path of [
      `/users/${userId}`,
      `/wallets/${userId}/balance`,
      `/transactions?walletId=${userId}`,
    ]) {
      expect((await service.send("GET", path, credential)).status).toBe(404);
    }
    expect(await tablesOf(walletObject(walletIdOfUser(userId)))).toEqual([]);
  }
});
