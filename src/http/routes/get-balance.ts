// GET /wallets/{userId}/balance: the balances of a wallet, in every currency that it ever held.
import { z } from "@hono/zod-openapi";
import type { BalanceReading } from "../../durable-objects/wallet/contract.ts";
import { callFromEdge, walletStub } from "../../durable-objects/rpc/stubs.ts";
import { parseWalletId, userIdOfWallet } from "../../domain/ids.ts";
import { mayUseWallet } from "../access.ts";
import { callOf, type App } from "../context.ts";
import { strictQuery } from "../middleware/strict-query.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { answerProblem } from "../problem.ts";
import * as examples from "../schemas/examples.ts";
import { currency as currencyField, walletParameter } from "../schemas/fields.ts";
import { Balance } from "../schemas/wallet.ts";

const query = z.strictObject({
  currency: currencyField.optional().openapi({
    description: "The currency of the top-level figures. Omitted: the default currency.",
  }),
});

type Figures = BalanceReading["positions"][number];

function figuresOf(figures: Figures): Figures {
  const { currency, balance, available, reserved, held, incoming } = figures;
  return { currency, balance, available, reserved, held, incoming };
}

/** The body. A currency that the wallet never held is shown with zeros. */
function renderBalance(
  walletId: string,
  currency: string,
  reading: Omit<BalanceReading, "ok">,
): z.infer<typeof Balance> {
  const { positions, head, inFlight } = reading;
  const never: Figures = { currency, balance: 0, available: 0, reserved: 0, held: 0, incoming: 0 };
  return {
    walletId,
    userId: userIdOfWallet(walletId),
    ...figuresOf(positions.find((position) => position.currency === currency) ?? never),
    balances: positions.map(figuresOf),
    asOf: { sequence: head.sequence, hash: head.hash },
    ...(inFlight !== undefined && { inFlight }),
  };
}

const example = renderBalance(examples.adaWalletId, "USD", {
  positions: [
    { currency: "USD", balance: 7_500, available: 5_000, reserved: 0, held: 2_500, incoming: 0 },
  ],
  head: { sequence: 2, hash: examples.hash, createdAt: examples.openedAt },
});

export function getBalance(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/wallets/{userId}/balance",
    operationId: "getWalletBalance",
    tags: ["Wallets"],
    summary: "Read the balances of a wallet",
    description: "Summed from the ledger's entries; strictly serializable with transfers.",
    request: {
      params: z.object({ userId: walletParameter }),
      query,
    },
    responses: {
      200: {
        description: "The balances.",
        headers: responseHeaders(),
        content: { "application/json": { schema: Balance, example } },
      },
      ...problemResponses(`/wallets/${examples.adaId}/balance`, [
        "validation_failed",
        "wallet_not_found",
      ]),
    },
  });

  app.get("/wallets/:userId/balance", strictQuery(query), async (c) => {
    const walletId = parseWalletId(c.req.param("userId"));
    if (walletId === undefined || !mayUseWallet(c.get("principal"), walletId)) {
      return answerProblem(c, "wallet_not_found");
    }
    c.set("walletId", walletId);
    const reading = await callFromEdge(() =>
      walletStub(c.env, c.get("tenant"), walletId).readBalance({ ...callOf(c), walletId }),
    );
    if (!reading.ok) return answerProblem(c, "wallet_not_found");
    const currency = c.req.valid("query").currency ?? c.env.DEFAULT_CURRENCY;
    return c.json(renderBalance(walletId, currency, reading), 200);
  });
}
