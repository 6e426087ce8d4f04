// GET /admin/keys: all API keys of the caller's tenant, by page. Never their secrets.
import type { z } from "@hono/zod-openapi";
import { keyShardCount } from "../../domain/limits.ts";
import type { KeyRecord, ListKeysCall } from "../../durable-objects/key-ring/contract.ts";
import { callFromEdge, keyRingStub } from "../../durable-objects/rpc/stubs.ts";
import { callOf, type App } from "../context.ts";
import { decodeListCursor, encodeListCursor, type ListScope } from "../list-cursor.ts";
import { strictQuery } from "../middleware/strict-query.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { answerProblem } from "../problem.ts";
import { renderKey } from "../render-key.ts";
import { ApiKeys } from "../schemas/api-key.ts";
import * as examples from "../schemas/examples.ts";
import { foreignCursor, pageQuery } from "../schemas/paging.ts";

const path = "/admin/keys";

type Position = NonNullable<ListKeysCall["after"]>;

function readPosition(scope: ListScope, cursor: string): Position | undefined {
  const [createdAt = "", id = ""] = decodeListCursor(scope, cursor)?.split(".") ?? [];
  return id === "" ? undefined : { createdAt: Number(createdAt), id };
}

function inOrder(left: KeyRecord, right: KeyRecord): number {
  return left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1);
}

/** `keys`: in order, with one more than fits the page if there is one. */
function renderPage(
  scope: ListScope,
  keys: readonly KeyRecord[],
  limit: number,
): z.infer<typeof ApiKeys> {
  const page = keys.slice(0, limit);
  const last = page.at(-1);
  const hasMore = keys.length > limit && last !== undefined;
  return {
    data: page.map(renderKey),
    nextCursor: hasMore ? encodeListCursor(scope, `${last.createdAt}.${last.id}`) : null,
  };
}

export function listKeys(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path,
    operationId: "listApiKeys",
    tags: ["Administration"],
    summary: "List the API keys",
    description:
      "All keys of the caller's tenant, including revoked and expired ones, in order of " +
      "creation. A key that is created during paging is on a later page.",
    request: { query: pageQuery },
    responses: {
      200: {
        description: "The keys, without their secrets, which are not stored anywhere.",
        headers: responseHeaders(),
        content: {
          "application/json": {
            schema: ApiKeys,
            example: renderPage(
              ["keys", "main"],
              [examples.revokedKeyRecord, examples.keyRecord],
              2,
            ),
          },
        },
      },
      ...problemResponses(path, ["validation_failed"]),
    },
  });

  app.get(path, strictQuery(pageQuery), async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const scope = ["keys", c.get("tenant")] as const;
    const after = cursor === undefined ? undefined : readPosition(scope, cursor);
    if (cursor !== undefined && !after) {
      return answerProblem(c, "validation_failed", [foreignCursor]);
    }
    // Each ring may hold the whole page, and one more tells whether there are more.
    const call = { ...callOf(c), limit: limit + 1, ...(after && { after }) };
    const rings = Array.from({ length: keyShardCount }, (_, shard) =>
      callFromEdge(() => keyRingStub(c.env, shard).list(call)),
    );
    const keys = (await Promise.all(rings)).flat().toSorted(inOrder);
    return c.json(renderPage(scope, keys, limit), 200);
  });
}
