// Guarantee: a batch answers for each of its items, in order, exactly what the operation's own path
// would have answered; each is a transaction of its own; and a replay is the same bytes.
import { describe, expect, test } from "vitest";
import { logShardOf, transactionIdFor } from "../../../src/domain/ids.ts";
import { batchRowsOf, itemIdOf, resultsOf, statusesOf } from "../../support/batches.ts";
import { tenant } from "../../support/caller.ts";
import { get, post } from "../../support/http.ts";
import {
  authorize,
  batch,
  fund,
  item,
  newFunding,
  newTransfer,
  newWithdrawal,
  posting,
  transfer,
} from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { expectReplayed } from "../../support/recorded.ts";

test("every operation that has a path, each as its own path answers it", async () => {
  const [from, to] = await Promise.all([openFunded(1_000), openUser()]);
  const [captured, cancelled] = await Promise.all([
    authorize(from.walletId, to.walletId, 50),
    authorize(from.walletId, to.walletId, 60),
  ]);
  const funding = await fund(newFunding(from.walletId, 40));
  const reserving = { capture: "manual", expiresIn: 60 };
  const key = newKey();
  const answer = await batch(
    [
      item("funding", newFunding(to.walletId, 7, { description: "in" })),
      item("transfer", newTransfer(from.userId, to.walletId, 5, { metadata: { a: "1" } })),
      item("transfer", newTransfer(from.walletId, to.walletId, 6, reserving)),
      item("withdrawal", newWithdrawal(from.walletId, 8)),
      item("split", { postings: [posting(from.walletId, to.walletId, 9)] }),
      item("capture", { transactionId: captured, amount: 20 }),
      item("cancellation", { transactionId: cancelled, reason: "sold out" }),
      item("reversal", { transactionId: funding.body["id"], amount: 10 }),
    ],
    key,
  );
  expect(answer.status).toBe(200);
  expect(Object.keys(answer.body)).toEqual(["items"]);
  const results = resultsOf(answer);
  expect(statusesOf(answer)).toEqual(Array.from({ length: 8 }, () => 201));
  expect(results.map(({ body }) => body["type"])).toEqual([
    "funding",
    "transfer",
    "authorization",
    "withdrawal",
    "split",
    "capture",
    "cancellation",
    "reversal",
  ]);
  expect(results.map(({ body }) => body["id"])).toEqual(results.map((_, at) => itemIdOf(key, at)));
  for (const { body } of results) {
    const read = await get(`/transactions/${String(body["id"])}`);
    expect(read.body).toMatchObject({ ...body, status: "committed" });
  }
  // 1,000 + 40 - 5 - 6 reserved - 8 - 9 - 20 captured - 10 given back.
  const { body: balance } = await get(`/wallets/${from.walletId}/balance`);
  expect(balance).toMatchObject({ available: 982, balance: 988, held: 6 });
  expect(await balanceOf(to.walletId)).toBe(7 + 5 + 9 + 20);
});

test("an item's body has the bytes of a single request's, but for its id and time", async () => {
  const [from, to] = await Promise.all([openFunded(100), openUser()]);
  const sent = newTransfer(from.walletId, to.walletId, 5, {
    description: "d",
    metadata: { a: "1" },
  });
  const refused = newTransfer(from.walletId, to.walletId, 5_000);
  const [single, no] = await Promise.all([transfer(sent), transfer(refused)]);
  const [first, second] = resultsOf(
    await batch([item("transfer", sent), item("transfer", refused)]),
  );
  const neutral = (body: unknown) =>
    JSON.stringify(body)
      .replaceAll(/txn_[0-9A-Z]{26}/g, "txn")
      .replace(/"createdAt":"[^"]*"/, "");
  expect(neutral(first?.body)).toBe(neutral(single.body));
  expect(neutral(second?.body)).toBe(neutral(no.body));
  expect([first?.status, second?.status]).toEqual([single.status, no.status]);
  expect(Object.keys(second?.body ?? {})).not.toContain("requestId");
});

test("all items are in the log shard of the batch, which is no transaction itself", async () => {
  const [from, to] = await Promise.all([openFunded(100), openUser()]);
  const key = newKey();
  const sent = [1, 2, 3].map((n) => item("transfer", newTransfer(from.walletId, to.walletId, n)));
  const results = resultsOf(await batch(sent, key));
  const batchId = transactionIdFor(tenant, key);
  const shards = results.map(({ body }) => logShardOf(String(body["id"])));
  expect(new Set(shards)).toEqual(new Set([logShardOf(batchId)]));
  expect(new Set(results.map(({ body }) => body["id"])).size).toBe(3);
  expect(await batchRowsOf(key)).toMatchObject([{ id: batchId, tenant, count: 3 }]);
  expect((await get(`/transactions/${batchId}`)).status).toBe(404);
});

describe("outcomes are independent", () => {
  test("one is refused, the others are committed, and the whole is replayed", async () => {
    const [from, poor, to] = await Promise.all([openFunded(10), openUser(), openUser()]);
    const key = newKey();
    const items = [
      item("transfer", newTransfer(from.walletId, to.walletId, 4)),
      item("transfer", newTransfer(poor.walletId, to.walletId, 1)),
      item("transfer", newTransfer(from.walletId, to.walletId, 5)),
    ];
    const first = await batch(items, key);
    expect(first.status).toBe(200);
    expect(first.headers.has("idempotent-replayed")).toBe(false);
    expect(statusesOf(first)).toEqual([201, 422, 201]);
    expect(resultsOf(first)[1]?.body).toMatchObject({
      code: "insufficient_funds",
      instance: `/transactions/${itemIdOf(key, 1)}`,
    });
    await expectReplayed("/transactions/batch", { items }, key, first);
    expect(await balanceOf(from.walletId)).toBe(1);
    expect(await balanceOf(to.walletId)).toBe(9);
  });

  test("of two with one payment reference, one wins", async () => {
    const to = await openUser();
    const funding = newFunding(to.walletId, 5);
    const answer = await batch([item("funding", funding), item("funding", funding)]);
    const results = resultsOf(answer);
    expect(new Set(statusesOf(answer))).toEqual(new Set([201, 409]));
    const [winner, loser] = results.toSorted((one, other) => one.status - other.status);
    expect(loser?.body).toMatchObject({
      code: "duplicate_payment_reference",
      transactionId: winner?.body["id"],
    });
    expect(await balanceOf(to.walletId)).toBe(5);
  });

  test("of two that only one wallet's money is there for, one wins", async () => {
    const [from, to] = await Promise.all([openFunded(10), openUser()]);
    const sent = item("transfer", newTransfer(from.walletId, to.walletId, 10));
    expect(new Set(statusesOf(await batch([sent, sent])))).toEqual(new Set([201, 422]));
    expect(await balanceOf(to.walletId)).toBe(10);
  });

  test("a single item, refused, is an answered batch all the same", async () => {
    const [from, to] = await Promise.all([openUser(), openUser()]);
    const answer = await batch([item("transfer", newTransfer(from.walletId, to.walletId, 1))]);
    expect([answer.status, statusesOf(answer)]).toEqual([200, [422]]);
  });
});

test("a hundred items between the same wallets", { timeout: 30_000 }, async () => {
  const [from, to] = await Promise.all([openFunded(100), openUser()]);
  const items = Array.from({ length: 100 }, () =>
    item("transfer", newTransfer(from.walletId, to.walletId, 1)),
  );
  const key = newKey();
  const first = await batch(items, key);
  expect(first.status).toBe(200);
  expect(statusesOf(first)).toEqual(items.map(() => 201));
  await expectReplayed("/transactions/batch", { items }, key, first);
  expect(await balanceOf(to.walletId)).toBe(100);
});

test("a hundred items as long as a body may be", { timeout: 30_000 }, async () => {
  const { walletId } = await openUser();
  const metadata = Object.fromEntries(
    Array.from({ length: 19 }, (_, index) => [String(index), "v".repeat(500)]),
  );
  const items = Array.from({ length: 100 }, () =>
    item("funding", newFunding(walletId, 1, { metadata })),
  );
  expect(JSON.stringify({ items }).length).toBeGreaterThan(970_000);
  const answer = await batch(items);
  expect(answer.status).toBe(200);
  expect(resultsOf(answer).map(({ body }) => body["metadata"])).toEqual(items.map(() => metadata));
});

test("a default is resolved once, and white space and the order of fields do not matter", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const key = newKey();
  const first = await batch([item("transfer", newTransfer(from.walletId, to.walletId, 1))], key);
  const text =
    `{ "items": [ { "amount": 1, "toWalletId": "${to.walletId}",\n "fromWalletId": ` +
    `"${from.userId}", "operation": "transfer" } ] }`;
  const again = await post("/transactions/batch", text, key);
  expect([again.status, again.text]).toEqual([200, first.text]);
});
