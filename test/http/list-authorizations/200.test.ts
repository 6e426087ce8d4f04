// Guarantee: a wallet's authorizations are listed newest first, each as reading it shows it, by
// status as it is now; paging neither skips nor repeats one.
import { describe, expect, test } from "vitest";
import { ClosedService, tokenFor, tokenSettings } from "../../support/closed.ts";
import { expectProblem, get, type Answer } from "../../support/http.ts";
import {
  authorize,
  authorizePayout,
  cancel,
  capture,
  fund,
  newFunding,
  newTransfer,
  transfer,
} from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

interface Listed {
  readonly id: string;
  readonly authorization: { readonly status: string };
}

const dataOf = ({ body }: Answer) => body["data"] as readonly Listed[];
const idsOf = (answer: Answer) => dataOf(answer).map(({ id }) => id);
const list = (walletId: string, query: Record<string, string> = {}) =>
  get(`/wallets/${walletId}/authorizations?${new URLSearchParams(query).toString()}`);

/** All pages. */
async function listAll(walletId: string, query: Record<string, string>, between = async () => {}) {
  const ids: string[] = [];
  for (let cursor: unknown; cursor !== null;) {
    const more = typeof cursor === "string" ? { cursor } : {};
    const page = await list(walletId, { ...query, ...more });
    ids.push(...idsOf(page));
    cursor = page.body["nextCursor"];
    await between();
  }
  return ids;
}

test("none of a wallet that never reserved money, nor what it receives", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  expect((await list(from.walletId)).text).toBe('{"data":[],"nextCursor":null}');
  const id = await authorize(from.walletId, to.walletId, 4);
  expect(idsOf(await list(to.walletId))).toEqual([]);
  await capture(id);
  expect(idsOf(await list(to.walletId))).toEqual([]);
});

describe("of each kind", async () => {
  const [from, to] = await Promise.all([openFunded(100), openUser()]);
  const { walletId } = from;
  const open = await authorize(walletId, to.walletId, 4, { description: "room 7" });
  const captured = await authorize(walletId, to.walletId, 5);
  const cancelled = await authorizePayout(walletId, 6);
  const paid = await authorizePayout(walletId, 7, { provider: "bank" });
  await transfer(newTransfer(walletId, to.walletId, 1));
  await capture(captured, { amount: 2 });
  await cancel(cancelled);
  await capture(paid, { payoutReference: newKey() });

  test("all of them, newest first, by either id of the wallet", async () => {
    const all = [paid, cancelled, captured, open];
    expect(idsOf(await list(walletId))).toEqual(all);
    expect(idsOf(await list(from.userId))).toEqual(all);
  });

  test("each as reading it shows it", async () => {
    const listed = dataOf(await list(walletId));
    const read = await Promise.all(listed.map(({ id }) => get(`/transactions/${id}`)));
    expect(listed).toEqual(read.map(({ body }) => body));
  });

  test.each([
    ["open", [open]],
    ["captured", [paid, captured]],
    ["cancelled", [cancelled]],
    ["expired", []],
  ])("by status: %s", async (status, ids) => {
    const answer = await list(walletId, { status });
    expect(idsOf(answer)).toEqual(ids);
    expect(answer.body["nextCursor"]).toBeNull();
    const shown = dataOf(answer).map(({ authorization }) => authorization.status);
    expect(new Set(shown)).toEqual(new Set(ids.length > 0 ? [status] : []));
  });
});

describe("pages", () => {
  test("follow one another, with new ones and other entries in between", async () => {
    const [from, to] = await Promise.all([openFunded(100), openUser()]);
    const { walletId } = from;
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) {
      ids.unshift(await authorize(walletId, to.walletId, 1));
      await fund(newFunding(walletId, 1));
    }
    const between = async () => {
      await authorize(walletId, to.walletId, 1);
    };
    expect(await listAll(walletId, { limit: "2" }, between)).toEqual(ids);
    const now = idsOf(await list(walletId));
    expect(await listAll(walletId, { limit: "3", status: "open" })).toEqual(now);
  });

  test("that are full exactly are the last ones", async () => {
    const [from, to] = await Promise.all([openFunded(100), openUser()]);
    const { walletId } = from;
    for (let count = 0; count < 2; count++) await authorize(walletId, to.walletId, 1);
    const page = await list(walletId, { limit: "2" });
    expect([dataOf(page).length, page.body["nextCursor"]]).toEqual([2, null]);
  });

  test("tell what has ended one since the page before", async () => {
    const [from, to] = await Promise.all([openFunded(100), openUser()]);
    const { walletId } = from;
    const first = await authorize(walletId, to.walletId, 1);
    await authorize(walletId, to.walletId, 1);
    const page = await list(walletId, { limit: "1" });
    await cancel(first);
    const next = await list(walletId, { limit: "1", cursor: String(page.body["nextCursor"]) });
    expect(dataOf(next)).toMatchObject([{ id: first, authorization: { status: "cancelled" } }]);
  });
});

test("a user lists those of the user's own wallet, and sees no principal", async () => {
  const service = new ClosedService(tokenSettings);
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const id = await authorize(from.walletId, to.walletId, 4);
  const path = `/wallets/${from.walletId}/authorizations`;
  const mine = await service.send("GET", path, await tokenFor(from.userId));
  expect(mine.body["data"]).toMatchObject([{ id, authorization: { status: "open" } }]);
  expect(mine.text).not.toContain("createdBy");
  const receiver = await service.send("GET", path, await tokenFor(to.userId));
  expectProblem(receiver, 404, "wallet_not_found");
});
