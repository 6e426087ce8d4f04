// Transactions written into a log's table as a crash would have left them: by the log's own store,
// with nothing driven yet. The log object then starts anew and must find them by itself.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import transactionsSql from "../../migrations/transfer-log/0001_transactions.sql";
import type { Refusal } from "../../src/domain/errors.ts";
import { logShardOf } from "../../src/domain/ids.ts";
import { deadlineFor, type SagaState } from "../../src/domain/saga.ts";
import { currentRenderer, legsOf, type Submission } from "../../src/domain/transaction.ts";
import { TransferLogStore } from "../../src/durable-objects/transfer-log-store.ts";
import { Schema } from "../../src/platform/migrations.ts";
import { logObject } from "./ledger.ts";

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
export async function recordTransaction(submitted: Submission, at: CrashedAt = {}): Promise<void> {
  const { state = "preparing", refusal, createdAt = Date.now(), attempts = 0 } = at;
  const log = logObject(submitted.id);
  await runInDurableObject(log, (_instance, { storage }) => {
    const store = new TransferLogStore(storage);
    const schema = new Schema(storage, [
      { id: "transfer-log/0001_transactions", sql: transactionsSql },
    ]);
    storage.transactionSync(() => {
      if (!schema.exists()) {
        schema.create();
        store.insertIdentity(logShardOf(submitted.id), 256);
      }
      store.insertPreparing({
        ...submitted,
        state: "preparing",
        legs: legsOf(submitted.request),
        renderer: currentRenderer,
        createdAt,
        deadline: deadlineFor(createdAt),
        requestId: "crashed",
        attempts: 0,
        nextAttemptAt: createdAt + nextAttemptInMs,
        stuck: false,
      });
      if (attempts > 0) store.postpone(submitted.id, attempts, createdAt + nextAttemptInMs, false);
      if (state !== "preparing") store.decide(submitted.id, state, refusal, createdAt);
    });
  });
  await evictDurableObject(log);
}
