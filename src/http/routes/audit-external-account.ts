// GET /ops/audits/external-accounts/{shard}: recomputes one of the 256 shards of the outside world.
import { z } from "@hono/zod-openapi";
import { callFromEdge, externalAccountStub } from "../../durable-objects/rpc/stubs.ts";
import { callOf, type App } from "../context.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { answerProblem } from "../problem.ts";
import { auditMaxMs, renderExternalAudit } from "../render-audit.ts";
import { ExternalAudit } from "../schemas/audit.ts";
import * as examples from "../schemas/examples.ts";

const shardPattern = /^[0-9a-f]{2}$/;

const example = renderExternalAudit("external-7f", {
  head: { sequence: 1, hash: examples.hash, createdAt: examples.openedAt },
  checked: { entries: 1, holds: 0, transactions: 1, claims: 1 },
  unreachableShards: 0,
});

export function auditExternalAccount(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/ops/audits/external-accounts/{shard}",
    operationId: "auditExternalAccount",
    tags: ["Operations"],
    summary: "Audit a shard of the outside world",
    description:
      "Recomputes this shard of the tenant's external account from its first entry, compares " +
      "every leg with the transfer log of its transaction, claims with the legs, and tables and " +
      "triggers with their declarations. All 256 shards together are the outside world's " +
      "side of the books.",
    request: {
      params: z.object({
        shard: z
          .string()
          .regex(shardPattern)
          .openapi({ description: "`00` to `ff`.", example: "7f" }),
      }),
    },
    responses: {
      200: {
        description: "The result. A shard that was never used has nothing to check.",
        headers: responseHeaders(),
        content: { "application/json": { schema: ExternalAudit, example } },
      },
      ...problemResponses("/ops/audits/external-accounts/7f", ["not_found"]),
    },
  });

  app.get("/ops/audits/external-accounts/:shard", async (c) => {
    const shard = c.req.param("shard");
    if (!shardPattern.test(shard)) return answerProblem(c, "not_found");
    const account = `external-${shard}`;
    const report = await callFromEdge(
      () => externalAccountStub(c.env, c.get("tenant"), account).audit({ ...callOf(c), account }),
      auditMaxMs,
    );
    return c.json(renderExternalAudit(account, report), 200);
  });
}
