// Guarantee: money is integers, exact or refused. Nothing rounds, and no sum leaves 2^53 - 1.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { amountMax } from "../../src/domain/limits.ts";
import { add, hasHeadroom, isAmount, signed } from "../../src/domain/ledger/money.ts";

const anyInteger = fc.maxSafeInteger();
const natural = fc.maxSafeNat();

describe("an amount", () => {
  it("is an integer from 1 to 2^53 - 1", () => {
    expect(amountMax).toBe(9_007_199_254_740_991);
    for (const value of [1, 2, amountMax]) expect(isAmount(value)).toBe(true);
    const impossible = [0, -0, -1, 0.5, 1.5, amountMax + 1, Number.NaN, Infinity, -Infinity];
    for (const value of impossible) expect(isAmount(value)).toBe(false);
  });

  it("counts plus as a credit and minus as a debit", () => {
    expect(signed("credit", 5)).toBe(5);
    expect(signed("debit", 5)).toBe(-5);
  });
});

describe("a sum", () => {
  it("is exact, or throws instead of rounding", () => {
    fc.assert(
      fc.property(anyInteger, anyInteger, (left, right) => {
        const exact = BigInt(left) + BigInt(right);
        const fits = exact >= -BigInt(amountMax) && exact <= BigInt(amountMax);
        if (fits) expect(BigInt(add(left, right))).toBe(exact);
        else expect(() => add(left, right)).toThrow("exact range");
      }),
    );
  });

  it("of an amount that is no integer throws", () => {
    for (const broken of [0.1, Number.NaN, Infinity])
      expect(() => add(broken, 1)).toThrow("exact range");
  });
});

describe("headroom", () => {
  it("is what is left to 2^53 - 1, counted exactly even where the sum would round", () => {
    fc.assert(
      fc.property(
        natural,
        natural,
        fc.integer({ min: 1, max: amountMax }),
        (balance, held, more) => {
          const fits = BigInt(balance) + BigInt(held) + BigInt(more) <= BigInt(amountMax);
          expect(hasHeadroom(balance, held, more)).toBe(fits);
        },
      ),
    );
  });

  it("is there to the last unit and not one further", () => {
    expect(hasHeadroom(amountMax - 1, 0, 1)).toBe(true);
    expect(hasHeadroom(amountMax, 0, 1)).toBe(false);
    expect(hasHeadroom(amountMax - 2, 1, 1)).toBe(true);
    expect(hasHeadroom(amountMax - 2, 2, 1)).toBe(false);
    expect(hasHeadroom(0, 0, amountMax)).toBe(true);
    expect(hasHeadroom(1, 0, amountMax)).toBe(false);
  });
});
