// A clock that tests set: `Date` is fake in every test of a file, or of a `describe`. Timers stay
// real, and so does the runtime's own clock, which fires alarms.
import { afterEach, beforeEach, vi } from "vitest";

/** `aheadMs`: how far ahead of the runtime's clock each test begins. */
export function useFakeDate(aheadMs = 0): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + aheadMs });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}
