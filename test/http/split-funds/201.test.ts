// Guarantee: a split moves each of its postings, in one transaction: every account shows all of its
// own lines and is posted as a whole before the answer.
import { describe, expect, test } from "vitest";
import { get, post } from "../../support/http.ts";
import {
  fund,
  newFunding,
  posting,
  split,
  transfer,
  newTransfer,
} from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { expectReplayed, setFrozen } from "../../support/recorded.ts";

const amountMax = 2 ** 53 - 1;

/** Every character of a quoted text as its escape. */
function escapedText(quoted: string): string {
  const units = Array.from({ length: quoted.length - 2 }, (_, index) =>
    quoted
      .charCodeAt(index + 1)
      .toString(16)
      .padStart(4, "0"),
  );
  return `"${units.map((unit) => `\\u${unit}`).join("")}"`;
}

const line = (account: string, direction: string, amount: number, currency: string) => ({
  account,
  direction,
  amount,
  currency,
});

describe("one payer and several receivers", () => {
  test("answers the postings, two legs for each, and where to read it", async () => {
    const [from, to, fee] = await Promise.all([openFunded(1_000), openUser(), openUser()]);
    const texts = { description: "Order 7", metadata: { order: "7" } };
    const postings = [
      posting(from.walletId, to.walletId, 900, "USD"),
      posting(from.userId, fee.userId, 60),
    ];
    const answer = await split({ postings, ...texts });
    expect(answer.status).toBe(201);
    const { id, createdAt, ...rest } = answer.body;
    expect(rest).toEqual({
      type: "split",
      status: "committed",
      postings: [
        posting(from.walletId, to.walletId, 900, "USD"),
        posting(from.walletId, fee.walletId, 60, "USD"),
      ],
      ...texts,
      legs: [
        line(from.walletId, "debit", 900, "USD"),
        line(to.walletId, "credit", 900, "USD"),
        line(from.walletId, "debit", 60, "USD"),
        line(fee.walletId, "credit", 60, "USD"),
      ],
    });
    expect(Object.keys(answer.body)).toEqual([
      "id",
      "type",
      "status",
      "postings",
      "description",
      "metadata",
      "legs",
      "createdAt",
    ]);
    expect(id).toMatch(/^txn_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(Math.abs(Date.parse(String(createdAt)) - Date.now())).toBeLessThan(60_000);
    expect(answer.headers.get("location")).toBe(`/transactions/${String(id)}`);
    const read = await get(`/transactions/${String(id)}`);
    expect(read.body).toMatchObject(answer.body);
    const balances = [from, to, fee].map(({ walletId }) => balanceOf(walletId));
    expect(await Promise.all(balances)).toEqual([40, 900, 60]);
  });

  test("each wallet shows its own lines, debits first", async () => {
    const [from, to] = await Promise.all([openFunded(100), openUser()]);
    await fund(newFunding(to.walletId, 9, { currency: "EUR" }));
    const postings = [
      posting(from.walletId, to.walletId, 10, "USD"),
      posting(to.walletId, from.walletId, 4, "EUR"),
      posting(from.walletId, to.walletId, 20, "USD"),
    ];
    const { body } = await split({ postings });
    const transactionId = String(body["id"]);
    const entry = (direction: string, amount: number, currency: string, balanceAfter: number) => ({
      transactionId,
      type: "split",
      direction,
      amount,
      currency,
      balanceAfter,
      counterparty: to.walletId,
    });
    const history = await get(`/transactions?walletId=${from.walletId}&type=split`);
    expect(history.body["data"]).toMatchObject([
      { ...entry("credit", 4, "EUR", 4), sequence: 4 },
      { ...entry("debit", 20, "USD", 70), sequence: 3 },
      { ...entry("debit", 10, "USD", 90), sequence: 2 },
    ]);
    expect(await balanceOf(to.walletId)).toBe(30);
  });

  test("pages of a history may end between its lines, and skip or repeat none", async () => {
    const [from, to] = await Promise.all([openFunded(100), openUser()]);
    const amounts = [1, 2, 3, 4, 5];
    await split({ postings: amounts.map((amount) => posting(from.walletId, to.walletId, amount)) });
    const seen: unknown[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const next = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await get(`/transactions?walletId=${to.walletId}&limit=2${next}`);
      const page = body as { readonly data: readonly unknown[]; nextCursor: string | null };
      seen.push(...page.data);
      cursor = page.nextCursor;
    }
    expect(seen).toMatchObject([
      { amount: 5, balanceAfter: 15 },
      { amount: 4, balanceAfter: 10 },
      { amount: 3, balanceAfter: 6 },
      { amount: 2, balanceAfter: 3 },
      { amount: 1, balanceAfter: 1 },
    ]);
  });

  test("all of the balance, in as many postings as there may be, and it is spent at once", async () => {
    const [from, to] = await Promise.all([openFunded(20), openUser()]);
    const postings = Array.from({ length: 20 }, () => posting(from.walletId, to.walletId, 1));
    expect((await split({ postings })).status).toBe(201);
    expect((await transfer(newTransfer(to.walletId, from.walletId, 20))).status).toBe(201);
    expect(await balanceOf(from.walletId)).toBe(20);
  });

  test("among as many wallets as there may be", async () => {
    const from = await openFunded(9);
    const others = await Promise.all(Array.from({ length: 9 }, () => openUser()));
    const postings = others.map(({ walletId }) => posting(from.walletId, walletId, 1));
    expect((await split({ postings })).status).toBe(201);
    const balances = await Promise.all(others.map(({ walletId }) => balanceOf(walletId)));
    expect(balances).toEqual(others.map(() => 1));
  });

  test("the greatest amount, unrounded", async () => {
    const [from, other, to] = await Promise.all([
      openFunded(amountMax - 1),
      openFunded(1),
      openUser(),
    ]);
    const postings = [
      posting(from.walletId, to.walletId, amountMax - 1),
      posting(other.walletId, to.walletId, 1),
    ];
    expect((await split({ postings })).status).toBe(201);
    expect((await get(`/wallets/${to.walletId}/balance`)).text).toContain(
      `"balance":${amountMax},`,
    );
  });
});

test("a body as long as its fields, all of it escaped", async () => {
  const { walletId } = await openUser();
  const share = Math.floor(amountMax / 20);
  const metadata = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => [String(index).padStart(40, "k"), "v".repeat(500)]),
  );
  const sent = {
    postings: Array.from({ length: 20 }, () => posting("external", walletId, share, "USD")),
    paymentReference: `${"\u{1f600}".repeat(160)} ${newKey()}`,
    provider: "p".repeat(32),
    description: "\u{1f600}".repeat(500),
    metadata,
  };
  const escaped = JSON.stringify(sent).replaceAll(/"[^"]*"/g, escapedText);
  expect(escaped.length).toBeGreaterThan(79 * 1024);
  const answer = await post("/transactions", escaped);
  expect([answer.status, answer.body["metadata"]]).toEqual([201, metadata]);
  expect(await balanceOf(walletId)).toBe(20 * share);
});

describe("a payout", () => {
  test("may leave several wallets at once, beside what stays inside", async () => {
    const [seller, shop, platform] = [
      await openFunded(100),
      await openFunded(50),
      await openUser(),
    ];
    const payoutReference = newKey();
    const postings = [
      posting(seller.walletId, "external", 90, "USD"),
      posting(seller.walletId, platform.walletId, 10, "USD"),
      posting(shop.walletId, "external", 50, "USD"),
    ];
    const { status, body } = await split({ postings, payoutReference });
    expect(status).toBe(201);
    expect(body).toMatchObject({ postings, payoutReference, provider: "default" });
    expect(Object.keys(body)).not.toContain("paymentReference");
    expect(body["legs"]).toContainEqual(line("external:default", "credit", 90, "USD"));
    expect(body["legs"]).toContainEqual(line("external:default", "credit", 50, "USD"));
    const balances = [seller, shop, platform].map(({ walletId }) => balanceOf(walletId));
    expect(await Promise.all(balances)).toEqual([0, 0, 10]);
    const { body: history } = await get(`/transactions?walletId=${shop.walletId}&limit=1`);
    expect(history["data"]).toMatchObject([{ payoutReference, counterparty: "external:default" }]);
  });
});

describe("a payment from outside", () => {
  test("is shared, with what a wallet adds; provider and currency have defaults", async () => {
    const [payer, shop, platform] = await Promise.all([openFunded(50), openUser(), openUser()]);
    const paymentReference = newKey();
    const postings = [
      posting("external", shop.userId, 450),
      posting(payer.walletId, shop.walletId, 50),
      posting("external", platform.walletId, 25),
    ];
    const { status, body } = await split({ postings, paymentReference });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      postings: [
        posting("external", shop.walletId, 450, "USD"),
        posting(payer.walletId, shop.walletId, 50, "USD"),
        posting("external", platform.walletId, 25, "USD"),
      ],
      paymentReference,
      provider: "default",
      legs: [
        line("external:default", "debit", 450, "USD"),
        line(shop.walletId, "credit", 450, "USD"),
        line(payer.walletId, "debit", 50, "USD"),
        line(shop.walletId, "credit", 50, "USD"),
        line("external:default", "debit", 25, "USD"),
        line(platform.walletId, "credit", 25, "USD"),
      ],
    });
    const balances = [payer, shop, platform].map(({ walletId }) => balanceOf(walletId));
    expect(await Promise.all(balances)).toEqual([0, 500, 25]);
    const history = await get(`/transactions?walletId=${shop.walletId}`);
    expect(history.body["data"]).toMatchObject([
      { amount: 50, counterparty: payer.walletId, paymentReference, provider: "default" },
      { amount: 450, counterparty: "external:default", paymentReference, provider: "default" },
    ]);
  });

  test("in two currencies at once", async () => {
    const { walletId } = await openUser();
    const postings = [posting("external", walletId, 5, "EUR"), posting("external", walletId, 7)];
    const sent = { postings, paymentReference: newKey(), provider: "bank" };
    expect((await split(sent)).status).toBe(201);
    const { body } = await get(`/wallets/${walletId}/balance`);
    expect(body["balances"]).toMatchObject([
      { currency: "EUR", balance: 5 },
      { currency: "USD", balance: 7 },
    ]);
  });
});

test("a replay is the same bytes, and another order of postings is another request", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const [one, other] = [
    posting(from.walletId, to.walletId, 1),
    posting(from.walletId, to.walletId, 2),
  ];
  const key = newKey();
  const first = await split({ postings: [one, other] }, key);
  await expectReplayed("/transactions", { postings: [one, other] }, key, first);
  const owners = { postings: [{ ...one, from: from.userId }, other] };
  expect((await split(owners, key)).text).toBe(first.text);
  for (const postings of [[other, one], [one], [one, { ...other, currency: "USD" }]]) {
    expect((await split({ postings }, key)).body["code"]).toBe("idempotency_key_reused");
  }
  expect(await balanceOf(from.walletId)).toBe(7);
});

test("a frozen wallet still takes money", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  await setFrozen(to.walletId, true);
  const postings = [posting(from.walletId, to.walletId, 10)];
  expect((await split({ postings })).status).toBe(201);
});
