// Guarantee: waits that share one timer of the platform end when each of them should, and leave no
// timer behind.
import { describe, expect, it } from "vitest";
import { SharedTimer, type Clock } from "../../src/platform/clock.ts";

/** Time passes when the test says so. `armed`: how often a timer of the platform was set. */
function handClock() {
  const timers = new Map<() => void, number>();
  let now = 1_000;
  let armed = 0;
  const clock: Clock = {
    now: () => now,
    after(delayMs, fire) {
      armed += 1;
      timers.set(fire, now + delayMs);
      return () => timers.delete(fire);
    },
  };
  const pass = (ms: number) => {
    const until = now + ms;
    for (;;) {
      const next = [...timers].toSorted(([, left], [, right]) => left - right)[0];
      if (!next || next[1] > until) break;
      timers.delete(next[0]);
      now = next[1];
      next[0]();
    }
    now = until;
  };
  /** The clock is set, and no time passes. */
  const set = (byMs: number) => {
    now += byMs;
    for (const [fire, at] of timers) timers.set(fire, at + byMs);
  };
  return { clock, pass, set, timers, armed: () => armed };
}

function sharedTimer() {
  const { clock, ...hand } = handClock();
  const shared = new SharedTimer(clock);
  const fired: string[] = [];
  const wait = (name: string, delayMs: number) => shared.after(delayMs, () => fired.push(name));
  return { ...hand, shared, fired, wait };
}

describe("waits on a shared timer", () => {
  it("end each at its own time, whatever the order they began in", () => {
    const { pass, wait, fired } = sharedTimer();
    wait("late", 300);
    wait("early", 100);
    wait("middle", 200);
    pass(99);
    expect(fired).toEqual([]);
    pass(1);
    expect(fired).toEqual(["early"]);
    pass(100);
    expect(fired).toEqual(["early", "middle"]);
    pass(1_000);
    expect(fired).toEqual(["early", "middle", "late"]);
  });

  it("use one timer of the platform, and none once nothing is waited for", () => {
    const { wait, timers, armed } = sharedTimer();
    const ends = [100, 100, 150].map((delayMs) => wait("never", delayMs));
    expect([timers.size, armed()]).toEqual([1, 1]);
    for (const end of ends) end();
    expect([timers.size, armed()]).toEqual([0, 1]);
  });

  it("are not ended by the timer of one that was taken back", () => {
    const { pass, wait, fired, timers } = sharedTimer();
    const end = wait("taken back", 100);
    wait("kept", 250);
    end();
    pass(249);
    expect(fired).toEqual([]);
    pass(1);
    expect(fired).toEqual(["kept"]);
    expect(timers.size).toBe(0);
  });

  it.each([-60_000, 60_000])("end in their time although the clock is set by %i ms", (byMs) => {
    const { pass, set, wait, fired } = sharedTimer();
    wait("one", 100);
    wait("same", 100);
    set(byMs);
    pass(99);
    expect(fired).toEqual([]);
    pass(1);
    expect(fired).toEqual(["one", "same"]);
  });

  it("may begin while others end", () => {
    const { shared, pass, fired, timers } = sharedTimer();
    shared.after(10, () => {
      fired.push("first");
      shared.after(10, () => fired.push("second"));
    });
    pass(10);
    expect(fired).toEqual(["first"]);
    pass(10);
    expect(fired).toEqual(["first", "second"]);
    expect(timers.size).toBe(0);
  });

  it("end all the same after one that threw", () => {
    const { shared, pass, wait, fired } = sharedTimer();
    shared.after(10, () => {
      throw new Error("of a test");
    });
    wait("same time", 10);
    wait("later", 20);
    expect(() => pass(10)).toThrow("of a test");
    pass(20);
    expect(fired).toEqual(["same time", "later"]);
  });
});

/** Timers as the runtime has them: one comes when its time has passed and the clock has reached
 *  what it was set for. So one that is pending while the clock is put back is late by the step. */
function runtimeClock() {
  const timers = new Map<() => void, { readonly at: number; readonly clockAt: number }>();
  let [passed, ahead] = [0, 0];
  const clock: Clock = {
    now: () => passed + ahead,
    after(delayMs, fire) {
      timers.set(fire, { at: passed + delayMs, clockAt: passed + ahead + delayMs });
      return () => timers.delete(fire);
    },
  };
  const pass = (ms: number) => {
    passed += ms;
    for (const [fire, { at, clockAt }] of timers) {
      if (at <= passed && clockAt <= clock.now() && timers.delete(fire)) fire();
    }
  };
  return { clock, pass, step: (byMs: number) => (ahead += byMs) };
}

describe("waits while the clock is put back, on timers that follow it", () => {
  it("end soon after the next look at the clock, and never early", () => {
    const { clock, pass, step } = runtimeClock();
    const shared = new SharedTimer(clock);
    const fired: string[] = [];
    step(3_600_000);
    shared.after(100, () => fired.push("short"));
    shared.after(5_000, () => fired.push("long"));
    step(-3_600_000);
    pass(50);
    shared.now();
    pass(99);
    expect(fired).toEqual([]);
    pass(1);
    expect(fired).toEqual(["short"]);
    pass(4_899);
    expect(fired).toEqual(["short"]);
    pass(1);
    expect(fired).toEqual(["short", "long"]);
  });

  it("end with the next wait that begins", () => {
    const { clock, pass, step } = runtimeClock();
    const shared = new SharedTimer(clock);
    const fired: string[] = [];
    step(3_600_000);
    shared.after(100, () => fired.push("from then"));
    step(-3_600_000);
    shared.after(200, () => fired.push("from now"));
    pass(100);
    expect(fired).toEqual(["from then"]);
    pass(100);
    expect(fired).toEqual(["from then", "from now"]);
  });
});
