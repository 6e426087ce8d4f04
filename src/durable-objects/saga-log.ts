// One shard of the transfer log: the idempotency record and coordinator of every money movement
// whose id falls into it. Everything but the shell. Only this object decides transactions.
import { logObjectName, logShardOf } from "../domain/ids.ts";
import {
  alarmBatchMax,
  answerWaitMaxMs,
  attemptMaxMs,
  logBytesMax,
  rejectedDetailsMaxMs,
  shardCount,
  unsettledPerShardMax,
} from "../domain/limits.ts";
import { deadlineFor } from "../domain/saga.ts";
import { currentRenderer, legsOf, type TransactionRecord } from "../domain/transaction.ts";
import { withTimeout } from "../platform/clock.ts";
import { describeError } from "../platform/log.ts";
import { Schema, type Migration } from "../platform/migrations.ts";
import type { ObjectStorage } from "../platform/storage.ts";
import { AlarmClock } from "./alarm-clock.ts";
import {
  protocolVersion,
  type Answer,
  type AskCall,
  type AskResult,
  type CommittedLegs,
  type CommittedLegsCall,
  type FindCall,
  type NotFound,
  type Question,
  type SubmitCall,
  type SubmitResult,
  type UnsettledCall,
  type UnsettledTransaction,
} from "./contract.ts";
import type { LegCallParts } from "./leg-calls.ts";
import { answerTo, committedLegsOf, toRecord, toUnsettled } from "./log-answers.ts";
import { SagaRunner } from "./saga-runner.ts";
import { TransferLogStore, type StoredTransaction } from "./transfer-log-store.ts";

/** While an alarm run is at work, the next one is armed this far ahead, in ms. */
const alarmGuardMs = 30_000;

/** Between one alarm run and the next, in ms: a row that keeps failing must not spin the object. */
const alarmSpacingMs = 100;

/** Transactions that one page of an audit scans. */
const auditScanMax = 2_000;

const misled = "the log shard was called as another shard than it is";

/** Details dropped by one alarm run. */
const cleanBatchMax = 100;

export interface SagaLogParts extends LegCallParts {
  /** What the object is called; unknown to an instance that was reached by its id. */
  readonly objectName?: string | undefined;
  readonly storage: ObjectStorage;
  readonly random: () => number;
  readonly migrations: readonly Migration[];
}

type Admission = "created" | "known" | "idempotency_key_reused" | "overloaded";

export class SagaLog {
  readonly #parts: SagaLogParts;
  readonly #store: TransferLogStore;
  readonly #alarm: AlarmClock;
  readonly #runner: SagaRunner;
  readonly #schema: Schema;

  constructor(parts: SagaLogParts) {
    this.#parts = parts;
    this.#schema = new Schema(parts.storage, parts.migrations);
    this.#store = new TransferLogStore(parts.storage);
    this.#alarm = new AlarmClock(parts.storage, parts.clock);
    this.#runner = new SagaRunner({ ...parts, store: this.#store, alarm: this.#alarm });
  }

  /** At the start of an instance, before any event: work that a crash interrupted gets its alarm.
   *  Never throws and never calls another object. */
  async recover(): Promise<void> {
    try {
      await this.#alarm.load();
      if (this.#schema.exists()) await this.#armNext();
    } catch (error) {
      this.#logAlarmFailure(error);
    }
  }

  /** TransferLogApi.submit. */
  async submit(call: SubmitCall): Promise<SubmitResult> {
    if (call.protocol !== protocolVersion) return { outcome: "refused", problem: "overloaded" };
    const { submission, requestId } = call;
    const admission = await this.#admit(call);
    if (admission === "idempotency_key_reused" || admission === "overloaded") {
      return { outcome: "refused", problem: admission };
    }
    const { id } = submission;
    const replayed = admission === "known";
    if (!replayed) {
      const created = { from: "absent", to: "preparing", attempt: 1 } as const;
      this.#parts.log("info", { event: "saga", requestId, transactionId: id, ...created });
    }
    if (this.#get(id).settledAt === undefined) {
      const { settled, forget } = this.#runner.whenSettled(id);
      void this.#runner.advance(id, requestId);
      await withTimeout(this.#parts.clock, settled, answerWaitMaxMs);
      forget();
    }
    const transaction = toRecord(this.#get(id));
    const outcome = transaction.settledAt === undefined ? "pending" : "settled";
    return { outcome, transaction, replayed };
  }

  /** Records a new transaction and its alarm, or recognises a known one: one sql transaction. */
  async #admit(call: SubmitCall): Promise<Admission> {
    const { clock, storage } = this.#parts;
    const { id, tenant, fingerprint } = call.submission;
    try {
      return await this.#alarm.armWith((): { result: Admission; alarmAt?: number } => {
        if (this.#schema.exists()) {
          this.#checkShard(id);
          const alarm = this.#lostAlarm();
          const known = this.#store.find(id);
          if (known) {
            const same = known.tenant === tenant && known.fingerprint === fingerprint;
            return { result: same ? "known" : "idempotency_key_reused", ...alarm };
          }
          if (storage.sql.databaseSize > logBytesMax) return { result: "overloaded", ...alarm };
        } else {
          this.#createShard(logShardOf(id));
        }
        const alarmAt = this.#insert(call, clock.now());
        return { result: "created", alarmAt };
      });
    } catch (error) {
      this.#schema.rolledBack();
      throw error;
    }
  }

  /** When the alarm is needed for what is open, in case that it was lost. */
  #lostAlarm(): { alarmAt?: number } {
    const next = this.#alarm.isSet() ? undefined : this.#store.nextAttemptAt();
    return next === undefined ? {} : { alarmAt: next };
  }

  /** Returns when the alarm is needed: a first attempt that a crash ends is taken up by then. */
  #insert({ submission, principal, requestId }: SubmitCall, now: number): number {
    const nextAttemptAt = now + attemptMaxMs;
    this.#store.insertPreparing({
      ...submission,
      state: "preparing",
      legs: legsOf(submission.request),
      renderer: currentRenderer,
      principal,
      createdAt: now,
      deadline: deadlineFor(now),
      requestId,
      attempts: 0,
      nextAttemptAt,
      stuck: false,
    });
    return nextAttemptAt;
  }

  #checkShard(id: string): void {
    const identity = this.#store.identity();
    const same =
      identity?.class === "transfer-log" &&
      identity.shards === shardCount &&
      identity.shard === logShardOf(id);
    if (!same) throw new Error(misled);
  }

  #createShard(shard: number): void {
    const { objectName } = this.#parts;
    if (objectName !== undefined && objectName !== logObjectName(shard)) throw new Error(misled);
    this.#schema.create();
    this.#store.insertIdentity(shard, shardCount);
  }

  #get(id: string): StoredTransaction {
    const transaction = this.#store.find(id);
    if (!transaction) throw new Error("a recorded transaction is gone");
    return transaction;
  }

  /** TransferLogApi.ask. */
  async ask(call: AskCall): Promise<AskResult> {
    if (call.protocol !== protocolVersion) return { ok: false, problem: "protocol_version" };
    const known = this.#schema.exists();
    const answers = call.questions.map((question) => this.#answer(question, call, known));
    return { ok: true, answers };
  }

  #answer(question: Question, call: AskCall, initialised: boolean): Answer {
    const { transactionId, fingerprint } = question;
    const { tenant, account, requestId } = call;
    const found = initialised ? this.#store.find(transactionId) : undefined;
    const answer = answerTo(found, { tenant, account, fingerprint });
    if (answer.decision === "fault") {
      const detail = "an account holds a leg that its log does not know";
      const line = { event: "integrity_fault", requestId, transactionId, account, detail } as const;
      this.#parts.log("error", line);
    }
    const now = this.#parts.clock.now();
    if (found && answer.decision === "undecided" && now >= found.deadline) this.#armSoon(now);
    return answer;
  }

  /** Arms without waiting: the asker needs its answer, whatever becomes of the alarm. */
  #armSoon(time: number): void {
    this.#alarm.arm(time).catch((error: unknown) => this.#logAlarmFailure(error));
  }

  /** TransferLogApi.find. */
  find(call: FindCall): { ok: true; transaction: TransactionRecord } | NotFound {
    const found = this.#schema.exists() ? this.#store.find(call.transactionId) : undefined;
    if (found?.tenant !== call.tenant) return { ok: false, problem: "not_found" };
    return { ok: true, transaction: toRecord(found) };
  }

  /** TransferLogApi.unsettled. */
  unsettled(call: UnsettledCall): readonly UnsettledTransaction[] {
    if (!this.#schema.exists()) return [];
    const { tenant, createdUntil } = call;
    return this.#store.unsettled(tenant, createdUntil, unsettledPerShardMax).map(toUnsettled);
  }

  /** TransferLogApi.committedLegs. */
  committedLegs(call: CommittedLegsCall): CommittedLegs {
    const { tenant, account, after = "" } = call;
    if (!this.#schema.exists()) return { legs: [], nextAfter: null };
    const found = this.#store.committedWith(tenant, account, after, auditScanMax);
    const legs = found.transactions.flatMap((one) => committedLegsOf(one, account));
    return { legs, nextAfter: found.last };
  }

  /** The alarm: drives what is due and cleans up. A handler that keeps throwing is given up by the
   *  platform, and with it everything that waits for it: so it throws only where the next alarm
   *  could not even be set. Then the platform's repeats are all that is left. */
  async onAlarm(): Promise<void> {
    this.#alarm.fired();
    try {
      if (this.#schema.exists()) await this.#runAlarm();
    } catch (error) {
      this.#logAlarmFailure(error);
      await this.#alarm.arm(this.#parts.clock.now() + alarmGuardMs);
    }
  }

  async #runAlarm(): Promise<void> {
    const now = this.#parts.clock.now();
    const due = this.#store.due(now, alarmBatchMax);
    if (due.length > 0) await this.#alarm.arm(now + alarmGuardMs);
    await Promise.all(due.map(({ id, requestId }) => this.#runner.advance(id, requestId)));
    this.#store.clean(now - rejectedDetailsMaxMs, cleanBatchMax);
    await this.#armNext();
  }

  /** When the alarm is needed next: for an open transaction, or for the clean-up. */
  #nextDue(): number | undefined {
    const oldest = this.#store.oldestToClean();
    const times = [
      this.#store.nextAttemptAt() ?? Infinity,
      oldest === undefined ? Infinity : oldest + rejectedDetailsMaxMs,
    ];
    const next = Math.min(...times);
    return next === Infinity ? undefined : next;
  }

  async #armNext(): Promise<void> {
    const next = this.#nextDue();
    const earliest = this.#parts.clock.now() + alarmSpacingMs;
    if (next !== undefined) await this.#alarm.arm(Math.max(next, earliest));
  }

  #logAlarmFailure(error: unknown): void {
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
