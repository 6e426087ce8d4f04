// Fan-out for operators: one call to each of the 256 shards of a class, a few at a time. Collects
// the answers and counts the shards that did not answer.
import { shardCount } from "../domain/limits.ts";
import { callFromEdge } from "../durable-objects/rpc/stubs.ts";
import { describeError, writeLog } from "../platform/log.ts";
import type { AppContext } from "./context.ts";

/** Shards called at once: fast enough, without waking all of them at the same moment. */
const shardsAtOnce = 32;

/** Time limit for one shard, repeats included, in ms: if all of them hang, the operator still has
 *  an answer after 40 s, before the request times out. */
const shardWaitMaxMs = 5_000;

export interface ShardAnswers<T> {
  /** Of the shards that answered, in their order. */
  readonly answers: readonly T[];
  /** Shards that did not answer: their data is missing. */
  readonly unreachableShards: number;
}

/** `what` names the question in the log line of a shard that does not answer. */
export async function askAllShards<T>(
  c: AppContext,
  what: string,
  ask: (shard: number) => Promise<T>,
): Promise<ShardAnswers<T>> {
  const answers: T[] = [];
  const failures: unknown[] = [];
  for (let first = 0; first < shardCount; first += shardsAtOnce) {
    const shards = Array.from({ length: shardsAtOnce }, (_, index) => first + index);
    const outcomes = await Promise.allSettled(
      shards.map((shard) => callFromEdge(() => ask(shard), shardWaitMaxMs)),
    );
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === "fulfilled") {
        answers.push(outcome.value);
        continue;
      }
      failures.push(outcome.reason);
      logFailure(c, `${what} ${first + index}`, outcome.reason);
    }
  }
  // If no shard answered, an empty list would look like good news.
  if (answers.length === 0) throw failures[0];
  return { answers, unreachableShards: failures.length };
}

function logFailure(c: AppContext, target: string, error: unknown): void {
  const line = { requestId: c.get("requestId"), target, detail: describeError(error) };
  writeLog("warn", { event: "call_failed", ...line });
}
