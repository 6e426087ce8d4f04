// Guarantee: the lines of a transaction balance, and no pile of money moves both ways: otherwise a
// wallet could be below zero, or over the exact range, between two of them.
import { describe, expect, it } from "vitest";
import {
  areSameLines,
  debitsFirst,
  flawOf,
  isOutside,
  toAccountLine,
  toAccountTuple,
  type AccountLine,
  type LinesFlaw,
} from "../../src/domain/ledger/line.ts";
import type { Direction } from "../../src/domain/ledger/money.ts";
import { amountMax } from "../../src/domain/limits.ts";

const line = (
  account: string,
  direction: Direction,
  amount: number,
  more: Partial<AccountLine> = {},
): AccountLine => ({
  account,
  bucket: "available",
  direction,
  amount,
  currency: "USD",
  counterparty: "wal_X",
  ...more,
});
const reserved = { bucket: "reserved" } as const;
const euros = { currency: "EUR" };

describe("the lines of a transaction", () => {
  const good: Readonly<Record<string, readonly AccountLine[]>> = {
    "a transfer": [line("wal_A", "debit", 5), line("wal_B", "credit", 5)],
    "a split": [
      line("wal_A", "debit", 5),
      line("wal_A", "debit", 2),
      line("wal_B", "credit", 5),
      line("wal_C", "credit", 2),
    ],
    "a move between buckets": [line("wal_A", "debit", 5), line("wal_A", "credit", 5, reserved)],
    "an exchange": [
      line("wal_A", "debit", 5),
      line("wal_B", "credit", 5),
      line("wal_B", "debit", 4, euros),
      line("wal_A", "credit", 4, euros),
    ],
    "a shared payment": [
      line("external:bank", "debit", 5),
      line("external:bank", "debit", 2),
      line("wal_A", "credit", 5),
      line("wal_B", "credit", 2),
    ],
    "all that fits": [line("wal_A", "debit", amountMax), line("wal_B", "credit", amountMax)],
  };

  it.each(Object.entries(good))("may be %s", (_, lines) => {
    expect(flawOf(lines)).toBeUndefined();
  });

  const bad: readonly (readonly [LinesFlaw, string, readonly AccountLine[]])[] = [
    ["too_few", "one line", [line("wal_A", "debit", 5)]],
    ["too_few", "none", []],
    ["unbalanced", "more credit", [line("wal_A", "debit", 5), line("wal_B", "credit", 6)]],
    [
      "unbalanced",
      "another currency",
      [line("wal_A", "debit", 5), line("wal_B", "credit", 5, euros)],
    ],
    ["both_directions", "one pile", [line("wal_A", "debit", 5), line("wal_A", "credit", 5)]],
    [
      "sum_out_of_range",
      "a pile",
      [
        line("wal_A", "debit", amountMax),
        line("wal_A", "debit", 1),
        line("wal_B", "credit", amountMax),
        line("wal_C", "credit", 1),
      ],
    ],
    [
      "outside_twice",
      "source and target",
      [line("external:a", "debit", 5), line("external:b", "credit", 5)],
    ],
    [
      "outside_twice",
      "two sources",
      [line("external:a", "debit", 5), line("external:b", "debit", 5), line("wal_A", "credit", 10)],
    ],
    [
      "outside_reserved",
      "a bucket of the outside world",
      [line("external:a", "debit", 5, reserved), line("wal_A", "credit", 5)],
    ],
  ];

  it.each(bad)("are no transaction: %s, %s", (flaw, _, lines) => {
    expect(flawOf(lines)).toBe(flaw);
  });
});

describe("lines in the order of their posting", () => {
  it("are debits before credits, each as they came", () => {
    const lines = [
      line("wal_A", "credit", 1),
      line("wal_A", "debit", 2),
      line("wal_A", "credit", 3),
      line("wal_A", "debit", 4),
    ];
    expect(debitsFirst(lines).map(({ amount }) => amount)).toEqual([2, 4, 1, 3]);
  });
});

describe("the same lines", () => {
  const lines = [line("wal_A", "debit", 5), line("wal_A", "credit", 5, reserved)];

  it("are equal in number, order, bucket, direction, amount and currency", () => {
    expect(areSameLines(lines, structuredClone(lines))).toBe(true);
    expect(areSameLines(lines, lines.toReversed())).toBe(false);
    expect(areSameLines(lines, lines.slice(0, 1))).toBe(false);
    expect(areSameLines(lines.slice(0, 1), lines)).toBe(false);
    for (const change of [reserved, euros, { amount: 6 }, { direction: "credit" as const }]) {
      expect(
        areSameLines(lines, [{ ...line("wal_A", "debit", 5), ...change }, ...lines.slice(1)]),
      ).toBe(false);
    }
  });
});

describe("the outside world", () => {
  it("is every account that is no wallet", () => {
    expect(isOutside("external:bank")).toBe(true);
    expect(isOutside("wal_A")).toBe(false);
  });
});

it("a line is kept as a list of six, and read as it was", () => {
  const kept = toAccountTuple(line("wal_A", "debit", 5, reserved));
  expect(kept).toEqual(["wal_A", "wal_X", "reserved", "debit", "USD", 5]);
  expect(toAccountLine(kept)).toEqual(line("wal_A", "debit", 5, reserved));
});
