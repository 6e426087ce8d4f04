// One shard of the transfer log: idempotency record and coordinator of the transactions whose ids
// fall into it. Everything but the shell. Only this object decides transactions.
import { logObjectName, logShardOf } from "../../domain/ids.ts";
import {
  answerWaitMaxMs,
  attemptMaxMs,
  logBytesMax,
  shardCount,
  transactionsInProgressMax,
} from "../../domain/limits.ts";
import { initialState } from "../../domain/protocol/saga.ts";
import type { Submission } from "../../domain/protocol/transaction.ts";
import { timedOut, withTimeout } from "../../platform/clock.ts";
import { Schema, type Migration } from "../../platform/migrations.ts";
import type { ObjectStorage } from "../../platform/storage.ts";
import { newTransaction } from "./new-transaction.ts";
import { SettledNotes } from "./settled-notes.ts";
import { AlarmClock } from "../alarm-clock.ts";
import { isReplay, isUnderstood } from "../rpc/contract.ts";
import { assertIdentity, assertObjectName, type ShardIdentity } from "../rpc/identity.ts";
import type { SubmitCall, SubmitResult } from "./contract.ts";
import type { LegCallParts } from "./leg-calls.ts";
import { toRecord } from "./answers.ts";
import { AlarmJobs } from "./alarm-jobs.ts";
import { TransferLogReads } from "./reads.ts";
import { LogScrub } from "./scrub.ts";
import { SagaRunner } from "./runner.ts";
import type { StoredTransaction } from "./rows.ts";
import { TransferLogStore } from "./store.ts";

export interface TransferLogParts extends LegCallParts {
  /** What the object is called; unknown to an instance that was reached by its id. */
  readonly objectName?: string | undefined;
  readonly storage: ObjectStorage;
  readonly random: () => number;
  readonly migrations: readonly Migration[];
}

/** A submission's row, or why it has none. */
type Recording =
  | { readonly transaction: StoredTransaction; readonly created: boolean }
  | { readonly problem: "idempotency_key_reused" | "overloaded" };

/** What a write brings, and when it needs the alarm. */
interface Written<T> {
  readonly result: T;
  readonly alarmAt?: number;
}

function recognise(known: StoredTransaction, { tenant, fingerprint }: Submission): Recording {
  const isSame = known.tenant === tenant && known.fingerprint === fingerprint;
  return isSame ? { transaction: known, created: false } : { problem: "idempotency_key_reused" };
}

export class TransferLogCore {
  /** The scrub of this shard: a part of its own, which changes no transaction. */
  readonly scrub: LogScrub;
  readonly reads: TransferLogReads;
  readonly alarmJobs: AlarmJobs;
  readonly #parts: TransferLogParts;
  readonly #store: TransferLogStore;
  readonly #alarm: AlarmClock;
  readonly #runner: SagaRunner;
  readonly #schema: Schema;
  readonly #notes: SettledNotes;
  /** As it was read: it is written once, so one reading serves the whole life of an instance. */
  #identity: ShardIdentity | undefined;

  constructor(parts: TransferLogParts) {
    this.#parts = parts;
    this.#schema = new Schema(parts.storage, parts.migrations);
    this.#store = new TransferLogStore(parts.storage);
    this.#alarm = new AlarmClock(parts.storage, parts.clock);
    this.#notes = new SettledNotes(parts.storage, this.#store);
    const own = {
      store: this.#store,
      schema: this.#schema,
      alarm: this.#alarm,
      notes: this.#notes,
    };
    this.#runner = new SagaRunner({ ...parts, ...own });
    this.scrub = new LogScrub({ ...parts, ...own });
    const jobs = { runner: this.#runner, scrub: this.scrub };
    this.alarmJobs = new AlarmJobs({ ...parts, ...own, ...jobs });
    this.reads = new TransferLogReads({
      ...parts,
      ...own,
      onOverdue: () => this.alarmJobs.armSoon(),
    });
  }

  /** TransferLogApi.submit. */
  async submit(call: SubmitCall): Promise<SubmitResult> {
    if (!isUnderstood(call)) return { outcome: "refused", problem: "overloaded" };
    const { requestId } = call;
    const recording = await this.#record(call);
    if ("problem" in recording) return { outcome: "refused", problem: recording.problem };
    const { transaction: recorded, created: isNew } = recording;
    const { id } = recorded;
    const replayed = !isNew && isReplay(call.nonce, recorded.nonce);
    if (isNew) {
      const created = { from: "absent", to: initialState, attempt: 1 } as const;
      this.#parts.log("info", { event: "saga", requestId, transactionId: id, ...created });
    }
    const isSettled = recorded.settledAt !== undefined;
    const settled = isSettled ? recorded : await this.#settle(recorded, requestId);
    const { settledAt: _, ...transaction } = toRecord(settled ?? this.#store.get(id));
    return { outcome: settled ? "settled" : "pending", transaction, replayed };
  }

  /** Drives the transaction. As it settled, all of which is durable; or undefined where that takes
   *  longer than a client is kept waiting: then it goes on without one. */
  async #settle(
    recorded: StoredTransaction,
    requestId: string,
  ): Promise<StoredTransaction | undefined> {
    const { id } = recorded;
    const { settled, forget } = this.#runner.whenSettled(id);
    void this.#runner.advance(recorded, requestId);
    const outcome = await withTimeout(this.#parts.clock, settled, answerWaitMaxMs);
    forget();
    if (outcome !== timedOut) return outcome;
    const row = this.#store.get(id);
    return row.settledAt !== undefined || this.#notes.has(id) ? row : undefined;
  }

  /** Records a new transaction and makes sure of its alarm, or recognises a known one. */
  async #record(call: SubmitCall): Promise<Recording> {
    const { submission } = call;
    const { id } = submission;
    if (this.#schema.exists()) this.#checkShard(id);
    return this.#write((): Written<Recording> => {
      if (!this.#schema.exists()) this.#createShard(logShardOf(id));
      const known = this.#store.find(id);
      if (known) return { result: recognise(known, submission), ...this.#lostAlarm() };
      if (this.#isFull()) return { result: { problem: "overloaded" }, ...this.#lostAlarm() };
      const { principal, requestId, nonce } = call;
      const from = { principal, requestId, ...(nonce !== undefined && { nonce }) };
      const transaction = newTransaction(submission, from, this.#parts.clock.now());
      this.#store.insertPreparing(transaction);
      // Needed then: it takes up a first attempt that a crash ended.
      const { nextAttemptAt: alarmAt } = transaction;
      return { result: { transaction, created: true }, alarmAt, ...this.#lostAlarm() };
    });
  }

  /** No room for new transactions, on disk or at work. Those that are known go on. */
  #isFull(): boolean {
    return (
      this.#runner.inProgress >= transactionsInProgressMax ||
      this.#parts.storage.sql.databaseSize > logBytesMax
    );
  }

  /** One sql transaction, together with the alarm it asks for and what was acknowledged before.
   *  A row for which an alarm is set already needs none: it is one statement, like each note. */
  async #write<T>(body: () => Written<T>): Promise<T> {
    let written: readonly string[] = [];
    const write = () => {
      written = this.#notes.write();
      return body();
    };
    try {
      const { result, alarmAt }: Written<T> = this.#isAlarmSet()
        ? write()
        : { result: await this.#alarm.armWith(write) };
      // Where the alarm was set: only if it turned out to be lost in this very moment, it is again.
      if (alarmAt !== undefined) await this.#alarm.arm(alarmAt);
      this.#notes.forget(written);
      return result;
    } catch (error) {
      this.#schema.rolledBack();
      this.#identity = undefined;
      throw error;
    }
  }

  #isAlarmSet(): boolean {
    return this.#schema.isCurrent && this.#alarm.comesBy(this.#parts.clock.now() + attemptMaxMs);
  }

  /** When the alarm is needed for the first of all that is open, in case that it was lost. */
  #lostAlarm(): { alarmAt?: number } {
    if (this.#alarm.isSet()) return {};
    const next = this.#store.nextTransactionAt(this.#parts.clock.now());
    return next === undefined ? {} : { alarmAt: next };
  }

  #checkShard(id: string): void {
    this.#identity ??= this.#store.identity();
    const own = { class: "transfer-log", shard: logShardOf(id), shards: shardCount };
    assertIdentity(this.#identity, own);
  }

  #createShard(shard: number): void {
    assertObjectName(this.#parts.objectName, logObjectName(shard));
    this.#schema.create();
    this.#store.insertIdentity(shard, shardCount);
    this.scrub.plan();
  }
}
