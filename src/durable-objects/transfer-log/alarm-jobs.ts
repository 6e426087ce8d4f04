// The alarm of a log shard: named jobs on one alarm clock. One drives unfinished transactions,
// through the same `advance()` as clients do, one ends those whose time is over, one removes old
// details, one scrubs.
import { alarmBatchMax, cleanBatchMax, rejectedDetailsMaxMs } from "../../domain/limits.ts";
import type { Clock } from "../../platform/clock.ts";
import { describeError, type Log } from "../../platform/log.ts";
import type { Schema } from "../../platform/migrations.ts";
import type { Accounts } from "../rpc/stubs.ts";
import { Expirations } from "./expirations.ts";
import type { SettledNotes } from "./settled-notes.ts";
import { alarmGuardMs, type AlarmClock, type AlarmJob } from "../alarm-clock.ts";
import type { LogScrub } from "./scrub.ts";
import type { SagaRunner } from "./runner.ts";
import type { TransferLogStore } from "./store.ts";

/** Between one alarm run and the next, in ms: a row that keeps failing must not spin the object. */
const alarmSpacingMs = 100;

interface AlarmJobsParts {
  readonly schema: Schema;
  readonly store: TransferLogStore;
  readonly alarm: AlarmClock;
  readonly notes: SettledNotes;
  readonly runner: SagaRunner;
  readonly scrub: LogScrub;
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly log: Log;
}

export class AlarmJobs {
  readonly #parts: AlarmJobsParts;
  /** In the order in which they are done: money first. */
  readonly #jobs: readonly AlarmJob[];
  /** Until when a job that has failed is left alone, by its name. */
  readonly #failedUntil = new Map<string, number>();

  constructor(parts: AlarmJobsParts) {
    this.#parts = parts;
    this.#jobs = [this.#driveJob(), new Expirations(parts), this.#cleanUpJob(), parts.scrub];
  }

  /** At the start of an instance, before any event: work that a crash interrupted gets its alarm.
   *  Never throws and never calls another object. */
  async recover(): Promise<void> {
    const { alarm, schema, scrub } = this.#parts;
    try {
      await alarm.load();
      if (!schema.exists()) return;
      scrub.plan();
      await this.#armNext();
    } catch (error) {
      this.#logFailure(error);
    }
  }

  /** Arms without waiting, so that the caller's answer is not delayed. */
  armSoon(): void {
    const { alarm, clock } = this.#parts;
    alarm.arm(clock.now()).catch((error: unknown) => this.#logFailure(error));
  }

  /** The alarm: does what is due. A handler that keeps throwing is given up by the platform, and
   *  with it everything that waits for it: so it throws only where the next alarm could not even be
   *  set. Then the platform's repeats are all that is left. */
  async run(): Promise<void> {
    this.#parts.alarm.fired();
    try {
      if (this.#parts.schema.exists()) await this.#runJobs();
    } catch (error) {
      this.#logFailure(error);
      await this.#parts.alarm.arm(this.#parts.clock.now() + alarmGuardMs);
    }
  }

  async #runJobs(): Promise<void> {
    this.#parts.notes.flush();
    for (const job of this.#jobs) await this.#runJob(job);
    await this.#armNext();
  }

  /** One that fails keeps none of the others from their work. */
  async #runJob(job: AlarmJob): Promise<void> {
    if ((this.#failedUntil.get(job.name) ?? 0) > this.#parts.clock.now()) return;
    try {
      await job.run();
      this.#failedUntil.delete(job.name);
    } catch (error) {
      this.#failedUntil.set(job.name, this.#parts.clock.now() + alarmGuardMs);
      this.#logFailure(error, job.name);
    }
  }

  #driveJob(): AlarmJob {
    const { store, alarm, runner, notes, clock } = this.#parts;
    return {
      name: "drive",
      dueAt: () => store.nextDueAt(clock.now()),
      run: async () => {
        const now = clock.now();
        const due = store.due(now, alarmBatchMax);
        if (due.length > 0) await alarm.arm(now + alarmGuardMs);
        await Promise.all(due.map((one) => runner.advance(one, one.requestId)));
        notes.flush();
      },
    };
  }

  #cleanUpJob(): AlarmJob {
    const { store, clock } = this.#parts;
    const dueAt = () => {
      const oldest = store.oldestToClean();
      return oldest === undefined ? undefined : oldest + rejectedDetailsMaxMs;
    };
    // Most alarms find nothing to clean: an update of no row is a commit too.
    const run = () => {
      const now = clock.now();
      if ((dueAt() ?? Infinity) <= now) store.clean(now - rejectedDetailsMaxMs, cleanBatchMax);
    };
    return { name: "clean-up", dueAt, run };
  }

  #dueAt(job: AlarmJob): number {
    return Math.max(job.dueAt() ?? Infinity, this.#failedUntil.get(job.name) ?? 0);
  }

  async #armNext(): Promise<void> {
    const next = Math.min(...this.#jobs.map((job) => this.#dueAt(job)));
    const earliest = this.#parts.clock.now() + alarmSpacingMs;
    if (next < Infinity) await this.#parts.alarm.arm(Math.max(next, earliest));
  }

  #logFailure(error: unknown, job?: string): void {
    const target = job === undefined ? "transfer-log" : `transfer-log ${job}`;
    const detail = describeError(error);
    this.#parts.log("error", { event: "alarm_failed", requestId: "alarm", target, detail });
  }
}
