// Guarantee: a reversal moves back what its original has moved, in lines, claims and an origin that
// follow from its own record alone.
import { describe, expect, test } from "vitest";
import { flawOf } from "../../src/domain/ledger/line.ts";
import type { MovedAmount } from "../../src/domain/operations/operation.ts";
import {
  isReversible,
  receiptOf,
  reversal,
  type SentReversal,
} from "../../src/domain/operations/reversal.ts";

const [ada, ben, eve] = ["A", "B", "C"].map((digit) => `wal_${digit.repeat(26)}`) as [
  string,
  string,
  string,
];
const outside = "external:bank";
const transactionId = "txn_ORIGINAL";

const moving = (from: string, to: string, amount: number, currency = "USD"): MovedAmount => ({
  from,
  to,
  amount,
  currency,
});

const line = (
  account: string,
  direction: string,
  amount: number,
  counterparty: string,
  currency = "USD",
) => ({ account, bucket: "available", direction, amount, currency, counterparty });

function movementOf(moved: readonly MovedAmount[], more: Partial<SentReversal> = {}) {
  const stored = reversal.resolve({ type: "reversal", transactionId, moved, ...more }, "JPY");
  return reversal.movementOf(stored);
}

describe("of one amount", () => {
  test("all of it goes back where nothing is said, a part otherwise", () => {
    for (const amount of [undefined, 100, 30]) {
      const part = amount ?? 100;
      const more = amount === undefined ? {} : { amount };
      expect(movementOf([moving(ada, ben, 100)], more)).toEqual({
        lines: [line(ben, "debit", part, ada), line(ada, "credit", part, ben)],
        claims: [
          {
            account: ben,
            key: `origin:${transactionId}`,
            amount: part,
            refusal: "reversal_exceeds_original",
          },
        ],
        origin: { transactionId, refusal: "original_rejected", accounts: [ben, ada] },
      });
    }
  });

  test("the outside world gives back what it got", () => {
    const { lines, claims } = movementOf([moving(ada, outside, 100)], { amount: 7 });
    expect(lines[0]).toEqual(line(outside, "debit", 7, ada));
    expect(claims).toMatchObject([{ account: outside, amount: 7 }]);
  });
});

describe("of several amounts", () => {
  const moved = [
    moving(outside, eve, 5),
    moving(ada, ben, 7, "EUR"),
    moving(ada, ben, 1),
    moving(ada, ben, 2, "EUR"),
  ];

  test("each goes back, and the first receiver claims what it got of its first currency", () => {
    const { lines, claims, origin } = movementOf(moved);
    expect(lines).toEqual([
      line(eve, "debit", 5, outside),
      line(outside, "credit", 5, eve),
      line(ben, "debit", 7, ada, "EUR"),
      line(ada, "credit", 7, ben, "EUR"),
      line(ben, "debit", 1, ada),
      line(ada, "credit", 1, ben),
      line(ben, "debit", 2, ada, "EUR"),
      line(ada, "credit", 2, ben, "EUR"),
    ]);
    expect(flawOf(lines)).toBeUndefined();
    expect(claims).toMatchObject([{ account: ben, amount: 9 }]);
    expect(origin?.accounts).toEqual([eve, outside, ben, ada]);
  });

  test("none of them goes back in part", () => {
    expect(isReversible(moved, undefined)).toBe(true);
    expect(isReversible(moved, 15)).toBe(false);
    expect(() => movementOf(moved, { amount: 15 })).toThrow("no transaction is reversed like this");
  });

  test("a wallet counts before the outside world", () => {
    const both = [moving(ada, outside, 5), moving(ada, eve, 3), moving(ada, ben, 2)];
    expect(receiptOf(both)).toEqual({ account: ben, amount: 2 });
    expect(receiptOf([moving(ada, outside, 5), moving(ben, outside, 3)])).toEqual({
      account: outside,
      amount: 8,
    });
  });
});

test("what moved nothing cannot be reversed, and so no reversal", () => {
  expect(receiptOf([])).toBeUndefined();
  expect([isReversible([], undefined), isReversible([], 1)]).toEqual([false, false]);
  expect(() => movementOf([])).toThrow("no transaction is reversed like this");
  const moved = [moving(ada, ben, 1)];
  expect(reversal.reversibleAmounts({ type: "reversal", transactionId, moved })).toEqual([]);
});

test("counts as no spending of the wallet that gives back", () => {
  expect(reversal.countsAsSpending).toBe(false);
});
