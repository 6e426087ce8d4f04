// GET /ops/scrub: progress and findings of the scrub of the log shards.
import type { z } from "@hono/zod-openapi";
import type { ScrubStatus } from "../../durable-objects/transfer-log/scrub-contract.ts";
import { logStub } from "../../durable-objects/rpc/stubs.ts";
import { askAllShards, type ShardAnswers } from "../ask-shards.ts";
import { callOf, type App } from "../context.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { renderTime } from "../render.ts";
import * as examples from "../schemas/examples.ts";
import { Scrub } from "../schemas/integrity.ts";

/** The earliest of all; null where there is none, or where one is missing. */
function earliest(times: readonly (number | null)[]): string | null {
  const known = times.filter((time) => time !== null);
  if (known.length === 0 || known.length < times.length) return null;
  return renderTime(known.reduce((first, time) => Math.min(first, time)));
}

function render({
  answers,
  unreachableShards,
}: ShardAnswers<ScrubStatus | null>): z.infer<typeof Scrub> {
  const used = answers.filter((status) => status !== null);
  const running = used.filter((status) => status.running).length;
  const progress = used.reduce((sum, status) => sum + status.progress, 0);
  const differences = used
    .flatMap((status) => status.differences)
    .toSorted((left, right) => right.lastFoundAt - left.lastFoundAt);
  return {
    running,
    waiting: used.length - running,
    empty: answers.length - used.length,
    unreachableShards,
    progressPercent: used.length === 0 ? 100 : Math.floor((100 * progress) / used.length),
    lastEndedAt: earliest(used.map(({ endedAt }) => endedAt)),
    nextStartAt: earliest(used.map(({ nextAt }) => nextAt)),
    incompleteShards: used.filter(({ incomplete }) => incomplete).length,
    differenceCount: used.reduce((sum, { differenceCount }) => sum + differenceCount, 0),
    differences: differences.map(({ firstFoundAt, lastFoundAt, ...difference }) => ({
      ...difference,
      firstFoundAt: renderTime(firstFoundAt),
      lastFoundAt: renderTime(lastFoundAt),
    })),
  };
}

const idle = { running: false, progress: 1, startedAt: examples.openedAt, incomplete: false };
const difference = {
  transactionId: examples.transferId,
  account: examples.benWalletId,
  kind: "missing_leg",
  firstFoundAt: examples.openedAt + 3_000,
  lastFoundAt: examples.openedAt + 3_000,
} as const;
const times = { endedAt: examples.openedAt + 4_000, nextAt: examples.openedAt + 604_800_000 };
const example = render({
  answers: [
    { ...idle, ...times, differences: [difference], differenceCount: 1 },
    ...Array.from({ length: 255 }, () => null),
  ],
  unreachableShards: 0,
});

export function readScrub(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/ops/scrub",
    operationId: "getScrub",
    tags: ["Operations"],
    summary: "Read the scrub report",
    description:
      "Every 7 days each log shard compares its decisions with the accounts, transaction by " +
      "transaction. A difference stays listed once it was found.",
    responses: {
      200: {
        description: "The progress of all shards, and the differences of the tenant.",
        headers: responseHeaders(),
        content: { "application/json": { schema: Scrub, example } },
      },
      ...problemResponses("/ops/scrub", []),
    },
  });

  app.get("/ops/scrub", async (c) => {
    const call = callOf(c);
    const answers = await askAllShards(c, "scrub of log", (shard) =>
      logStub(c.env, shard).scrubStatus(call),
    );
    return c.json(render(answers), 200);
  });
}
