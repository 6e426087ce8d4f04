// POST /ops/scrub: starts a round of the scrub in every log shard.
import { logStub } from "../../durable-objects/rpc/stubs.ts";
import { scrubIdFor } from "../../domain/ids.ts";
import { askAllShards } from "../ask-shards.ts";
import { writeCallOf, type App } from "../context.ts";
import { idempotencyKey } from "../middleware/idempotency-key.ts";
import { strictBody } from "../middleware/strict-body.ts";
import { bodyProblems, problemResponses, responseHeaders, writeHeaders } from "../openapi.ts";
import { answerProblem } from "../problem.ts";
import * as examples from "../schemas/examples.ts";
import { ScrubCommand, ScrubInput } from "../schemas/integrity.ts";

export function startScrub(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "post",
    path: "/ops/scrub",
    operationId: "startScrub",
    tags: ["Operations"],
    summary: "Start a scrub of all log shards",
    description:
      "Each shard with transactions starts a round, at one batch a minute; a running round " +
      "continues. Without this command a round starts every 7 days. These commands have their " +
      "own namespace of idempotency keys.",
    request: {
      headers: writeHeaders(examples.exampleKeys.scrub),
      body: {
        required: true,
        content: { "application/json": { schema: ScrubInput, example: {} } },
      },
    },
    responses: {
      201: {
        description: "Recorded in every shard, now or by an earlier request with the same key.",
        headers: responseHeaders("Location", "Idempotent-Replayed"),
        content: {
          "application/json": { schema: ScrubCommand, example: { id: examples.scrubId } },
        },
      },
      ...problemResponses("/ops/scrub", bodyProblems),
    },
  });

  app.post("/ops/scrub", strictBody(ScrubInput), idempotencyKey, async (c) => {
    const { id: principal, tenant } = c.get("principal");
    const id = scrubIdFor(tenant, c.get("idempotencyKey"));
    const command = { ...writeCallOf(c), scrubId: id, principal };
    const { answers, unreachableShards } = await askAllShards(c, "transfer-log", (shard) =>
      logStub(c.env, shard).startScrub(command),
    );
    // Some have recorded it: the same key tells the others.
    if (unreachableShards > 0) return answerProblem(c, "overloaded");
    const replayed = answers.includes("known") && !answers.includes("started");
    c.set("replayed", replayed);
    if (replayed) c.header("Idempotent-Replayed", "true");
    return c.json({ id }, 201, { Location: "/ops/scrub" });
  });
}
