// Guarantee: a funding credits the wallet with exactly the amount, debits the outside world with
// the same, and is answered only after both have posted.
import { describe, expect, test } from "vitest";
import { get, post } from "../../support/http.ts";
import { fund, newFunding } from "../../support/http-ledger.ts";
import { balanceOf, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

const amountMax = 2 ** 53 - 1;

test("answers the transaction, its legs, and where to read it", async () => {
  const { walletId } = await openUser();
  const details = { provider: "stripe", description: "Top-up", metadata: { order: "A-1" } };
  const sent = newFunding(walletId, 1_000, { currency: "EUR", ...details });
  const answer = await fund(sent);
  expect(answer.status).toBe(201);
  const { id, createdAt, ...rest } = answer.body;
  expect(rest).toEqual({
    ...sent,
    type: "funding",
    status: "committed",
    legs: [
      { account: "external:stripe", direction: "debit", amount: 1_000, currency: "EUR" },
      { account: walletId, direction: "credit", amount: 1_000, currency: "EUR" },
    ],
  });
  expect(id).toMatch(/^txn_[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(Math.abs(Date.parse(String(createdAt)) - Date.now())).toBeLessThan(60_000);
  expect(answer.headers.get("location")).toBe(`/transactions/${String(id)}`);
  expect(answer.headers.has("idempotent-replayed")).toBe(false);
});

test("currency and provider have defaults, description and metadata have none", async () => {
  const { walletId } = await openUser();
  const { body } = await fund(newFunding(walletId, 1));
  expect(body).toMatchObject({ currency: "USD", provider: "default" });
  expect(Object.keys(body)).not.toContain("description");
  expect(Object.keys(body)).not.toContain("metadata");
});

test("the next read sees the money", async () => {
  const { walletId, userId } = await openUser();
  await fund(newFunding(walletId, 700));
  expect(await balanceOf(walletId)).toBe(700);
  await fund(newFunding(userId, 300));
  expect(await balanceOf(userId)).toBe(1_000);
});

test("the owner's id names the wallet", async () => {
  const { userId, walletId } = await openUser();
  expect((await fund(newFunding(userId, 1))).body["walletId"]).toBe(walletId);
});

test("a wallet takes the greatest amount, unrounded", async () => {
  const { walletId } = await openUser();
  const body = `{"walletId":"${walletId}","amount":9007199254740991,"paymentReference":"${newKey()}"}`;
  const answer = await post("/transactions/fund", body);
  expect(answer.status).toBe(201);
  expect(answer.text).toContain('"amount":9007199254740991,');
  expect((await get(`/wallets/${walletId}/balance`)).text).toContain('"balance":9007199254740991');
});

test("the greatest amount of each currency fits into one wallet", async () => {
  const { walletId } = await openUser();
  for (const currency of ["EUR", "JPY", "KWD"]) {
    const { status } = await fund(newFunding(walletId, amountMax, { currency }));
    expect(status).toBe(201);
  }
  const { body } = await get(`/wallets/${walletId}/balance`);
  expect(body["balances"]).toMatchObject([
    { currency: "EUR", balance: amountMax },
    { currency: "JPY", balance: amountMax },
    { currency: "KWD", balance: amountMax },
  ]);
});

describe("the same reference", () => {
  test("of another provider is another payment", async () => {
    const { walletId } = await openUser();
    const sent = newFunding(walletId, 5);
    for (const provider of ["a", "b", "default"]) {
      expect((await fund({ ...sent, provider })).status).toBe(201);
    }
    expect(await balanceOf(walletId)).toBe(15);
  });

  test("is compared byte by byte", async () => {
    const { walletId } = await openUser();
    const { paymentReference } = newFunding(walletId, 5);
    for (const reference of [`A${paymentReference}`, `a${paymentReference}`]) {
      const sent = { walletId, amount: 5, paymentReference: reference };
      expect((await fund(sent)).status).toBe(201);
    }
  });

  test("may be used after a funding that was refused", async () => {
    const { walletId } = await openUser();
    await fund(newFunding(walletId, amountMax));
    const refused = newFunding(walletId, 1);
    expect((await fund(refused)).body["code"]).toBe("balance_limit_exceeded");
    const other = await openUser();
    expect((await fund({ ...refused, walletId: other.walletId })).status).toBe(201);
  });
});

test.each([
  ["every kind of character that one may always have had", "aZ09._:/-"],
  ["what SEPA allows", "RF18 5390 0754 (7034), a?b'c+d:e. f/g-h"],
  ["base64", "q83vEjRWeJA+/w=="],
  ["all of ASCII that is visible", "!\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~"],
  [
    "letters and marks of any script",
    "M\u00fcller \u0416\u0438\u0432\u0430 e\u0301 \u4ed8\u6b3e \u0928\u093f",
  ],
  ["numbers and symbols", "\u0664\u00bd\u2167 \u20ac\u00b1\u2122 \u{1f600}"],
  ["spaces inside, as many as there are", "a  b   c"],
  ["one character", ""],
  ["200 characters", "r".repeat(192)],
  ["200 characters beyond the basic plane", "\u{1f600}".repeat(192)],
])("a reference may have %s, and is kept as it is", async (_, start) => {
  const { walletId } = await openUser();
  const paymentReference = `${start}${newKey().slice(0, 8)}`;
  const sent = newFunding(walletId, 1, { paymentReference });
  const { status, body } = await fund(sent);
  expect([status, body["paymentReference"]]).toEqual([201, paymentReference]);
  const history = (await get(`/transactions?walletId=${walletId}`)).body["data"];
  expect(history).toMatchObject([{ paymentReference, transactionId: body["id"] }]);
  const again = await fund(sent);
  expect([again.status, again.body["transactionId"]]).toEqual([409, body["id"]]);
});

test("references that look the same, or are after trimming or stripping, are not the same", async () => {
  const { walletId } = await openUser();
  const unique = newKey();
  const references = ["\u00e9", "e\u0301", "E\u0301", "a b", "a  b", "ab", "a+b", "a=b", "\uff41b"];
  for (const reference of references) {
    const sent = newFunding(walletId, 1, { paymentReference: `${reference} ${unique}` });
    expect((await fund(sent)).body).toMatchObject({ paymentReference: sent.paymentReference });
  }
  expect(await balanceOf(walletId)).toBe(references.length);
});
