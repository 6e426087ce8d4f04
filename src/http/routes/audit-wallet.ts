// GET /wallets/{userId}/audit: recomputes a wallet and compares it with every transfer log.
import { z } from "@hono/zod-openapi";
import type { AuditReport } from "../../durable-objects/contract.ts";
import { callFromEdge, walletStub } from "../../durable-objects/stubs.ts";
import { parseWalletId } from "../../domain/ids.ts";
import { callOf, type App } from "../context.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { answerProblem } from "../problem.ts";
import * as examples from "../schemas/examples.ts";
import { walletParameter } from "../schemas/fields.ts";
import { Audit } from "../schemas/wallet.ts";

/** An audit reads the whole wallet and asks 256 log shards, in ms. */
const auditMaxMs = 60_000;

function statusOf(report: Omit<AuditReport, "ok">): z.infer<typeof Audit>["status"] {
  if (report.difference) return "different";
  return report.unreachableShards > 0 ? "incomplete" : "consistent";
}

function render(walletId: string, report: Omit<AuditReport, "ok">): z.infer<typeof Audit> {
  const { head, checked, difference, unreachableShards } = report;
  return {
    walletId,
    status: statusOf(report),
    asOf: { sequence: head.sequence, hash: head.hash },
    checked: {
      entries: checked.entries,
      checkpoints: checked.checkpoints,
      holds: checked.holds,
      transactions: checked.transactions,
    },
    unreachableShards,
    ...(difference && { firstDifference: difference }),
  };
}

const example = render(examples.adaWalletId, {
  head: { sequence: 2, hash: examples.hash, createdAt: examples.openedAt },
  checked: { entries: 2, checkpoints: 0, holds: 0, transactions: 2 },
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
      "Recomputes the wallet from its first entry (sequence, hash chain, balances, checkpoints) " +
      "and compares it with every transfer log, in both directions. Reads everything: slow.",
    request: {
      params: z.object({ userId: walletParameter }),
    },
    responses: {
      200: {
        description: "What was checked, and the first difference if there is one.",
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
    return c.json(render(walletId, report), 200);
  });
}
