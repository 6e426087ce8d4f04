// The one alarm of an object. Caches its time, so that arming it again costs no write if it is
// early enough. The cached time is a hint: it is ignored once it is overdue or once the clock was
// put back, since an alarm set by a clock that was ahead comes late by the step.
import { isFromWrongClock } from "../domain/protocol/clock-steps.ts";
import type { Clock } from "../platform/clock.ts";
import type { ObjectStorage } from "../platform/storage.ts";

/** An alarm that has not fired this long after its time is taken for lost, in ms. */
const overdueMs = 2_000;

/** While an alarm run is at work, the next one is armed this far ahead, in ms; and a job that has
 *  failed is not tried again before. */
export const alarmGuardMs = 30_000;

/** A reason for the alarm. When it is due is derived from rows each time: a crash forgets nothing,
 *  and none has to be told what the others need. */
export interface AlarmJob {
  readonly name: string;
  /** Ms since the epoch; undefined where there is nothing to do. */
  dueAt(): number | undefined;
  /** At every alarm, after the jobs before it: does what is due, if anything is. */
  run(): void | Promise<void>;
}

export class AlarmClock {
  readonly #storage: ObjectStorage;
  readonly #clock: Clock;
  #setFor: number | null = null;
  /** What the clock said when `#setFor` was learned. */
  #learnedAt = Number.NEGATIVE_INFINITY;

  constructor(storage: ObjectStorage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /** At the start of an instance: what the platform remembers. */
  async load(): Promise<void> {
    this.#remember(await this.#storage.getAlarm());
  }

  /** The alarm is firing: none is set any more. */
  fired(): void {
    this.#setFor = null;
  }

  /** Makes sure that an alarm comes at `time` (ms since the epoch) or earlier. */
  async arm(time: number): Promise<void> {
    if (!this.comesBy(time)) await this.armWith(() => ({ result: undefined, alarmAt: time }));
  }

  /** Runs `body` in one sql transaction, of which the alarm it asks for is a part. What is
   *  remembered changes only after that: a rolled back alarm must not be believed to be set. */
  async armWith<T>(body: () => { readonly result: T; readonly alarmAt?: number }): Promise<T> {
    let arming: { readonly time: number; readonly done: Promise<void> } | undefined;
    const result = this.#storage.transactionSync(() => {
      const outcome = body();
      const { alarmAt } = outcome;
      if (alarmAt !== undefined && !this.comesBy(alarmAt)) {
        // Not in the past: it would be taken for lost, and set anew, as soon as it was set.
        const time = Math.max(alarmAt, this.#clock.now());
        arming = { time, done: this.#storage.setAlarm(time) };
      }
      return outcome.result;
    });
    if (!arming) return result;
    this.#remember(arming.time);
    try {
      await arming.done;
    } catch (error) {
      this.#setFor = null;
      throw error;
    }
    return result;
  }

  #remember(time: number | null): void {
    this.#setFor = time;
    this.#learnedAt = this.#clock.now();
  }

  /** Whether an alarm is set and still to be expected: false also where one seems to be lost. */
  isSet(): boolean {
    const now = this.#clock.now();
    const wasPutBack = isFromWrongClock(this.#learnedAt, now, 0);
    return this.#setFor !== null && this.#setFor >= now - overdueMs && !wasPutBack;
  }

  /** Whether an alarm that is still to be expected comes at `time` or earlier. */
  comesBy(time: number): boolean {
    return this.isSet() && this.#setFor !== null && this.#setFor <= time;
  }
}
