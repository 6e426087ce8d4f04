// DELETE /admin/keys/{keyId}: revokes an API key. Its record stays.
import { z } from "@hono/zod-openapi";
import { isApiKeyId, keyShardOf } from "../../domain/ids.ts";
import { callFromEdge, keyRingStub } from "../../durable-objects/rpc/stubs.ts";
import { callOf, type App } from "../context.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { answerUnknown } from "../problem.ts";
import { renderKey } from "../render-key.ts";
import { ApiKey } from "../schemas/api-key.ts";
import * as examples from "../schemas/examples.ts";
import { idOf } from "../schemas/fields.ts";

export function revokeKey(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "delete",
    path: "/admin/keys/{keyId}",
    operationId: "revokeApiKey",
    tags: ["Administration"],
    summary: "Revoke an API key",
    description:
      "Permanent. The key is refused everywhere within 60 seconds, because key records are " +
      "cached for 30. Needs no Idempotency-Key: a retry changes nothing and gets the same answer.",
    request: {
      params: z.object({
        keyId: idOf("key", examples.apiKeyId).openapi({ description: "The key, `key_...`." }),
      }),
    },
    responses: {
      200: {
        description: "Revoked, now or earlier.",
        headers: responseHeaders(),
        content: {
          "application/json": { schema: ApiKey, example: renderKey(examples.revokedKeyRecord) },
        },
      },
      ...problemResponses(`/admin/keys/${examples.apiKeyId}`, ["not_found"], {
        unknown: "API key",
      }),
    },
  });

  app.delete("/admin/keys/:keyId", async (c) => {
    const keyId = c.req.param("keyId");
    if (!isApiKeyId(keyId)) return answerUnknown(c, "API key");
    const call = { ...callOf(c), keyId, principal: c.get("principal").id };
    const revoked = await callFromEdge(() => keyRingStub(c.env, keyShardOf(keyId)).revoke(call));
    return revoked.ok ? c.json(renderKey(revoked.key), 200) : answerUnknown(c, "API key");
  });
}
