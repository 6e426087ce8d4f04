// Records what a log shard is asked for, or recognises it: the rows and the alarm that they need,
// all or none. The rows of a batch are written together with those of its items.
import { logObjectName, logShardOf } from "../../domain/ids.ts";
import {
  attemptMaxMs,
  logBytesMax,
  shardCount,
  transactionsInProgressMax,
} from "../../domain/limits.ts";
import type { Submission } from "../../domain/protocol/transaction.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import type { Schema } from "../../platform/migrations.ts";
import type { ObjectStorage } from "../../platform/storage.ts";
import type { AlarmClock } from "../alarm-clock.ts";
import type { WriteCall } from "../rpc/contract.ts";
import { assertIdentity, assertObjectName, type ShardIdentity } from "../rpc/identity.ts";
import type { BatchStore, StoredBatch } from "./batch-store.ts";
import type { Refused, SubmitBatchCall, SubmitCall } from "./contract.ts";
import { newTransaction } from "./new-transaction.ts";
import type { SagaRunner } from "./runner.ts";
import type { LogScrub } from "./scrub.ts";
import type { SettledNotes } from "./settled-notes.ts";
import type { StoredTransaction } from "./rows.ts";
import type { TransferLogStore } from "./store.ts";

/** The rows of what was asked for. `nonce`: of the earlier request that created them. */
export interface Recorded {
  readonly transactions: readonly StoredTransaction[];
  readonly created: boolean;
  readonly nonce?: string | undefined;
}

type Recording = Recorded | { readonly problem: Refused["problem"] };

type From = WriteCall & { readonly principal: string };

/** What a write brings, and when it needs the alarm. */
interface Written {
  readonly result: Recording;
  readonly alarmAt?: number;
}

const reused: Recording = { problem: "idempotency_key_reused" };

function isSame<T extends Pick<Submission, "tenant" | "fingerprint">>(
  known: T | undefined,
  asked: Pick<Submission, "tenant" | "fingerprint"> | undefined,
): known is T {
  if (!known || known.tenant !== asked?.tenant) return false;
  return known.fingerprint === asked.fingerprint;
}

interface RecorderParts {
  /** What the object is called; unknown to an instance that was reached by its id. */
  readonly objectName?: string | undefined;
  readonly storage: ObjectStorage;
  readonly clock: Clock;
  readonly log: Log;
  readonly schema: Schema;
  readonly store: TransferLogStore;
  readonly batches: BatchStore;
  readonly alarm: AlarmClock;
  readonly notes: SettledNotes;
  readonly runner: SagaRunner;
  readonly scrub: LogScrub;
}

export class Recorder {
  readonly #parts: RecorderParts;
  /** As it was read: it is written once, so one reading serves the whole life of an instance. */
  #identity: ShardIdentity | undefined;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** Records a new transaction and makes sure of its alarm, or recognises a known one. */
  record(call: SubmitCall): Promise<Recording> {
    const { submission } = call;
    const { id } = submission;
    const { store, batches } = this.#parts;
    return this.#write(id, "one row", () => {
      const known = store.find(id);
      if (!known) return batches.find(id) ? reused : this.#insert(call, [submission]);
      if (!isSame(known, submission)) return reused;
      return { transactions: [known], created: false, nonce: known.nonce };
    });
  }

  /** The same for a batch and all of its items. */
  recordBatch(call: SubmitBatchCall): Promise<Recording> {
    const { batch, nonce } = call;
    const { id, tenant, fingerprint, items } = batch;
    const { store, batches, clock } = this.#parts;
    return this.#write(id, "several rows", () => {
      const known = batches.find(id);
      if (known) return isSame(known, batch) ? this.#recognise(known, call) : reused;
      if (store.find(id)) return reused;
      const recording = this.#insert(call, items);
      if ("problem" in recording) return recording;
      const row = { id, tenant, fingerprint, count: items.length, createdAt: clock.now() };
      batches.insert({ ...row, ...(nonce !== undefined && { nonce }) });
      return recording;
    });
  }

  /** Rows that are not what the batch says are a fault: what its key has done is not known. */
  #recognise({ count, nonce }: StoredBatch, { requestId, batch }: SubmitBatchCall): Recording {
    const { id: transactionId, items } = batch;
    const rows = items.map(({ id }) => this.#parts.store.find(id));
    const transactions = rows.filter((row, index) => isSame(row, items[index]));
    if (count === items.length && transactions.length === count) {
      return { transactions, created: false, nonce };
    }
    const detail = "the items of a batch are not those that it was recorded with";
    this.#parts.log("error", { event: "integrity_fault", requestId, transactionId, detail });
    throw new Error(detail);
  }

  /** All of them, where there is room. */
  #insert({ principal, requestId, nonce }: From, submissions: readonly Submission[]): Recording {
    if (this.#isFullFor(submissions.length)) return { problem: "overloaded" };
    const { store, clock } = this.#parts;
    const from = { principal, requestId, ...(nonce !== undefined && { nonce }) };
    const now = clock.now();
    const transactions = submissions.map((one) => newTransaction(one, from, now));
    for (const transaction of transactions) store.insertPreparing(transaction);
    return { transactions, created: true };
  }

  /** No room for so many new transactions, on disk or at work. Those that are known go on. */
  #isFullFor(count: number): boolean {
    const { runner, storage } = this.#parts;
    const isBusy = runner.inProgress + count > transactionsInProgressMax;
    return isBusy || storage.sql.databaseSize > logBytesMax;
  }

  /** One sql transaction, together with the alarm it asks for and what was acknowledged before.
   *  One row for which an alarm is set already needs none: it is one statement, like each note. */
  async #write(
    id: string,
    size: "one row" | "several rows",
    record: () => Recording,
  ): Promise<Recording> {
    const { schema, alarm, notes } = this.#parts;
    if (schema.exists()) this.#checkShard(id);
    let written: readonly string[] = [];
    const write = (): Written => {
      written = notes.write();
      if (!schema.exists()) this.#createShard(logShardOf(id));
      const result = record();
      // Needed then: it takes up first attempts that a crash ended.
      const isNew = "created" in result && result.created;
      const alarmAt = isNew ? result.transactions[0]?.nextAttemptAt : undefined;
      return { result, ...(alarmAt !== undefined && { alarmAt }), ...this.#lostAlarm() };
    };
    try {
      const { result, alarmAt }: Written =
        size === "one row" && this.#isAlarmSet() ? write() : { result: await alarm.armWith(write) };
      // Where the alarm was set: only if it turned out to be lost in this very moment, it is again.
      if (alarmAt !== undefined) await alarm.arm(alarmAt);
      notes.forget(written);
      return result;
    } catch (error) {
      schema.rolledBack();
      this.#identity = undefined;
      throw error;
    }
  }

  #isAlarmSet(): boolean {
    const { schema, alarm, clock } = this.#parts;
    return schema.isCurrent && alarm.comesBy(clock.now() + attemptMaxMs);
  }

  /** When the alarm is needed for the first of all that is open, in case that it was lost. */
  #lostAlarm(): { alarmAt?: number } {
    const { store, alarm, clock } = this.#parts;
    if (alarm.isSet()) return {};
    const next = store.nextTransactionAt(clock.now());
    return next === undefined ? {} : { alarmAt: next };
  }

  #checkShard(id: string): void {
    this.#identity ??= this.#parts.store.identity();
    const own = { class: "transfer-log", shard: logShardOf(id), shards: shardCount };
    assertIdentity(this.#identity, own);
  }

  #createShard(shard: number): void {
    const { objectName, schema, store, scrub } = this.#parts;
    assertObjectName(objectName, logObjectName(shard));
    schema.create();
    store.insertIdentity(shard, shardCount);
    scrub.plan();
  }
}
