// The one alarm of a simulated object, as the platform has it: set when the write that set it is
// durable, kept until its handler succeeds, repeated where it fails, given up after some failures.
import type { Disk } from "./disk.ts";
import type { Instance, Platform } from "./platform.ts";
import type { Range } from "./random.ts";

const alarmLateMs: Range = [500, 60_000];
const alarmRetryMinMs = 2_000;
const alarmRetriesMax = 6;

interface AlarmParts {
  /** Of the object. */
  readonly name: string;
  readonly platform: Platform;
  readonly disk: Disk;
  /** The running instance; starts one if there is none. */
  readonly start: () => Instance;
  readonly clockOffsetMs: () => number;
}

export class ObjectAlarm {
  /** Given up by the platform, and nothing has armed it again. */
  dropped = false;
  /** How often it was given up. */
  drops = 0;
  readonly #parts: AlarmParts;
  /** How much of the disk has to be kept for a dropped alarm to be mended. */
  #mendedBy = 0;
  #setFor: number | null = null;
  #cancel: (() => void) | undefined;
  #running = false;
  #retries = 0;

  constructor(parts: AlarmParts) {
    this.#parts = parts;
  }

  /** The instance is gone; of what it wrote, the first `kept` sql transactions survive. */
  crashed(kept: number): void {
    if (kept < this.#mendedBy) this.dropped = true;
    this.#running = false;
    this.sync(alarmRetryMinMs);
  }

  clockJumped(): void {
    this.#setFor = null;
    this.#cancel?.();
    this.sync();
  }

  mend(): void {
    if (!this.dropped) return;
    this.dropped = false;
    this.#mendedBy = this.#parts.disk.written;
  }

  /** Keeps the alarm's event in step with the alarm that is durable. */
  sync(notBeforeMs = 0): void {
    const due = this.#parts.disk.durableAlarm;
    if (this.#parts.disk.alarm !== null) this.mend();
    if (this.#running || due === this.#setFor || due !== this.#parts.disk.alarm) return;
    this.#cancel?.();
    this.#setFor = due;
    if (due === null) return;
    const { faults, random, scheduler } = this.#parts.platform;
    const lateMs = faults.strikes("alarm_late") ? random.scaled(...alarmLateMs) : 0;
    const delayMs =
      Math.max(due - this.#parts.clockOffsetMs() - scheduler.now, notBeforeMs, 0) + lateMs;
    this.#cancel = scheduler.schedule(delayMs, `${this.#parts.name} alarm`, () => this.#fire(due));
  }

  #fire(due: number): void {
    const { faults } = this.#parts.platform;
    this.#setFor = null;
    if (this.#parts.disk.alarm !== due) return;
    if (faults.strikes("alarm_dropped")) {
      this.#drop();
      return;
    }
    const instance = this.#parts.start();
    this.#running = true;
    const fired = instance.ready.then(() => {
      // Starting the instance may have set another alarm: that one comes then.
      if (this.#parts.disk.alarm !== due) return false;
      this.#parts.disk.alarmStarts();
      return instance.alarm?.().then(() => true);
    });
    fired.then(
      (ran) => {
        this.#running = false;
        this.#retries = 0;
        if (ran) this.#parts.disk.alarmSucceeded();
        if (ran && faults.strikes("alarm_duplicated")) this.#fireAgain();
      },
      () => this.#retry(),
    );
  }

  #fireAgain(): void {
    const { scheduler, random } = this.#parts.platform;
    scheduler.schedule(random.scaled(1, alarmRetryMinMs), `${this.#parts.name} alarm again`, () => {
      const instance = this.#parts.start();
      instance.ready.then(() => instance.alarm?.()).catch(() => {});
    });
  }

  #retry(): void {
    this.#running = false;
    this.#parts.disk.alarmFailed();
    this.#retries += 1;
    if (this.#retries > alarmRetriesMax) this.#drop();
    else this.sync(alarmRetryMinMs * 2 ** (this.#retries - 1));
  }

  #drop(): void {
    this.#parts.platform.scheduler.note(`${this.#parts.name} alarm is given up by the platform`);
    this.#retries = 0;
    this.#parts.disk.dropAlarm();
    this.dropped = true;
    this.drops += 1;
  }
}
