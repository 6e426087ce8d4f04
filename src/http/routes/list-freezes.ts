// GET /wallets/{userId}/freezes: the freezes and thaws of a wallet, newest first.
import { z } from "@hono/zod-openapi";
import { callFromEdge, walletStub } from "../../durable-objects/rpc/stubs.ts";
import { parseWalletId } from "../../domain/ids.ts";
import type { FreezesPage } from "../../durable-objects/wallet/contract.ts";
import { callOf, type App } from "../context.ts";
import { decodeListCursor, encodeListCursor, type ListScope } from "../list-cursor.ts";
import { strictQuery } from "../middleware/strict-query.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { answerProblem } from "../problem.ts";
import { renderFreeze } from "../render.ts";
import * as examples from "../schemas/examples.ts";
import { walletParameter } from "../schemas/fields.ts";
import { Freezes } from "../schemas/freeze.ts";
import { foreignCursor, pageQuery } from "../schemas/paging.ts";

function renderPage(
  scope: ListScope,
  { freezes, hasMore }: Omit<FreezesPage, "ok">,
): z.infer<typeof Freezes> {
  const last = freezes.at(-1);
  return {
    data: freezes.map(renderFreeze),
    nextCursor: hasMore && last ? encodeListCursor(scope, last.id) : null,
  };
}

const example = renderPage(["freezes", "main", examples.adaWalletId], {
  freezes: [examples.freeze],
  hasMore: false,
});

export function listFreezes(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/wallets/{userId}/freezes",
    operationId: "listFreezes",
    tags: ["Operations"],
    summary: "List the freezes of a wallet",
    description:
      "Freezes and thaws, newest first: the first one tells whether the wallet is frozen.",
    request: {
      params: z.object({ userId: walletParameter }),
      query: pageQuery,
    },
    responses: {
      200: {
        description: "Freezes and thaws; empty if the wallet was never frozen.",
        headers: responseHeaders(),
        content: {
          "application/json": { schema: Freezes, example },
        },
      },
      ...problemResponses(`/wallets/${examples.adaId}/freezes`, [
        "validation_failed",
        "wallet_not_found",
      ]),
    },
  });

  app.get("/wallets/:userId/freezes", strictQuery(pageQuery), async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const sent = c.req.param("userId");
    const walletId = parseWalletId(sent);
    const scope = ["freezes", c.get("tenant"), walletId ?? sent] as const;
    const before = cursor === undefined ? undefined : decodeListCursor(scope, cursor);
    if (cursor !== undefined && before === undefined) {
      return answerProblem(c, "validation_failed", [foreignCursor]);
    }
    if (walletId === undefined) return answerProblem(c, "wallet_not_found");
    c.set("walletId", walletId);
    const call = { ...callOf(c), walletId, limit, ...(before !== undefined && { before }) };
    const found = await callFromEdge(() =>
      walletStub(c.env, c.get("tenant"), walletId).freezes(call),
    );
    if (!found.ok) return answerProblem(c, "wallet_not_found");
    return c.json(renderPage(scope, found), 200);
  });
}
