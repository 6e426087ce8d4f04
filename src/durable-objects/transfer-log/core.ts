// One shard of the transfer log: idempotency record and coordinator of the transactions whose ids
// fall into it. Everything but the shell. Only this object decides transactions.
import { answerWaitMaxMs } from "../../domain/limits.ts";
import { initialState } from "../../domain/protocol/saga.ts";
import { timedOut, withTimeout } from "../../platform/clock.ts";
import { Schema, type Migration } from "../../platform/migrations.ts";
import type { ObjectStorage } from "../../platform/storage.ts";
import { AlarmClock } from "../alarm-clock.ts";
import { GroupCommit } from "../group-commit.ts";
import { isReplay, isUnderstood, type WriteCall } from "../rpc/contract.ts";
import { AlarmJobs } from "./alarm-jobs.ts";
import { toRecord } from "./answers.ts";
import { BatchStore } from "./batch-store.ts";
import type {
  Outcome,
  SubmitBatchCall,
  SubmitBatchResult,
  SubmitCall,
  SubmitResult,
} from "./contract.ts";
import type { LegCallParts } from "./leg-calls.ts";
import { TransferLogReads } from "./reads.ts";
import { Recorder, type Recorded } from "./recorder.ts";
import { SagaRunner } from "./runner.ts";
import { LogScrub } from "./scrub.ts";
import { SettledNotes } from "./settled-notes.ts";
import type { StoredTransaction } from "./rows.ts";
import { TransferLogStore } from "./store.ts";

export interface TransferLogParts extends LegCallParts {
  /** What the object is called; unknown to an instance that was reached by its id. */
  readonly objectName?: string | undefined;
  readonly storage: ObjectStorage;
  readonly random: () => number;
  readonly migrations: readonly Migration[];
}

function wasRecorded({ created, nonce }: Recorded, call: WriteCall): boolean {
  return !created && isReplay(call.nonce, nonce);
}

export class TransferLogCore {
  /** The scrub of this shard: a part of its own, which changes no transaction. */
  readonly scrub: LogScrub;
  readonly reads: TransferLogReads;
  readonly alarmJobs: AlarmJobs;
  readonly #parts: TransferLogParts;
  readonly #store: TransferLogStore;
  readonly #runner: SagaRunner;
  readonly #recorder: Recorder;
  readonly #notes: SettledNotes;

  constructor(parts: TransferLogParts) {
    this.#parts = parts;
    this.#store = new TransferLogStore(parts.storage);
    this.#notes = new SettledNotes(parts.storage, this.#store);
    const own = {
      store: this.#store,
      batches: new BatchStore(parts.storage),
      schema: new Schema(parts.storage, parts.migrations),
      alarm: new AlarmClock(parts.storage, parts.clock),
      commits: new GroupCommit(parts.storage, parts.clock),
      notes: this.#notes,
    };
    this.#runner = new SagaRunner({ ...parts, ...own });
    this.scrub = new LogScrub({ ...parts, ...own });
    this.#recorder = new Recorder({ ...parts, ...own, runner: this.#runner, scrub: this.scrub });
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
    const recording = await this.#recorder.record(call);
    if ("problem" in recording) return { outcome: "refused", problem: recording.problem };
    const [outcome] = await this.#drive(recording, call.requestId);
    if (!outcome) throw new Error("a submission has a transaction");
    return { ...outcome, replayed: wasRecorded(recording, call) };
  }

  /** TransferLogApi.submitBatch. */
  async submitBatch(call: SubmitBatchCall): Promise<SubmitBatchResult> {
    if (!isUnderstood(call)) return { outcome: "refused", problem: "overloaded" };
    const recording = await this.#recorder.recordBatch(call);
    if ("problem" in recording) return { outcome: "refused", problem: recording.problem };
    const { requestId, batch } = call;
    const line = {
      event: "batch",
      requestId,
      batchId: batch.id,
      count: batch.items.length,
    } as const;
    if (recording.created) this.#parts.log("info", line);
    const items = await this.#drive(recording, requestId);
    return { outcome: "recorded", items, replayed: wasRecorded(recording, call) };
  }

  /** Drives all that is recorded, at once. */
  #drive({ transactions, created }: Recorded, requestId: string): Promise<readonly Outcome[]> {
    const drive = async (recorded: StoredTransaction): Promise<Outcome> => {
      const { id } = recorded;
      if (created) {
        const line = { from: "absent", to: initialState, attempt: 1 } as const;
        this.#parts.log("info", { event: "saga", requestId, transactionId: id, ...line });
      }
      const isSettled = recorded.settledAt !== undefined;
      const settled = isSettled ? recorded : await this.#settle(recorded, requestId);
      const { settledAt: _, ...transaction } = toRecord(settled ?? this.#store.get(id));
      return { outcome: settled ? "settled" : "pending", transaction };
    };
    return Promise.all(transactions.map(drive));
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
}
