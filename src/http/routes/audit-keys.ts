// GET /ops/audits/keys: compares the API keys of the tenant with the requests that created them.
import type { KeyAuditReport } from "../../durable-objects/account/audit-contract.ts";
import { callFromEdge, keyRingStub } from "../../durable-objects/rpc/stubs.ts";
import { keyShardCount } from "../../domain/limits.ts";
import { describeError, writeLog } from "../../platform/log.ts";
import { callOf, type App, type AppContext } from "../context.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { renderKeyAudit } from "../render-audit.ts";
import { KeyAudit } from "../schemas/audit.ts";

const example = renderKeyAudit(Array.from({ length: keyShardCount }, () => ({ keys: 1 })));

async function auditRing(c: AppContext, shard: number): Promise<KeyAuditReport | undefined> {
  try {
    return await callFromEdge(() => keyRingStub(c.env, shard).audit({ ...callOf(c), shard }));
  } catch (error) {
    const { requestId } = callOf(c);
    const target = `key-ring ${shard} audit`;
    writeLog("warn", { event: "call_failed", requestId, target, detail: describeError(error) });
    return undefined;
  }
}

export function auditKeys(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/ops/audits/keys",
    operationId: "auditApiKeys",
    tags: ["Operations"],
    summary: "Audit the API keys",
    description: "Compares name, scopes and expiry of each key with the request that created it.",
    responses: {
      200: {
        description: "The result, with the first difference if there is one.",
        headers: responseHeaders(),
        content: { "application/json": { schema: KeyAudit, example } },
      },
      ...problemResponses("/ops/audits/keys", []),
    },
  });

  app.get("/ops/audits/keys", async (c) => {
    const rings = Array.from({ length: keyShardCount }, (_, shard) => auditRing(c, shard));
    return c.json(renderKeyAudit(await Promise.all(rings)), 200);
  });
}
