// Guarantee: a split that can be no transaction moves nothing, records nothing and leaves its key
// free; the answer names the posting.
import { describe, expect, test } from "vitest";
import { expectNoTrace } from "../../support/bad-requests.ts";
import {
  testBadKeys,
  testInvalidFields,
  testMalformedBodies,
  type BadWrites,
} from "../../support/bad-writes.ts";
import { expectProblem, pathsOf } from "../../support/http.ts";
import { posting, split } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

const [from, to, third] = await Promise.all([openFunded(1_000), openUser(), openUser()]);
const [a, b, c] = [from.walletId, to.walletId, third.walletId] as const;
const valid = { postings: [posting(a, b, 1)] };
const amountMax = 2 ** 53 - 1;
const unknown = Array.from({ length: 11 }, (_, index) => `wal_${String(index).padStart(26, "0")}`);

async function expectNothing(key: string): Promise<void> {
  await expectNoTrace(key);
  const balances = await Promise.all([a, b, c].map((walletId) => balanceOf(walletId)));
  expect(balances).toEqual([1_000, 0, 0]);
}

const writes: BadWrites = {
  path: "/transactions",
  valid,
  withAmount: (amount) => JSON.stringify(valid).replace(":1}]", `:${amount}}]`),
  amountPath: "postings.0.amount",
  expectNothing,
};

describe("malformed_json", () => {
  testMalformedBodies(writes);
});

describe("validation_failed", () => {
  const first = posting(a, b, 1);
  testInvalidFields(writes, [
    ["no postings", { postings: undefined }, ["postings"]],
    ["no posting", { postings: [] }, ["postings"]],
    ["21 postings", { postings: Array.from({ length: 21 }, () => first) }, ["postings"]],
    ["a posting alone", { postings: first }, ["postings"]],
    ["null for a posting", { postings: [first, null] }, ["postings.1"]],
    ["no sender", { postings: [first, { ...first, from: undefined }] }, ["postings.1.from"]],
    ["no receiver", { postings: [{ ...first, to: undefined }] }, ["postings.0.to"]],
    ["no amount", { postings: [first, { ...first, amount: undefined }] }, ["postings.1.amount"]],
    ["a currency in lower case", { postings: [posting(a, b, 1, "usd")] }, ["postings.0.currency"]],
    [
      "a field of the transfer",
      { postings: [{ ...first, toWalletId: b }] },
      ["postings.0.toWalletId"],
    ],
    ["an amount for all", { amount: 1 }, ["amount"]],
    ["a currency for all", { currency: "USD" }, ["currency"]],
    [
      "money to outside without its payout",
      { postings: [first, posting(a, "external", 1)] },
      ["payoutReference"],
    ],
    [
      "money to outside with a payment",
      { postings: [posting(a, "external", 1)], paymentReference: "r" },
      ["paymentReference", "payoutReference"],
    ],
    ["a payout that takes nothing", { payoutReference: "r" }, ["payoutReference"]],
    [
      "the outside world on both sides, in any currency",
      {
        postings: [posting("external", b, 1, "EUR"), posting(a, "external", 1, "USD")],
        paymentReference: "r",
        payoutReference: "r",
      },
      ["postings.1"],
    ],
    ["the account of the outside world", { provider: "external:default" }, ["provider"]],
    [
      "money from outside without its payment",
      { postings: [first, posting("external", b, 1)] },
      ["paymentReference"],
    ],
    ["a payment that brings nothing", { paymentReference: "r" }, ["paymentReference"]],
    ["a provider of nothing", { provider: "bank" }, ["provider"]],
    [
      "an empty reference",
      { postings: [posting("external", b, 1)], paymentReference: "" },
      ["paymentReference"],
    ],
    ["a wallet that pays on", { postings: [first, posting(b, c, 1)] }, ["postings.1"]],
    [
      "a wallet that gives change",
      { postings: [first, posting(c, b, 1), posting(b, a, 1)] },
      ["postings.2"],
    ],
    [
      "a wallet that pays on, named as its owner",
      { postings: [first, posting(to.userId, c, 1)] },
      ["postings.1"],
    ],
    [
      "a wallet that may pay on in the default currency",
      { postings: [posting(a, b, 1, "EUR"), posting(b, c, 1)] },
      ["postings.1"],
    ],
    [
      "more than a wallet can take",
      { postings: [posting(a, b, amountMax), posting(c, b, 1)] },
      ["postings.1"],
    ],
    [
      "more than a payment can bring",
      {
        postings: [posting("external", b, amountMax), posting("external", c, 1)],
        paymentReference: "r",
      },
      ["postings.1"],
    ],
    [
      "eleven wallets",
      { postings: unknown.slice(1).map((id) => posting(a, id, 1)) },
      ["postings.9"],
    ],
    [
      "flaws behind impossible wallets",
      { postings: [posting("wal_1", b, 1), posting(b, "wal_1", 1)] },
      ["postings.1"],
    ],
  ]);

  test("before the same wallet on both sides, which counts for nothing else", async () => {
    const key = newKey();
    const postings = [posting(c, c, 1), first, posting(c, c, 1), posting(b, c, 1)];
    const answer = await split({ postings }, key);
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer)).toEqual(["postings.3"]);
    await expectNothing(key);
  });
});

testBadKeys(writes);
