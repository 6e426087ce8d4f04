// One question to all 256 shards of a class, for operators: some at a time, and an answer of those
// that answered. How many did not is part of the answer.
import { shardCount } from "../domain/limits.ts";
import { callFromEdge } from "../durable-objects/rpc/stubs.ts";
import { describeError, writeLog } from "../platform/log.ts";
import type { AppContext } from "./context.ts";

/** Shards asked at once: the answer comes soon, without waking all of them in one moment. */
const shardsAtOnce = 32;

/** How long one shard is waited for, repeats included, in ms: where all of them hang, the operators
 *  still have their answer in 40 s, before a request is given up. */
const shardWaitMaxMs = 5_000;

export interface ShardAnswers<T> {
  /** Of the shards that answered, in their order. */
  readonly answers: readonly T[];
  /** Shards that did not answer: what they know is missing. */
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
  // An answer of no shard at all is none: an empty list would look like good news.
  if (answers.length === 0) throw failures[0];
  return { answers, unreachableShards: failures.length };
}

function logFailure(c: AppContext, target: string, error: unknown): void {
  const line = { requestId: c.get("requestId"), target, detail: describeError(error) };
  writeLog("warn", { event: "call_failed", ...line });
}
