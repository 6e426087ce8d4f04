// GET /admin/keys: every API key that the caller's tenant ever had. Never their secrets.
import { keyShardCount } from "../../domain/limits.ts";
import { callFromEdge, keyRingStub } from "../../durable-objects/stubs.ts";
import { callOf, type App } from "../context.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { renderKey } from "../render-key.ts";
import { ApiKeys } from "../schemas/api-key.ts";
import * as examples from "../schemas/examples.ts";

const path = "/admin/keys";

export function listKeys(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path,
    operationId: "listApiKeys",
    tags: ["Administration"],
    summary: "List the API keys",
    description: "Of the caller's tenant, revoked and expired ones too, in order of creation.",
    responses: {
      200: {
        description: "The keys, without their secrets, which are not kept anywhere.",
        headers: responseHeaders(),
        content: {
          "application/json": {
            schema: ApiKeys,
            example: {
              data: [renderKey(examples.revokedKeyRecord), renderKey(examples.keyRecord)],
            },
          },
        },
      },
      ...problemResponses(path, []),
    },
  });

  app.get(path, async (c) => {
    const rings = Array.from({ length: keyShardCount }, (_, shard) =>
      callFromEdge(() => keyRingStub(c.env, shard).list(callOf(c))),
    );
    const keys = (await Promise.all(rings)).flat();
    const inOrder = keys.toSorted((left, right) => left.createdAt - right.createdAt);
    return c.json({ data: inOrder.map(renderKey) }, 200);
  });
}
