// Guarantee: a user's token reaches the user's own wallet and nothing else. What is another user's
// is answered exactly like what does not exist, to the byte but for ids, and leaves nothing.
import { describe, expect, test } from "vitest";
import { transactionIdFor, userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { bootstrapFor, ClosedService, tokenFor, tokenSettings } from "../../support/closed.ts";
import { expectProblem, post } from "../../support/http.ts";
import {
  newFunding,
  newTransfer,
  newWithdrawal,
  posting,
  reverse,
  split,
  transfer,
} from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { logObject } from "../../support/stubs.ts";
import { runSql, tablesOf } from "../../support/objects.ts";

const service = new ClosedService(tokenSettings);
const [me, sibling, friend] = await Promise.all([openFunded(100), openFunded(100), openUser()]);
const token = await tokenFor(me.userId);
const missing = userIdFor("main", newKey());
const sameId = { headers: { "x-request-id": "same" } };

const get = (path: string) => service.send("GET", path, token, sameId);
const send = (body: object, key = newKey()) =>
  service.send("POST", "/transactions/transfer", token, { ...sameId, body, key });

describe("another user's", () => {
  test.each<[string, (id: string) => string]>([
    ["profile", (id) => `/users/${id}`],
    ["balance", (id) => `/wallets/${id}/balance`],
    ["history", (id) => `/transactions?walletId=${id}`],
  ])("%s is not found", async (_what, pathOf) => {
    const [foreign, unknown] = [await get(pathOf(sibling.userId)), await get(pathOf(missing))];
    expect(foreign.status).toBe(404);
    expect(foreign.text).toBe(unknown.text.replaceAll(missing, sibling.userId));
    expect((await get(pathOf(me.userId))).status).toBe(200);
    expect((await get(pathOf(me.userId.replace("usr", "wal")))).status).toBe(
      pathOf("").startsWith("/users") ? 404 : 200,
    );
  });

  test("transaction is not found, unless it has a leg in one's own wallet", async () => {
    const between = await transfer(newTransfer(sibling.walletId, friend.walletId, 1));
    const unknownId = transactionIdFor("main", newKey());
    const foreign = await get(`/transactions/${String(between.body["id"])}`);
    const unknown = await get(`/transactions/${unknownId}`);
    expect(foreign.status).toBe(404);
    expect(foreign.text).toBe(unknown.text.replaceAll(unknownId, String(between.body["id"])));

    for (const mine of [
      await transfer(newTransfer(me.walletId, sibling.walletId, 1)),
      await transfer(newTransfer(sibling.walletId, me.walletId, 1)),
      await post("/transactions/fund", newFunding(me.walletId, 1)),
    ]) {
      expect((await get(`/transactions/${String(mine.body["id"])}`)).status).toBe(200);
    }
  });

  test("postings and legs of a split are not shown; of one's own all are", async () => {
    const { walletId } = await openUser();
    const mine = await tokenFor(walletId.replace("wal", "usr"));
    const postings = [
      posting(sibling.walletId, friend.walletId, 1, "USD"),
      posting(sibling.walletId, walletId, 2, "USD"),
      posting("external", walletId, 3, "USD"),
      posting("external", friend.walletId, 4, "USD"),
    ];
    const { body } = await split({ postings, paymentReference: newKey() });
    const path = `/transactions/${String(body["id"])}`;
    const shown = await service.send("GET", path, mine);
    const credit = { account: walletId, direction: "credit", currency: "USD" };
    expect(shown.body).toMatchObject({
      postings: postings.slice(1, 3),
      legs: [
        { ...credit, amount: 2 },
        { ...credit, amount: 3 },
      ],
    });
    expect(shown.text).not.toContain(friend.walletId);
    expect((await get(path)).status).toBe(404);
    const payer = await service.send("GET", path, await tokenFor(sibling.userId));
    expect(payer.body).toMatchObject({
      postings: postings.slice(0, 2),
      legs: [
        { account: sibling.walletId, direction: "debit", amount: 1 },
        { account: sibling.walletId, direction: "debit", amount: 2 },
      ],
    });
  });

  test("legs of the reversal of a split are not shown, and of one of a transfer they are", async () => {
    const { walletId } = await openUser();
    const mine = await tokenFor(walletId.replace("wal", "usr"));
    const postings = [
      posting("external", walletId, 3, "USD"),
      posting("external", friend.walletId, 4, "USD"),
    ];
    const { body } = await split({ postings, paymentReference: newKey() });
    const reversal = await reverse(body["id"]);
    const read = (id: unknown) => service.send("GET", `/transactions/${String(id)}`, mine);
    const shown = await read(reversal.body["id"]);
    expect(shown.body["legs"]).toMatchObject([
      { account: walletId, direction: "debit", amount: 3 },
    ]);
    expect(shown.body).not.toHaveProperty("amount");
    expect((await read(body["id"])).body["reversals"]).toEqual([{ id: reversal.body["id"] }]);

    const paid = await transfer(newTransfer(sibling.walletId, walletId, 2));
    const back = await reverse(paid.body["id"]);
    expect((await read(back.body["id"])).body["legs"]).toHaveLength(2);
    expect((await get(`/transactions/${String(back.body["id"])}`)).status).toBe(404);
  });

  test("leg of a transfer with one's own wallet is shown", async () => {
    const { body } = await transfer(newTransfer(sibling.walletId, me.walletId, 1));
    expect((await get(`/transactions/${String(body["id"])}`)).body["legs"]).toHaveLength(2);
  });

  test("wallet cannot be sent from, and the attempt leaves nothing", async () => {
    const before = await balanceOf(sibling.walletId);
    const answers = [];
    for (const from of [sibling.walletId, sibling.userId, missing, walletIdOfUser(missing)]) {
      const key = newKey();
      answers.push(await send(newTransfer(from, me.walletId, 5), key));
      const id = transactionIdFor("main", `${me.userId} ${key}`);
      const log = logObject(id);
      if ((await tablesOf(log)).length > 0) {
        expect(await runSql(log, "SELECT id FROM transactions WHERE id = ?", id)).toEqual([]);
      }
    }
    for (const answer of answers) {
      expectProblem(answer, 404, "wallet_not_found");
      expect(answer.text).toBe(answers[0]?.text);
    }
    expect(await balanceOf(sibling.walletId)).toBe(before);
  });
});

test("one's own wallet may be sent from, and a replay is the same bytes", async () => {
  const key = newKey();
  const sent = newTransfer(me.userId, friend.walletId, 3);
  const first = await send(sent, key);
  expect(first.status).toBe(201);
  const again = await send(sent, key);
  expect([again.text, again.headers.get("idempotent-replayed")]).toEqual([first.text, "true"]);
});

describe("a user's idempotency keys", () => {
  test("are not those of the back end, nor of another user", async () => {
    const key = newKey();
    const other = await tokenFor(sibling.userId);
    const answers = [
      await transfer(newTransfer(me.walletId, friend.walletId, 1), key),
      await send(newTransfer(me.walletId, friend.walletId, 2), key),
      await service.send("POST", "/transactions/transfer", other, {
        body: newTransfer(sibling.walletId, friend.walletId, 1),
        key,
      }),
    ];
    for (const { status, headers } of answers) {
      expect([status, headers.has("idempotent-replayed")]).toEqual([201, false]);
    }
  });

  test("cannot be used up by another user", async () => {
    const key = newKey();
    const other = await tokenFor(sibling.userId);
    const body = newTransfer(me.walletId, friend.walletId, 1);
    // The sibling knows the very request, and may neither send it nor learn that it was sent.
    const before = await service.send("POST", "/transactions/transfer", other, { body, key });
    expectProblem(before, 404, "wallet_not_found");
    expect((await send(body, key)).status).toBe(201);
    const after = await service.send("POST", "/transactions/transfer", other, { body, key });
    expectProblem(after, 404, "wallet_not_found");
  });
});

test("no claim makes a user more than a user", async () => {
  const claimed = ["*", "admin", "funding:write", "withdrawals:write", "ops:write"];
  const grand = await tokenFor(me.userId, { scopes: claimed });
  const body = newFunding(me.walletId, 5);
  const funding = await service.send("POST", "/transactions/fund", grand, { body });
  expectProblem(funding, 403, "forbidden");
  const out = { body: newWithdrawal(me.walletId, 5) };
  const withdrawal = await service.send("POST", "/transactions/withdraw", grand, out);
  expectProblem(withdrawal, 403, "forbidden");
  expectProblem(await service.send("GET", `/users/${me.userId}`, grand), 403, "forbidden");
});

test("keys and tokens are told apart: a bootstrap key does not become a user", async () => {
  const root = bootstrapFor("main");
  const both = new ClosedService({ BOOTSTRAP_KEY: root.setting, ...tokenSettings });
  expect((await both.send("GET", `/users/${sibling.userId}`, root.text)).status).toBe(200);
  expect((await both.send("GET", `/users/${sibling.userId}`, token)).status).toBe(404);
});
