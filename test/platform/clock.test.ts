// Guarantee: waits end when each of them should, also where the clock is put back meanwhile, and
// leave no timer behind.
import { describe, expect, it } from "vitest";
import { StepAwareClock, type Clock } from "../../src/platform/clock.ts";

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
  return { clock, pass, timers, step: (byMs: number) => (ahead += byMs) };
}

function stepAwareClock() {
  const { clock, ...runtime } = runtimeClock();
  const stepAware = new StepAwareClock(clock);
  const fired: string[] = [];
  const wait = (name: string, delayMs: number) => stepAware.after(delayMs, () => fired.push(name));
  return { ...runtime, wait, fired, look: () => stepAware.now() };
}

describe("waits", () => {
  it("end each at its own time, whatever the order they began in", () => {
    const { pass, wait, fired, timers } = stepAwareClock();
    wait("late", 300);
    wait("early", 100);
    pass(99);
    expect(fired).toEqual([]);
    pass(1);
    expect(fired).toEqual(["early"]);
    pass(200);
    expect(fired).toEqual(["early", "late"]);
    expect(timers.size).toBe(0);
  });

  it("do not end once they are taken back, and leave no timer", () => {
    const { pass, step, wait, look, fired, timers } = stepAwareClock();
    const end = wait("taken back", 100);
    wait("kept", 250);
    end();
    expect(timers.size).toBe(1);
    step(-60_000);
    look();
    expect(timers.size).toBe(1);
    pass(250);
    expect(fired).toEqual(["kept"]);
  });
});

describe("waits while the clock is put back, on timers that follow it", () => {
  it("end soon after the next look at the clock, and never early", () => {
    const { pass, step, wait, look, fired } = stepAwareClock();
    step(3_600_000);
    wait("short", 100);
    wait("long", 5_000);
    step(-3_600_000);
    pass(50);
    look();
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
    const { pass, step, wait, fired } = stepAwareClock();
    step(3_600_000);
    wait("from then", 100);
    step(-3_600_000);
    wait("from now", 200);
    pass(100);
    expect(fired).toEqual(["from then"]);
    pass(100);
    expect(fired).toEqual(["from then", "from now"]);
  });

  it("end in their time where it is put forward", () => {
    const { pass, step, wait, look, fired } = stepAwareClock();
    wait("one", 100);
    step(60_000);
    look();
    pass(99);
    expect(fired).toEqual([]);
    pass(1);
    expect(fired).toEqual(["one"]);
  });
});
