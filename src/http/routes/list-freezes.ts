// GET /wallets/{userId}/freezes: who froze or thawed a wallet, when and why.
import { z } from "@hono/zod-openapi";
import { callFromEdge, walletStub } from "../../durable-objects/stubs.ts";
import { parseWalletId } from "../../domain/ids.ts";
import { callOf, type App } from "../context.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { answerProblem } from "../problem.ts";
import { renderFreeze } from "../render.ts";
import * as examples from "../schemas/examples.ts";
import { walletParameter } from "../schemas/fields.ts";
import { Freezes } from "../schemas/freeze.ts";

export function listFreezes(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/wallets/{userId}/freezes",
    operationId: "listFreezes",
    tags: ["Operations"],
    summary: "Who froze a wallet, and why",
    description: "Newest first: the first one says whether the wallet is frozen.",
    request: {
      params: z.object({ userId: walletParameter }),
    },
    responses: {
      200: {
        description: "The acts; none if the wallet was never frozen.",
        headers: responseHeaders(),
        content: {
          "application/json": {
            schema: Freezes,
            example: { data: [renderFreeze(examples.freeze)] },
          },
        },
      },
      ...problemResponses(`/wallets/${examples.adaId}/freezes`, ["wallet_not_found"]),
    },
  });

  app.get("/wallets/:userId/freezes", async (c) => {
    const walletId = parseWalletId(c.req.param("userId"));
    if (walletId === undefined) return answerProblem(c, "wallet_not_found");
    c.set("walletId", walletId);
    const found = await callFromEdge(() =>
      walletStub(c.env, c.get("tenant"), walletId).freezes({ ...callOf(c), walletId }),
    );
    if (!found.ok) return answerProblem(c, "wallet_not_found");
    return c.json({ data: found.freezes.map(renderFreeze) }, 200);
  });
}
