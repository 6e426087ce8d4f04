// What a log shard does when its alarm comes, and how it makes sure that it comes: drives what no
// client waits for any more, through the same `advance()`, and cleans up old details.
import { alarmBatchMax, cleanBatchMax, rejectedDetailsMaxMs } from "../domain/limits.ts";
import type { Clock } from "../platform/clock.ts";
import { describeError, type Log } from "../platform/log.ts";
import type { Schema } from "../platform/migrations.ts";
import type { Acknowledged } from "./acknowledged.ts";
import type { AlarmClock } from "./alarm-clock.ts";
import type { SagaRunner } from "./saga-runner.ts";
import type { TransferLogStore } from "./transfer-log-store.ts";

/** While an alarm run is at work, the next one is armed this far ahead, in ms. */
const alarmGuardMs = 30_000;

/** Between one alarm run and the next, in ms: a row that keeps failing must not spin the object. */
const alarmSpacingMs = 100;

interface LogAlarmParts {
  readonly schema: Schema;
  readonly store: TransferLogStore;
  readonly alarm: AlarmClock;
  readonly acknowledged: Acknowledged;
  readonly runner: SagaRunner;
  readonly clock: Clock;
  readonly log: Log;
}

export class LogAlarm {
  readonly #parts: LogAlarmParts;

  constructor(parts: LogAlarmParts) {
    this.#parts = parts;
  }

  /** At the start of an instance, before any event: work that a crash interrupted gets its alarm.
   *  Never throws and never calls another object. */
  async recover(): Promise<void> {
    try {
      await this.#parts.alarm.load();
      if (this.#parts.schema.exists()) await this.#armNext();
    } catch (error) {
      this.#logFailure(error);
    }
  }

  /** Arms without waiting: whoever noticed that it is needed has an answer to give. */
  armSoon(): void {
    const { alarm, clock } = this.#parts;
    alarm.arm(clock.now()).catch((error: unknown) => this.#logFailure(error));
  }

  /** The alarm: drives what is due and cleans up. A handler that keeps throwing is given up by the
   *  platform, and with it everything that waits for it: so it throws only where the next alarm
   *  could not even be set. Then the platform's repeats are all that is left. */
  async run(): Promise<void> {
    this.#parts.alarm.fired();
    try {
      if (this.#parts.schema.exists()) await this.#drive();
    } catch (error) {
      this.#logFailure(error);
      await this.#parts.alarm.arm(this.#parts.clock.now() + alarmGuardMs);
    }
  }

  async #drive(): Promise<void> {
    this.#parts.acknowledged.flush();
    const now = this.#parts.clock.now();
    const due = this.#parts.store.due(now, alarmBatchMax);
    if (due.length > 0) await this.#parts.alarm.arm(now + alarmGuardMs);
    await Promise.all(due.map((one) => this.#parts.runner.advance(one, one.requestId)));
    this.#parts.acknowledged.flush();
    this.#cleanUp(now - rejectedDetailsMaxMs);
    await this.#armNext();
  }

  /** Most alarms find nothing to clean: an update of no row is a commit too. */
  #cleanUp(settledUntil: number): void {
    const oldest = this.#parts.store.oldestToClean();
    if (oldest !== undefined && oldest <= settledUntil) {
      this.#parts.store.clean(settledUntil, cleanBatchMax);
    }
  }

  /** When the alarm is needed next: for an open transaction, or for the clean-up. */
  #nextDue(): number | undefined {
    const oldest = this.#parts.store.oldestToClean();
    const times = [
      this.#parts.store.nextDueAt(this.#parts.clock.now()) ?? Infinity,
      oldest === undefined ? Infinity : oldest + rejectedDetailsMaxMs,
    ];
    const next = Math.min(...times);
    return next === Infinity ? undefined : next;
  }

  async #armNext(): Promise<void> {
    const next = this.#nextDue();
    const earliest = this.#parts.clock.now() + alarmSpacingMs;
    if (next !== undefined) await this.#parts.alarm.arm(Math.max(next, earliest));
  }

  #logFailure(error: unknown): void {
    const detail = describeError(error);
    const line = {
      event: "alarm_failed",
      requestId: "alarm",
      target: "transfer-log",
      detail,
    } as const;
    this.#parts.log("error", line);
  }
}
