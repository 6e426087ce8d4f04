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
