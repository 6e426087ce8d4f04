// Guarantee: with `include=entries` a transaction shows where its posted legs stand in the caller's
// own wallets and what they left there, as the history has it, at any age; never in a wallet of
// another, and never as absent what could not be asked. Without it, and in every answer to a POST,
// not a byte is different.
import { describe, expect, test } from "vitest";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import { bootstrapFor, ClosedService, tokenFor, tokenSettings } from "../../support/closed.ts";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { expectProblem, get, post } from "../../support/http.ts";
import {
  authorize,
  fund,
  newFunding,
  newTransfer,
  posting,
  split,
  transfer,
} from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { sidesOf } from "../../support/legs.ts";
import * as ledger from "../../support/ledger.ts";
import { recordTransaction } from "../../support/log-rows.ts";

const network = useFaultyNetwork();
const root = bootstrapFor("main");
const service = new ClosedService({ BOOTSTRAP_KEY: root.setting, ...tokenSettings });

type Legs = readonly Record<string, unknown>[];

const withEntries = (id: unknown) => get(`/transactions/${String(id)}?include=entries`);
const legsOf = ({ body }: { body: Record<string, unknown> }) => body["legs"] as Legs;
const placesIn = (legs: Legs) => legs.map(({ sequence, balanceAfter }) => [sequence, balanceAfter]);
const none = [undefined, undefined];

/** As the history of a wallet has the entries of a transaction, the first one first. */
async function inHistory(walletId: string, id: unknown) {
  const { body } = await get(`/transactions?walletId=${walletId}`);
  const own = (body["data"] as Legs).filter((entry) => entry["transactionId"] === id);
  return placesIn(own.toReversed());
}

describe("a back end", () => {
  test("sees both wallets of a transfer, byte for byte, also when the ledgers have gone on", async () => {
    const [from, to] = await Promise.all([openFunded(100), openFunded(5)]);
    const [sent, key] = [newTransfer(from.walletId, to.walletId, 40), newKey()];
    const answer = await transfer(sent, key);
    const path = `/transactions/${String(answer.body["id"])}`;
    const { text } = await get(`${path}?include=entries`);
    const amount = `"amount":40,"currency":"USD"`;
    expect(text).toContain(
      `"legs":[{"account":"${from.walletId}","direction":"debit",${amount},"sequence":2,"balanceAfter":60},` +
        `{"account":"${to.walletId}","direction":"credit",${amount},"sequence":2,"balanceAfter":45}],"createdAt"`,
    );
    for (let count = 0; count < 3; count++) await fund(newFunding(from.walletId, 7));
    expect((await get(`${path}?include=entries`)).text).toBe(text);
    expect((await get(path)).text).not.toContain("balanceAfter");
    expect((await transfer(sent, key)).text).toBe(answer.text);
  });

  test("sees the wallet of a funding, and nothing of the outside world", async () => {
    const { walletId } = await openUser();
    const { body } = await fund(newFunding(walletId, 5));
    expect(placesIn(legsOf(await withEntries(body["id"])))).toEqual([none, [1, 5]]);
  });

  test("sees every line of a wallet that has several, as its history does", async () => {
    const [one, two] = await Promise.all([openFunded(100), openUser()]);
    const id = await authorize(one.walletId, two.walletId, 40);
    expect(placesIn(legsOf(await withEntries(id)))).toEqual([
      [2, 60],
      [3, 40],
    ]);
    const captured = await post(`/transactions/${id}/capture`, { amount: 30 });
    const legs = legsOf(await withEntries(captured.body["id"]));
    const own = legs.filter(({ account }) => account === one.walletId);
    const history = await inHistory(one.walletId, captured.body["id"]);
    expect(placesIn(own).map(String).toSorted()).toEqual(history.map(String).toSorted());
    const [reserved] = own.filter(({ bucket }) => bucket === "reserved");
    expect(reserved).toMatchObject({ direction: "debit", sequence: 4, balanceAfter: 0 });
    const postings = [
      posting(one.walletId, two.walletId, 3),
      posting(one.walletId, two.walletId, 2),
    ];
    const { body } = await split({ postings });
    expect(placesIn(legsOf(await withEntries(body["id"])))).toEqual([
      [6, 67],
      [2, 33],
      [7, 65],
      [3, 35],
    ]);
  });
});

test("entries are in the order of their postings, legs in that of the request", async () => {
  const [one, two] = await Promise.all([openFunded(100), openUser()]);
  await fund(newFunding(two.walletId, 9, { currency: "EUR" }));
  const postings = [
    posting(two.walletId, one.walletId, 4, "EUR"),
    posting(one.walletId, two.walletId, 3, "USD"),
  ];
  const { body } = await split({ postings });
  // Debits are posted first.
  expect(placesIn(legsOf(await withEntries(body["id"])))).toEqual([
    [2, 5],
    [3, 4],
    [2, 97],
    [3, 3],
  ]);
});

describe("what is not posted", () => {
  const unposted: Readonly<Record<string, (submitted: Submission) => Promise<void>>> = {
    "is undecided": (submitted) => recordTransaction(submitted),
    "is committed, and its accounts have yet to hear of it": async (submitted) => {
      for (const side of sidesOf(submitted)) await side.hold();
      await recordTransaction(submitted, { state: "committed" });
    },
  };
  test.each(Object.entries(unposted))("shows none: it %s", async (_case, prepare) => {
    const [from, to] = await Promise.all([openFunded(100), openUser()]);
    const submitted = ledger.submission(ledger.transfer(from.walletId, to.walletId, 5));
    await prepare(submitted);
    expect(placesIn(legsOf(await withEntries(submitted.id)))).toEqual([none, none]);
  });

  test("shows none: it was refused", async () => {
    const [from, to] = await Promise.all([openUser(), openUser()]);
    const refused = await transfer(newTransfer(from.walletId, to.walletId, 5));
    const read = await get(`${String(refused.body["instance"])}?include=entries`);
    expect(placesIn(legsOf(read))).toEqual([none, none]);
  });
});

test("a user sees those of the user's own wallet, never the other's", async () => {
  const [from, to] = await Promise.all([openFunded(100), openUser()]);
  const { body } = await transfer(newTransfer(from.walletId, to.walletId, 40));
  const path = `/transactions/${String(body["id"])}?include=entries`;
  const readAs = async (userId: string) =>
    placesIn(legsOf(await service.send("GET", path, await tokenFor(userId))));
  expect(await readAs(from.userId)).toEqual([[2, 60], none]);
  expect(await readAs(to.userId)).toEqual([none, [1, 40]]);
  expectProblem(
    await service.send("GET", path, await tokenFor((await openUser()).userId)),
    404,
    "not_found",
  );
});

test("a wallet that does not answer is a 503, and no transaction without entries", async () => {
  const [from, to] = await Promise.all([openFunded(100), openUser()]);
  const { body } = await transfer(newTransfer(from.walletId, to.walletId, 40));
  network.next("readEntries", "overloaded");
  const answer = await withEntries(body["id"]);
  expectProblem(answer, 503, "overloaded");
  expect((await withEntries(body["id"])).status).toBe(200);
});

test.each(["include=legs", "include=", "include=entries&include=entries", "entries=true"])(
  "no other query: %s",
  async (query) => {
    const { walletId } = await openUser();
    const { body } = await fund(newFunding(walletId, 5));
    const answer = await get(`/transactions/${String(body["id"])}?${query}`);
    expectProblem(answer, 400, "validation_failed");
  },
);
