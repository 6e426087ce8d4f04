// The clock: a port, so that tests can inject a simulated one. Beside it only the log reads the
// time, to date its lines.

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fire` once after `delayMs`; the returned function takes that back. */
  after(delayMs: number, fire: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, fire) {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};

interface Wait {
  at: number;
  cancel: () => void;
  readonly fire: () => void;
}

/** A clock whose waits do not hang where it is put back. The platform's timers follow the clock:
 *  one that was set before the step comes late by the step. Here every reading of the clock notices
 *  the step, and all timers are set anew. One for each object: a timer belongs to the object that
 *  set it. */
export class StepAwareClock implements Clock {
  readonly #clock: Clock;
  readonly #waits = new Set<Wait>();
  /** The last reading of the clock. */
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    const now = this.#clock.now();
    const putBackMs = this.#readAt - now;
    this.#readAt = now;
    if (putBackMs > 0) this.#bringForward(putBackMs);
    return now;
  }

  #bringForward(byMs: number): void {
    for (const wait of this.#waits) {
      wait.cancel();
      wait.at -= byMs;
      this.#setTimer(wait);
    }
  }

  #setTimer(wait: Wait): void {
    wait.cancel = this.#clock.after(Math.max(wait.at - this.#readAt, 0), () => {
      this.#waits.delete(wait);
      wait.fire();
    });
  }

  after(delayMs: number, fire: () => void): () => void {
    const wait: Wait = { at: this.now() + delayMs, cancel: () => {}, fire };
    this.#waits.add(wait);
    this.#setTimer(wait);
    return () => {
      this.#waits.delete(wait);
      wait.cancel();
    };
  }
}

export const timedOut = Symbol("timed out");

/** The promise's outcome, or `timedOut` after `delayMs`. The timer never outlives the answer: a
 *  pending timer would keep an object in memory and on the bill. */
export function withTimeout<T>(
  clock: Clock,
  promise: Promise<T>,
  delayMs: number,
): Promise<T | typeof timedOut> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(delayMs, () => resolve(timedOut));
    promise.then(resolve, reject).finally(cancel);
  });
}

export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}
