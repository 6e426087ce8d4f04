// GET /ops/unsettled: the unfinished transactions of all log shards.
import { z } from "@hono/zod-openapi";
import type { UnsettledTransaction } from "../../durable-objects/transfer-log/contract.ts";
import { logStub } from "../../durable-objects/rpc/stubs.ts";
import { olderThanMaxSeconds } from "../../domain/limits.ts";
import { systemClock } from "../../platform/clock.ts";
import { askAllShards } from "../ask-shards.ts";
import { callOf, type App } from "../context.ts";
import { strictQuery } from "../middleware/strict-query.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { renderTime, statusOf } from "../render.ts";
import { transfer } from "../operations/transfer.ts";
import * as examples from "../schemas/examples.ts";
import { integerParameter } from "../schemas/fields.ts";
import { Unsettled } from "../schemas/operations.ts";

const query = z.strictObject({
  olderThan: integerParameter(0, olderThanMaxSeconds)
    .default(0)
    .openapi({
      default: 0,
      description:
        "Only transactions that were created at least this many seconds ago, and those whose " +
        "creation time lies in the future because a clock was wrong.",
    }),
});

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
  type: transfer.type,
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
    summary: "List the unfinished transactions",
    description:
      "Oldest first, from all log shards, at most 100 of each. Shards that do not answer are " +
      "counted; their transactions are missing.",
    request: { query },
    responses: {
      200: {
        description:
          "Undecided transactions, decided ones that some account has not acknowledged yet, and " +
          "authorizations that should have expired.",
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
    const call = { ...callOf(c), createdUntil };
    const { answers, unreachableShards } = await askAllShards(c, "unsettled of log", (shard) =>
      logStub(c.env, shard).unsettled(call),
    );
    const oldestFirst = answers.flat().toSorted((left, right) => left.createdAt - right.createdAt);
    return c.json({ data: oldestFirst.map(render), unreachableShards }, 200);
  });
}
