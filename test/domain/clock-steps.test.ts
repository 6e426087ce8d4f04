// Guarantee: a time that a wrong clock wrote holds nothing up and keeps nothing alive, and the
// small difference between two machines' clocks changes nothing.
import { describe, expect, it } from "vitest";
import { isDue, isFromWrongClock, isYoung } from "../../src/domain/protocol/clock-steps.ts";
import { clockDriftMaxMs, preparingMaxMs } from "../../src/domain/limits.ts";
import { latestAttempts, settleDelayMs } from "../../src/domain/protocol/retry-policy.ts";
import { deadlineFor, isExpired } from "../../src/domain/protocol/saga.ts";

const now = 1_000_000;

describe("a stored time", () => {
  it("is due when it has come, and where no rule can have put it so far ahead", () => {
    expect(isDue(now, now, 100)).toBe(true);
    expect(isDue(now + 1, now, 100)).toBe(false);
    expect(isDue(now + 100 + clockDriftMaxMs, now, 100)).toBe(false);
    expect(isDue(now + 101 + clockDriftMaxMs, now, 100)).toBe(true);
  });

  it("is not called wrong for the difference between two machines' clocks", () => {
    expect(isFromWrongClock(now + clockDriftMaxMs, now, 0)).toBe(false);
    expect(isFromWrongClock(now + clockDriftMaxMs + 1, now, 0)).toBe(true);
  });

  it("is young until its age is reached, and of no known age where it lies in the future", () => {
    expect([isYoung(now, now, 10), isYoung(now - 9, now, 10)]).toEqual([true, true]);
    expect([isYoung(now - 10, now, 10), isYoung(now + 1, now, 10)]).toEqual([false, false]);
  });
});

describe("the deadline of a preparing transaction", () => {
  const at = (createdAt: number) =>
    isExpired({ state: "preparing", deadline: deadlineFor(createdAt) }, now);

  it("has passed where a clock that was ahead has set it", () => {
    expect(at(now + clockDriftMaxMs)).toBe(false);
    expect(at(now + clockDriftMaxMs + 1)).toBe(true);
    expect(at(now + 12 * 60 * 60 * 1_000)).toBe(true);
  });

  it("changes nothing about a decision", () => {
    const deadline = deadlineFor(now + 600_000);
    expect(isExpired({ state: "committed", deadline }, now)).toBe(false);
    expect(isExpired({ state: "rejected", deadline }, now)).toBe(false);
  });
});

describe("the latest moment of a next attempt", () => {
  const latest = latestAttempts(now);

  it("is never before one that a rule sets", () => {
    expect(latest[0]).toBe(now + preparingMaxMs + clockDriftMaxMs);
    for (const [attempts, time] of latest.entries()) {
      if (attempts > 0) expect(time).toBeGreaterThanOrEqual(now + settleDelayMs(attempts, 0));
      expect(time).toBeGreaterThanOrEqual(now + preparingMaxMs);
    }
  });

  it("follows the back-off to its end and no further", () => {
    expect(latest.at(-1)).toBe(now + settleDelayMs(1_000, 0) + clockDriftMaxMs);
    expect(latest.at(-2)).toBeLessThan(latest.at(-1) ?? 0);
    expect(latest[7]).toBe(now + 64_000 + clockDriftMaxMs);
  });
});
