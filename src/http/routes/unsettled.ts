// GET /ops/unsettled: the transactions that are not finished yet, over all shards of the log.
import { z } from "@hono/zod-openapi";
import type { UnsettledTransaction } from "../../durable-objects/contract.ts";
import { callFromEdge, logStub } from "../../durable-objects/stubs.ts";
import { olderThanMaxSeconds, shardCount } from "../../domain/limits.ts";
import { systemClock } from "../../platform/clock.ts";
import { describeError, writeLog } from "../../platform/log.ts";
import { callOf, type App, type AppContext } from "../context.ts";
import { strictQuery } from "../middleware/strict-query.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { renderTime, statusOf } from "../render.ts";
import * as examples from "../schemas/examples.ts";
import { integerParameter } from "../schemas/fields.ts";
import { Unsettled } from "../schemas/operations.ts";

/** Shards asked at once: the answer comes soon, without waking all of them in one moment. */
const shardsAtOnce = 32;

const query = z.strictObject({
  olderThan: integerParameter(0, olderThanMaxSeconds)
    .default(0)
    .openapi({
      default: 0,
      description:
        "Only transactions that were created at least this many seconds ago, and those whose " +
        "time of creation lies in the future: a clock was wrong, and their age is not known.",
    }),
});

/** How long one shard is waited for, repeats included, in ms: where all of them hang, the operators
 *  still have their answer in 40 s, before a request is given up. */
const shardWaitMaxMs = 5_000;

interface Found {
  /** Oldest first. */
  readonly transactions: readonly UnsettledTransaction[];
  /** Shards that did not answer: what they know is missing. */
  readonly unreachableShards: number;
}

async function askAllShards(c: AppContext, createdUntil: number): Promise<Found> {
  const found: UnsettledTransaction[] = [];
  const failures: unknown[] = [];
  for (let first = 0; first < shardCount; first += shardsAtOnce) {
    const shards = Array.from({ length: shardsAtOnce }, (_, index) => first + index);
    const answers = await Promise.all(
      shards.map((shard) =>
        askShard(c, shard, createdUntil).catch((error: unknown) => {
          failures.push(error);
          return [];
        }),
      ),
    );
    found.push(...answers.flat());
  }
  // An answer of no shard at all is none: an empty list would look like good news.
  if (failures.length === shardCount) throw failures[0];
  const transactions = found.toSorted((left, right) => left.createdAt - right.createdAt);
  return { transactions, unreachableShards: failures.length };
}

/** What one shard lists. A failure is logged, and thrown. */
async function askShard(c: AppContext, shard: number, createdUntil: number) {
  const call = { ...callOf(c), createdUntil };
  try {
    return await callFromEdge(() => logStub(c.env, shard).unsettled(call), shardWaitMaxMs);
  } catch (error) {
    const target = `transfer-log ${shard} unsettled`;
    const line = { requestId: call.requestId, target, detail: describeError(error) };
    writeLog("warn", { event: "call_failed", ...line });
    throw error;
  }
}

function render(transaction: UnsettledTransaction): z.infer<typeof Unsettled>["data"][number] {
  const { id, type, state, stuck, attempts, createdAt, decidedAt, nextAttemptAt } = transaction;
  return {
    transactionId: id,
    type,
    status: statusOf(state),
    stuck,
    attempts,
    createdAt: renderTime(createdAt),
    ...(decidedAt !== undefined && { decidedAt: renderTime(decidedAt) }),
    nextAttemptAt: renderTime(nextAttemptAt),
  };
}

const example = render({
  id: examples.transferId,
  type: "transfer",
  state: "committed",
  stuck: false,
  attempts: 3,
  createdAt: examples.openedAt,
  decidedAt: examples.openedAt + 12,
  nextAttemptAt: examples.openedAt + 7_000,
});

export function unsettled(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/ops/unsettled",
    operationId: "listUnsettledTransactions",
    tags: ["Operations"],
    summary: "Unfinished transactions",
    description:
      "Oldest first, from all shards of the log, at most 100 of each. Shards that do not answer " +
      "are counted: what they know is missing.",
    request: { query },
    responses: {
      200: {
        description:
          "Undecided transactions, and decided ones that some account has yet to hear of.",
        headers: responseHeaders(),
        content: {
          "application/json": {
            schema: Unsettled,
            example: { data: [example], unreachableShards: 0 },
          },
        },
      },
      ...problemResponses("/ops/unsettled", ["validation_failed"]),
    },
  });

  app.get("/ops/unsettled", strictQuery(query), async (c) => {
    const { olderThan } = c.req.valid("query");
    // Of any age is without a bound: a shard's clock may be ahead of this one.
    const createdUntil =
      olderThan === 0 ? Number.MAX_SAFE_INTEGER : systemClock.now() - olderThan * 1_000;
    const { transactions, unreachableShards } = await askAllShards(c, createdUntil);
    return c.json({ data: transactions.map(render), unreachableShards }, 200);
  });
}
