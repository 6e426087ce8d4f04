// Guarantee: a list is asked for as the contract says, and a cursor continues only its own list.
import { describe, expect, test } from "vitest";
import { encodeListCursor } from "../../../src/http/list-cursor.ts";
import { expectProblem, get, pathsOf } from "../../support/http.ts";
import { openUser } from "../../support/http-users.ts";
import { tenant } from "../../support/caller.ts";
import { freeze } from "../../support/wallets.ts";

const [{ walletId }, other] = await Promise.all([openUser(), openUser()]);
for (const frozen of [true, false]) await freeze(walletId, frozen);
const path = `/wallets/${walletId}/freezes`;
const cursor = String((await get(`${path}?limit=1`)).body["nextCursor"]);

test.each(["limit=0", "limit=201", "limit=", "limit=1&limit=2", "cursor=", "cursor=x"])(
  "validation_failed: %s",
  async (query) => {
    const answer = await get(`${path}?${query}`);
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer)).toEqual([query.split("=")[0]]);
  },
);

describe("a cursor is refused", () => {
  test.each([
    ["with another wallet", other.walletId, cursor],
    ["with a wallet that cannot exist", "wal_1", cursor],
    ["of another tenant", walletId, encodeListCursor(["freezes", "other", walletId], "frz_1")],
    ["of another list", walletId, encodeListCursor(["keys", tenant, walletId], "frz_1")],
    ["that was changed", walletId, `${cursor.slice(0, -1)}${cursor.endsWith("A") ? "B" : "A"}`],
    ["that was cut", walletId, cursor.slice(1)],
  ])("%s", async (_, wallet, sent) => {
    const answer = await get(`/wallets/${wallet}/freezes?cursor=${sent}`);
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer)).toEqual(["cursor"]);
  });
});
