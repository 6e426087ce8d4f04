// Time, as the objects see it: a port, so that a simulated clock can take its place.

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

/** All waits of one object on one timer of the platform. Nearly every wait is a limit that is never
 *  reached, and a timer costs more than the wait. A timer belongs to the object that set it: never
 *  share one of these between objects. */
export class SharedTimer implements Clock {
  readonly #clock: Clock;
  readonly #waits = new Set<{ readonly at: number; readonly fire: () => void }>();
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  after(delayMs: number, fire: () => void): () => void {
    const wait = { at: this.now() + delayMs, fire };
    this.#waits.add(wait);
    this.#comeBy(wait.at);
    return () => {
      this.#waits.delete(wait);
      if (this.#waits.size === 0) this.#stop();
    };
  }

  /** A timer that would come earlier stays: it finds out what is left to wait for. */
  #comeBy(at: number): void {
    if (this.#timer && this.#timer.at <= at) return;
    this.#stop();
    const cancel = this.#clock.after(Math.max(at - this.now(), 0), () => this.#come());
    this.#timer = { at, cancel };
  }

  /** The clock may have been set back since: what the timer was set for has come all the same. */
  #come(): void {
    const now = Math.max(this.now(), this.#timer?.at ?? 0);
    this.#timer = undefined;
    try {
      for (const wait of [...this.#waits].filter(({ at }) => at <= now)) {
        // Unless one before it has taken it back.
        if (this.#waits.delete(wait)) wait.fire();
      }
    } finally {
      if (this.#waits.size > 0) this.#comeBy(Math.min(...Array.from(this.#waits, ({ at }) => at)));
    }
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
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
