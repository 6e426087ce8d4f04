// Guarantee: what a client sees of a wallet adds up: balance = available + held, per currency. A
// move between the wallet's own buckets is no income.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buckets, type Bucket, type Line } from "../../src/domain/ledger/line.ts";
import type { Direction } from "../../src/domain/ledger/money.ts";
import { addLines, positionsOf, undecidedOf } from "../../src/domain/ledger/position.ts";

const line = (
  direction: Direction,
  currency: string,
  amount: number,
  bucket: Bucket = "available",
): Line => ({ bucket, direction, currency, amount });
const leg = (...lines: readonly Line[]) => ({ lines });

const legs = [
  leg(line("debit", "USD", 30)),
  leg(line("debit", "USD", 5)),
  leg(line("credit", "USD", 7)),
  leg(line("credit", "JPY", 900)),
];

describe("the positions of a wallet", () => {
  it("list every currency held or incoming, in alphabetical order", () => {
    const net = { USD: { available: 100, reserved: 20 }, EUR: { available: 0, reserved: 0 } };
    expect(positionsOf(net, legs)).toEqual([
      { currency: "EUR", balance: 0, available: 0, reserved: 0, held: 0, incoming: 0 },
      { currency: "JPY", balance: 0, available: 0, reserved: 0, held: 0, incoming: 900 },
      { currency: "USD", balance: 120, available: 65, reserved: 20, held: 55, incoming: 7 },
    ]);
  });

  it("are none for a wallet that never saw money", () => {
    expect(positionsOf({}, [])).toEqual([]);
  });

  it("always add up", () => {
    const anyLine = fc.record({
      bucket: fc.constantFrom(...buckets),
      direction: fc.constantFrom("debit" as const, "credit" as const),
      currency: fc.constantFrom("USD", "EUR"),
      amount: fc.integer({ min: 1, max: 1_000 }),
    });
    const lines = fc.array(anyLine, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(lines), fc.array(lines), (posted, open) => {
        const net = addLines({}, posted.flat());
        for (const { balance, available, held } of positionsOf(
          net,
          open.map((one) => leg(...one)),
        )) {
          expect(available + held).toBe(balance);
        }
      }),
    );
  });
});

describe("what undecided legs would do", () => {
  it("counts debits of what is available, and what enters, of one currency", () => {
    expect(undecidedOf(legs, "USD")).toEqual({ debits: 35, incoming: 7 });
    expect(undecidedOf(legs, "EUR")).toEqual({ debits: 0, incoming: 0 });
  });

  it("counts a move between buckets as spent where it leaves `available`, and never as income", () => {
    const reserve = leg(line("debit", "USD", 9), line("credit", "USD", 9, "reserved"));
    expect(undecidedOf([reserve], "USD")).toEqual({ debits: 9, incoming: 0 });
    const giveBack = leg(line("debit", "USD", 9, "reserved"), line("credit", "USD", 9));
    expect(undecidedOf([giveBack], "USD")).toEqual({ debits: 0, incoming: 0 });
  });

  it("nets the lines of one leg, and not one leg with another", () => {
    const richer = leg(line("debit", "USD", 4), line("credit", "USD", 10, "reserved"));
    expect(undecidedOf([richer], "USD")).toEqual({ debits: 4, incoming: 6 });
    expect(
      undecidedOf([leg(line("debit", "USD", 4)), leg(line("credit", "USD", 10))], "USD"),
    ).toEqual({ debits: 4, incoming: 10 });
  });

  it("adds up several lines of one leg", () => {
    const split = leg(line("debit", "USD", 4), line("debit", "USD", 5), line("debit", "EUR", 1));
    expect(undecidedOf([split], "USD")).toEqual({ debits: 9, incoming: 0 });
    expect(undecidedOf([split], "EUR")).toEqual({ debits: 1, incoming: 0 });
  });
});

describe("a sum of lines", () => {
  it("keeps each bucket and each currency for itself, and what it starts from as it was", () => {
    const net = { USD: { available: 5, reserved: 0 } };
    const lines = [line("debit", "USD", 2), line("credit", "USD", 2, "reserved")];
    expect(addLines(net, [...lines, line("credit", "JPY", 7)])).toEqual({
      USD: { available: 3, reserved: 2 },
      JPY: { available: 7, reserved: 0 },
    });
    expect(net).toEqual({ USD: { available: 5, reserved: 0 } });
  });

  it("throws instead of rounding", () => {
    const full = { USD: { available: Number.MAX_SAFE_INTEGER, reserved: 0 } };
    expect(() => addLines(full, [line("credit", "USD", 1)])).toThrow("exact range");
  });
});
