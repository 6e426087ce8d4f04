// Stored times when clocks step: a clock that was ahead and is corrected leaves times in the future
// behind, and nothing may wait for them. Pure; all times in ms since the epoch.
import { clockDriftMaxMs } from "../limits.ts";

/** Whether a clock was wrong when `time` was written, or is now: no rule puts a time further ahead
 *  than `aheadMaxMs`. */
export function isFromWrongClock(time: number, now: number, aheadMaxMs: number): boolean {
  return time > now + aheadMaxMs + clockDriftMaxMs;
}

/** Whether `time` has come, or is further ahead than the rule that set it could have put it. Only
 *  for what may come early without harm: never for the expiry of a key. */
export function isDue(time: number, now: number, aheadMaxMs: number): boolean {
  return time <= now || isFromWrongClock(time, now, aheadMaxMs);
}

/** Whether less than `ageMaxMs` has passed since `since`. A time of the future has no age that
 *  could be known, so it counts as old. */
export function isYoung(since: number, now: number, ageMaxMs: number): boolean {
  return since <= now && now - since < ageMaxMs;
}
