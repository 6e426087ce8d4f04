// POST /wallets/{userId}/freezes: blocks new debits of a wallet, or allows them again.
import { z } from "@hono/zod-openapi";
import { callFromEdge, walletStub } from "../../durable-objects/rpc/stubs.ts";
import { fingerprintFreeze } from "../../domain/fingerprint.ts";
import { freezeIdFor, parseWalletId } from "../../domain/ids.ts";
import { writeCallOf, type App } from "../context.ts";
import { idempotencyKey } from "../middleware/idempotency-key.ts";
import { strictBody } from "../middleware/strict-body.ts";
import { bodyProblems, problemResponses, responseHeaders, writeHeaders } from "../openapi.ts";
import { answerProblem } from "../problem.ts";
import { renderFreeze } from "../render.ts";
import * as examples from "../schemas/examples.ts";
import { walletParameter } from "../schemas/fields.ts";
import { Freeze, FreezeInput } from "../schemas/freeze.ts";

export function freezeWallet(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "post",
    path: "/wallets/{userId}/freezes",
    operationId: "freezeWallet",
    tags: ["Operations"],
    summary: "Freeze or thaw a wallet",
    description:
      "A frozen wallet refuses new debits with `wallet_frozen`. It does not stop credits, " +
      "reversals, authorizations with their ends, and debits that are already held. Freezes and " +
      "thaws are appended to the wallet and never change. Idempotency keys are per wallet: the " +
      "same key for another wallet is another freeze.",
    request: {
      headers: writeHeaders(examples.exampleKeys.freeze),
      params: z.object({ userId: walletParameter }),
      body: {
        required: true,
        content: { "application/json": { schema: FreezeInput, example: examples.newFreeze } },
      },
    },
    responses: {
      201: {
        description: "Recorded, now or by an earlier request with the same key.",
        headers: responseHeaders("Location", "Idempotent-Replayed"),
        content: { "application/json": { schema: Freeze, example: renderFreeze(examples.freeze) } },
      },
      ...problemResponses(`/wallets/${examples.adaId}/freezes`, [
        ...bodyProblems,
        "idempotency_key_reused",
        "wallet_not_found",
      ]),
    },
  });

  app.post("/wallets/:userId/freezes", strictBody(FreezeInput), idempotencyKey, async (c) => {
    const walletId = parseWalletId(c.req.param("userId"));
    if (walletId === undefined) return answerProblem(c, "wallet_not_found");
    c.set("walletId", walletId);
    const act = c.req.valid("json");
    const { id: principal, tenant } = c.get("principal");
    const freezeId = freezeIdFor(tenant, walletId, c.get("idempotencyKey"));
    const fingerprint = fingerprintFreeze(act);
    const call = { ...writeCallOf(c), walletId, freezeId, fingerprint, principal, ...act };
    const result = await callFromEdge(() => walletStub(c.env, tenant, walletId).freeze(call));
    if (!result.ok) return answerProblem(c, result.problem);
    c.set("replayed", result.replayed);
    const freeze = renderFreeze(result.freeze);
    if (result.replayed) c.header("Idempotent-Replayed", "true");
    return c.json(freeze, 201, { Location: `/wallets/${walletId}/freezes` });
  });
}
