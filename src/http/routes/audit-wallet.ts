// GET /wallets/{userId}/audit: recomputes a wallet and compares it with its transactions' logs.
import { z } from "@hono/zod-openapi";
import { callFromEdge, walletStub } from "../../durable-objects/rpc/stubs.ts";
import { parseWalletId } from "../../domain/ids.ts";
import { callOf, type App } from "../context.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { answerProblem } from "../problem.ts";
import { auditMaxMs, renderAudit } from "../render-audit.ts";
import { Audit } from "../schemas/audit.ts";
import * as examples from "../schemas/examples.ts";
import { walletParameter } from "../schemas/fields.ts";

const example = renderAudit(examples.adaWalletId, {
  head: { sequence: 2, hash: examples.hash, createdAt: examples.openedAt },
  checked: { entries: 2, holds: 0, transactions: 2, checkpoints: 0, freezes: 0 },
  unreachableShards: 0,
});

export function auditWallet(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/wallets/{userId}/audit",
    operationId: "auditWallet",
    tags: ["Operations"],
    summary: "Audit a wallet",
    description:
      "Recomputes the wallet from its first entry (sequence, hash chain, balances, checkpoints), " +
      "compares every leg with the transfer log of its transaction, profile and freezes with the " +
      "requests that created them, and tables and triggers with their declarations. Slow: " +
      "reads the whole wallet. A committed leg of which the wallet has no trace is found by the " +
      "scrub of the logs instead.",
    request: {
      params: z.object({ userId: walletParameter }),
    },
    responses: {
      200: {
        description: "The result, with the first difference if there is one.",
        headers: responseHeaders(),
        content: { "application/json": { schema: Audit, example } },
      },
      ...problemResponses(`/wallets/${examples.adaId}/audit`, ["wallet_not_found"]),
    },
  });

  app.get("/wallets/:userId/audit", async (c) => {
    const walletId = parseWalletId(c.req.param("userId"));
    if (walletId === undefined) return answerProblem(c, "wallet_not_found");
    c.set("walletId", walletId);
    const report = await callFromEdge(
      () => walletStub(c.env, c.get("tenant"), walletId).audit({ ...callOf(c), walletId }),
      auditMaxMs,
    );
    if (!report.ok) return answerProblem(c, "wallet_not_found");
    return c.json(renderAudit(walletId, report), 200);
  });
}
