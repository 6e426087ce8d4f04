// Transactions written into a log's table as a crash would have left them: by the log's own store,
// with nothing driven yet. The log object then starts anew and must find them by itself.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import type { Refusal } from "../../src/domain/errors.ts";
import { logShardOf } from "../../src/domain/ids.ts";
import { deadlineFor, type SagaState } from "../../src/domain/protocol/saga.ts";
import {
  currentRenderer,
  linesOf,
  type Submission,
} from "../../src/domain/protocol/transaction.ts";
import { transferLogMigrations } from "../../src/durable-objects/rpc/migrations.ts";
import { TransferLogStore } from "../../src/durable-objects/transfer-log/store.ts";
import { Schema } from "../../src/platform/migrations.ts";
import { logObject } from "./stubs.ts";

/** When the log next drives a row that `recordTransaction` wrote, in ms after its creation: early
 *  enough for the deadline, late enough that no real alarm comes in between. */
export const nextAttemptInMs = 25_000;

export interface CrashedAt {
  readonly state?: SagaState;
  readonly refusal?: Refusal;
  /** Ms since the epoch; now where it is left out. */
  readonly createdAt?: number;
  readonly attempts?: number;
}

/** Records a transaction in the given state, undriven, and restarts its log. */
export function recordTransaction(submitted: Submission, at: CrashedAt = {}): Promise<void> {
  return recordInOneShard([submitted], at);
}

/** The same for several transactions of one shard; each was created 1 ms before the one behind it. */
export async function recordInOneShard(
  submissions: readonly Submission[],
  at: CrashedAt = {},
): Promise<void> {
  const [first] = submissions;
  if (!first) return;
  const log = logObject(first.id);
  const lastCreatedAt = at.createdAt ?? Date.now();
  await runInDurableObject(log, (_instance, { storage }) => {
    const store = new TransferLogStore(storage);
    const schema = new Schema(storage, transferLogMigrations);
    storage.transactionSync(() => {
      if (!schema.exists()) {
        schema.create();
        store.insertIdentity(logShardOf(first.id), 256);
      }
      for (const [index, submitted] of submissions.entries()) {
        const createdAt = lastCreatedAt - (submissions.length - 1 - index);
        insert(store, submitted, createdAt, at);
      }
    });
  });
  await evictDurableObject(log);
}

function insert(store: TransferLogStore, submitted: Submission, createdAt: number, at: CrashedAt) {
  const { state = "preparing", refusal, attempts = 0 } = at;
  const nextAttemptAt = createdAt + nextAttemptInMs;
  store.insertPreparing({
    ...submitted,
    principal: "test",
    state: "preparing",
    lines: linesOf(submitted.request),
    renderer: currentRenderer,
    createdAt,
    deadline: deadlineFor(createdAt),
    requestId: "crashed",
    attempts: 0,
    nextAttemptAt,
    stuck: false,
  });
  if (attempts > 0) store.postpone(submitted.id, { attempts, nextAttemptAt, stuck: false });
  if (state !== "preparing") store.decide(submitted.id, state, refusal, createdAt);
}
