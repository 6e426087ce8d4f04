// GET /admin/keys/{keyId}: the record of an API key of the caller's tenant. Never its secret.
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

export function getKey(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/admin/keys/{keyId}",
    operationId: "getApiKey",
    tags: ["Administration"],
    summary: "Read an API key",
    description: "A key of the caller's tenant, even if it is revoked or expired.",
    request: {
      params: z.object({
        keyId: idOf("key", examples.apiKeyId).openapi({ description: "The key, `key_...`." }),
      }),
    },
    responses: {
      200: {
        description: "The key, without its secret, which is not stored anywhere.",
        headers: responseHeaders(),
        content: {
          "application/json": { schema: ApiKey, example: renderKey(examples.keyRecord) },
        },
      },
      ...problemResponses(`/admin/keys/${examples.apiKeyId}`, ["not_found"], {
        unknown: "API key",
      }),
    },
  });

  app.get("/admin/keys/:keyId", async (c) => {
    const keyId = c.req.param("keyId");
    if (!isApiKeyId(keyId)) return answerUnknown(c, "API key");
    const { protocol, requestId, tenant } = callOf(c);
    const call = { protocol, requestId, keyId };
    const found = await callFromEdge(() => keyRingStub(c.env, keyShardOf(keyId)).lookUp(call));
    if (!found.ok || found.key.tenant !== tenant) return answerUnknown(c, "API key");
    return c.json(renderKey(found.key), 200);
  });
}
