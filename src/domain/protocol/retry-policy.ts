// Delays before retries. Pure: times in ms; `random` is a number from 0 to 1 that the caller draws.
import { clockDriftMaxMs, preparingMaxMs } from "../limits.ts";

const holdDelayMinMs = 100;
const holdDelayMaxMs = 3_200;
const settleDelayMinMs = 1_000;
const settleDelayMaxMs = 5 * 60 * 1_000;

/** Before hold round `round` (1, 2, ...) of one attempt is repeated: 100 ms, doubling. */
export function holdDelayMs(round: number): number {
  return Math.min(holdDelayMinMs * 2 ** (round - 1), holdDelayMaxMs);
}

/** After attempt `attempt` (1, 2, ...) left a transaction unfinished: 1 s, doubling, at most 5 min.
 *  Jitter of up to half keeps transactions that failed together from coming back together. */
export function settleDelayMs(attempt: number, random: number): number {
  const delayMs = Math.min(settleDelayMinMs * 2 ** Math.min(attempt - 1, 30), settleDelayMaxMs);
  return Math.round(delayMs * (1 - random / 2));
}

/** After so many attempts the delay has reached its maximum. */
const attemptsUntilDelayMax = 10;

/** By the number of attempts so far, up to the last one that makes a difference: the latest moment
 *  that a next attempt can have been put off to. What lies beyond was set by a wrong clock. */
export function latestAttempts(now: number): readonly number[] {
  return Array.from({ length: attemptsUntilDelayMax + 1 }, (_, attempts) => {
    const delayMs = attempts === 0 ? 0 : settleDelayMs(attempts, 0);
    return now + Math.max(delayMs, preparingMaxMs) + clockDriftMaxMs;
  });
}
