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

/** All waits of one object on one timer of the platform. Nearly every wait is a limit that is never
 *  reached, and a timer costs more than the wait. A timer belongs to the object that set it: never
 *  share one of these between objects. The platform's timers follow the clock: one that was set
 *  before the clock was put back comes late by the step. Here every reading of the clock notices
 *  that, and what is waited for is brought forward. */
export class SharedTimer implements Clock {
  readonly #clock: Clock;
  readonly #waits = new Set<{ at: number; readonly fire: () => void }>();
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  /** The last reading of the clock. */
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#notBefore(this.#readAt);
  }

  /** Reads the clock. It says less than `earliest` only where it was put back meanwhile. */
  #notBefore(earliest: number): number {
    const now = this.#clock.now();
    this.#readAt = now;
    if (now < earliest && this.#waits.size > 0) this.#bringForward(earliest - now);
    return now;
  }

  #bringForward(byMs: number): void {
    for (const wait of this.#waits) wait.at -= byMs;
    this.#stop();
    this.#comeBy(this.#next());
  }

  #next(): number {
    return Math.min(...Array.from(this.#waits, ({ at }) => at));
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

  /** The timer's time has come, whatever the clock says. */
  #come(): void {
    const earliest = Math.max(this.#readAt, this.#timer?.at ?? Number.NEGATIVE_INFINITY);
    this.#timer = undefined;
    const now = this.#notBefore(earliest);
    try {
      for (const wait of [...this.#waits].filter(({ at }) => at <= now)) {
        // Unless one before it has taken it back.
        if (this.#waits.delete(wait)) wait.fire();
      }
    } finally {
      if (this.#waits.size > 0) this.#comeBy(this.#next());
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
