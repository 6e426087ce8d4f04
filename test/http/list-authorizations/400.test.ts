// Guarantee: a list is asked for as the contract says, and a cursor continues only its own list.
import { describe, expect, test } from "vitest";
import { encodeListCursor } from "../../../src/http/list-cursor.ts";
import { expectProblem, get, pathsOf } from "../../support/http.ts";
import { authorize } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { tenant } from "../../support/caller.ts";

const [{ walletId }, other] = await Promise.all([openFunded(10), openUser()]);
for (const amount of [1, 2]) await authorize(walletId, other.walletId, amount);
const path = `/wallets/${walletId}/authorizations`;
const cursor = String((await get(`${path}?limit=1`)).body["nextCursor"]);
const ofOpen = String((await get(`${path}?limit=1&status=open`)).body["nextCursor"]);

test.each([
  "limit=0",
  "limit=101",
  "limit=",
  "limit=1&limit=2",
  "cursor=",
  "cursor=x",
  "status=",
  "status=Open",
  "status=open&status=captured",
  "currency=USD",
])("validation_failed: %s", async (query) => {
  const answer = await get(`${path}?${query}`);
  expectProblem(answer, 400, "validation_failed");
  expect(pathsOf(answer)).toEqual([query.split("=")[0]]);
});

describe("a cursor is refused", () => {
  test.each([
    ["with another wallet", other.walletId, cursor, ""],
    ["with a wallet that cannot exist", "wal_1", cursor, ""],
    ["with a status", walletId, cursor, "&status=open"],
    ["without its status", walletId, ofOpen, ""],
    ["with another status", walletId, ofOpen, "&status=captured"],
    ["of another tenant", walletId, encodeListCursor(["authorizations", "t", walletId], "4"), ""],
    ["of another list", walletId, encodeListCursor(["freezes", tenant, walletId], "4"), ""],
    ["that was cut", walletId, cursor.slice(1), ""],
  ])("%s", async (_, wallet, sent, more) => {
    const answer = await get(`/wallets/${wallet}/authorizations?cursor=${sent}${more}`);
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer)).toEqual(["cursor"]);
  });

  test("and continues its own list, with its status", async () => {
    expect((await get(`${path}?cursor=${cursor}`)).body["data"]).toHaveLength(1);
    expect((await get(`${path}?cursor=${ofOpen}&status=open`)).body["data"]).toHaveLength(1);
  });
});
