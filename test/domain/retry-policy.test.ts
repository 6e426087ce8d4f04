// Guarantee: what failed is tried again soon, then less often, never less than every five minutes
// and never all at once.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdDelayMs, settleDelayMs } from "../../src/domain/protocol/retry-policy.ts";

describe("the pause before accounts are asked again", () => {
  it("starts at 100 ms and doubles up to 3.2 s", () => {
    const rounds = [1, 2, 3, 4, 5, 6, 7, 100, 2_000];
    expect(rounds.map(holdDelayMs)).toEqual([
      100, 200, 400, 800, 1_600, 3_200, 3_200, 3_200, 3_200,
    ]);
  });
});

describe("the pause before a decision is sent again", () => {
  it("starts at 1 s and doubles up to 5 minutes", () => {
    const delays = [1, 2, 3, 8, 9, 10, 20, 5_000].map((attempt) => settleDelayMs(attempt, 0));
    expect(delays).toEqual([1_000, 2_000, 4_000, 128_000, 256_000, 300_000, 300_000, 300_000]);
  });

  it("is shortened by up to a half, never more and never lengthened", () => {
    expect(settleDelayMs(1, 1)).toBe(500);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const full = settleDelayMs(attempt, 0);
          const delay = settleDelayMs(attempt, random);
          expect(Number.isInteger(delay)).toBe(true);
          expect(delay).toBeGreaterThanOrEqual(full / 2);
          expect(delay).toBeLessThanOrEqual(full);
        },
      ),
    );
  });
});
