// A clock that stands still until a test moves it: what waits for a time waits for the test.
import type { Clock } from "../../src/platform/clock.ts";

interface Wait {
  readonly at: number;
  readonly fire: () => void;
}

export class ManualClock implements Clock {
  #now: number;
  readonly #waits = new Set<Wait>();

  /** Begins with the present: real alarms are set by it, and must lie ahead. */
  constructor(now = Date.now()) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, fire: () => void): () => void {
    const wait = { at: this.#now + delayMs, fire };
    this.#waits.add(wait);
    return () => this.#waits.delete(wait);
  }

  /** What is waited for, in ms from now, the next first. */
  get waits(): readonly number[] {
    const delays = Array.from(this.#waits, ({ at }) => at - this.#now);
    return delays.toSorted((left, right) => left - right);
  }

  /** Time passes: what was waited for until then comes, in order. */
  pass(ms: number): void {
    this.#now += ms;
    const due = [...this.#waits].filter(({ at }) => at <= this.#now);
    for (const wait of due.toSorted((left, right) => left.at - right.at)) {
      // Unless one before it has taken it back.
      if (this.#waits.delete(wait)) wait.fire();
    }
  }
}
