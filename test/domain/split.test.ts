// Guarantee: a split is all of its postings or none, what it can be does not depend on a setting,
// and its stored shape and its fingerprint are frozen.
import { describe, expect, test } from "vitest";
import { fingerprintRequest } from "../../src/domain/fingerprint.ts";
import { amountMax, splitPostingsMax, splitWalletsMax } from "../../src/domain/limits.ts";
import { isStoredRequest } from "../../src/domain/operations/all.ts";
import {
  flawOfPostings,
  split,
  type SentPosting,
  type SentSplit,
} from "../../src/domain/operations/split.ts";
import { legsOf, linesOf, submissionOf } from "../../src/domain/protocol/transaction.ts";

const [ada, ben, cy] = ["A", "B", "C"].map((digit) => `wal_${digit.repeat(26)}`) as [
  string,
  string,
  string,
];

const sent: SentSplit = {
  type: "split",
  postings: [
    { from: ada, to: ben, amount: 30, currency: "EUR" },
    { from: "external", to: cy, amount: 5 },
    { from: ada, to: cy, amount: 7 },
    { from: ada, to: cy, amount: 2, currency: "EUR" },
  ],
  paymentReference: "pay-1",
};

function submitted(request: SentSplit) {
  const submission = submissionOf("main", "key", request, "USD");
  return { ...submission, lines: linesOf(submission.request) };
}

describe("what a split moves", () => {
  test("is two lines for each posting, in order", () => {
    const shown = linesOf(submitted(sent).request).map(
      ({ account, direction, amount, currency, counterparty, bucket }) =>
        [account, direction, amount, currency, counterparty, bucket] as const,
    );
    const outside = "external:default";
    expect(shown).toEqual([
      [ada, "debit", 30, "EUR", ben, "available"],
      [ben, "credit", 30, "EUR", ada, "available"],
      [outside, "debit", 5, "USD", cy, "available"],
      [cy, "credit", 5, "USD", outside, "available"],
      [ada, "debit", 7, "USD", cy, "available"],
      [cy, "credit", 7, "USD", ada, "available"],
      [ada, "debit", 2, "EUR", cy, "available"],
      [cy, "credit", 2, "EUR", ada, "available"],
    ]);
  });

  test("is one leg for each account, with the payment claimed outside", () => {
    const legs = legsOf(submitted({ ...sent, provider: "bank" }));
    expect(legs.map(({ account, posting }) => [account, posting.lines.length])).toEqual([
      [ada, 3],
      [ben, 1],
      ["external:bank", 1],
      [cy, 3],
    ]);
    for (const { account, posting } of legs) {
      const outside = account === "external:bank";
      const claim = {
        key: "payment:bank:pay-1",
        amount: 1,
        refusal: "duplicate_payment_reference",
      };
      expect(posting.claims).toEqual(outside ? [claim] : []);
      expect(posting).toMatchObject({ provider: "bank", paymentReference: "pay-1" });
    }
  });

  test("to outside claims its payout there, and takes no other provider's", () => {
    const leaving: SentSplit = {
      type: "split",
      postings: [
        { from: ada, to: "external", amount: 5 },
        { from: ada, to: ben, amount: 1 },
      ],
      payoutReference: "out-1",
    };
    const submission = submitted(leaving);
    expect(submission.request).toMatchObject({ provider: "default", payoutReference: "out-1" });
    const [payer, outside] = legsOf(submission);
    expect(payer?.posting).toMatchObject({ claims: [], payoutReference: "out-1" });
    expect(outside).toMatchObject({
      account: "external:default",
      posting: {
        lines: [{ direction: "credit", amount: 5, counterparty: ada }],
        claims: [{ key: "payout:default:out-1", amount: 1, refusal: "duplicate_payout_reference" }],
      },
    });
  });

  test("claims nothing where no money comes from outside", () => {
    const inside: SentSplit = { type: "split", postings: [{ from: ada, to: ben, amount: 1 }] };
    const submission = submitted(inside);
    expect(submission.request).not.toHaveProperty("provider");
    expect(legsOf(submission).flatMap(({ posting }) => posting.claims)).toEqual([]);
  });

  test.each<[string, Partial<SentSplit>]>([
    ["a payment that brings nothing", { postings: [{ from: ada, to: ben, amount: 1 }] }],
    ["a wallet on both sides", { postings: [{ from: ada, to: ada, amount: 1 }] }],
    ["no posting", { postings: [] }],
    ["a payout that takes nothing", { payoutReference: "out-1" }],
    [
      "the outside world on both sides",
      {
        postings: [
          { from: "external", to: ben, amount: 1, currency: "EUR" },
          { from: ada, to: "external", amount: 1 },
        ],
        payoutReference: "out-1",
      },
    ],
  ])("is nothing with %s", (_, change) => {
    expect(() => submitted({ ...sent, ...change })).toThrow(/split|transaction/);
  });

  test("is nothing with money from outside that no payment brings", () => {
    const { paymentReference: _, ...without } = sent;
    expect(() => submitted(without)).toThrow("a split names a payment");
  });
});

describe("the first posting with a flaw", () => {
  const posting = (from: string, to: string, amount: number, currency?: string): SentPosting => ({
    from,
    to,
    amount,
    ...(currency !== undefined && { currency }),
  });
  const wallet = (index: number) => `wal_${String(index).padStart(26, "0")}`;
  const payTo = (index: number) => posting(ada, wallet(index), 1);
  const count = (length: number) => Array.from({ length }, (_, index) => index);

  test.each<[string, readonly SentPosting[], ReturnType<typeof flawOfPostings>]>([
    [
      "pays on",
      [posting(ada, ben, 1), posting(ada, cy, 1), posting(cy, ben, 1), posting(ben, ada, 1)],
      { index: 2, flaw: "both_directions" },
    ],
    [
      "pays on in the default currency, or what might be it",
      [posting(ada, ben, 1, "EUR"), posting(ben, cy, 1)],
      { index: 1, flaw: "both_directions" },
    ],
    [
      "pays on in another currency",
      [posting(ada, ben, 1, "EUR"), posting(ben, cy, 1, "USD")],
      undefined,
    ],
    [
      "takes more than an amount",
      [posting(ada, ben, amountMax), posting(cy, ben, 1), posting(cy, ben, 1)],
      { index: 1, flaw: "sum_out_of_range" },
    ],
    [
      "brings more than an amount",
      [posting("external", ben, amountMax), posting("external", cy, 1)],
      { index: 1, flaw: "sum_out_of_range" },
    ],
    [
      "takes as much as an amount",
      [posting(ada, ben, amountMax - 1), posting(cy, ben, 1)],
      undefined,
    ],
    [
      "names one wallet too many",
      count(splitWalletsMax + 1).map(payTo),
      { index: splitWalletsMax - 1, flaw: "too_many_wallets" },
    ],
    ["names as many as it may", count(splitWalletsMax - 1).map(payTo), undefined],
    [
      "is from outside, which is no wallet",
      [...count(splitWalletsMax - 1).map(payTo), posting("external", wallet(0), 1)],
      undefined,
    ],
    ["is one of many alike", count(splitPostingsMax).map(() => posting(ada, ben, 1)), undefined],
  ])("%s", (_, postings, flaw) => {
    expect(flawOfPostings(postings)).toEqual(flaw);
  });
});

describe("the stored shape", () => {
  test("is the request with its defaults", () => {
    const { request } = submitted(sent);
    expect(request).toEqual({
      ...sent,
      postings: sent.postings.map((posting) => ({ currency: "USD", ...posting })),
      provider: "default",
    });
    expect(isStoredRequest(request)).toBe(true);
  });

  test.each<[string, unknown]>([
    ["no posting", []],
    ["a posting without a receiver", [{ from: ada, amount: 1, currency: "USD" }]],
    ["a posting without a currency", [{ from: ada, to: ben, amount: 1 }]],
    ["a posting of nothing", [{ from: ada, to: ben, amount: 0, currency: "USD" }]],
    ["one that is no posting", [{ from: ada, to: ben, amount: 1, currency: "USD" }, null]],
  ])("is refused with %s", (_, postings) => {
    expect(isStoredRequest({ ...submitted(sent).request, postings })).toBe(false);
  });
});

describe("the fingerprint", () => {
  test("is frozen", () => {
    expect(fingerprintRequest(sent)).toMatchInlineSnapshot(
      `"fp1:26d4b5b8bc1f5057157f4bed80e1b995409dd31f50ae40e6d61dea7d2b51323e"`,
    );
  });

  test("covers each posting as it was sent, in order, and the payment", () => {
    const [first, second, ...rest] = sent.postings as [SentPosting, SentPosting, SentPosting];
    const others: readonly SentSplit[] = [
      { ...sent, postings: [second, first, ...rest] },
      { ...sent, postings: [first, second] },
      { ...sent, postings: [first, { ...second, currency: "USD" }, ...rest] },
      { ...sent, postings: [{ ...first, from: cy }, second, ...rest] },
      { ...sent, postings: [{ ...first, to: cy }, second, ...rest] },
      { ...sent, postings: [{ ...first, amount: 31 }, second, ...rest] },
      { ...sent, paymentReference: "pay-2" },
      { ...sent, payoutReference: "pay-1", postings: [{ from: ada, to: "external", amount: 5 }] },
      { ...sent, provider: "default" },
    ];
    const all = [sent, ...others].map(fingerprintRequest);
    expect(new Set(all).size).toBe(all.length);
  });
});

test("debits count as spending", () => {
  expect(split.countsAsSpending).toBe(true);
});
