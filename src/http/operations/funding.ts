// POST /transactions/fund: money enters a wallet from outside.
import { parseWalletId } from "../../domain/ids.ts";
import type { App } from "../context.ts";
import { idempotencyKey } from "../middleware/idempotency-key.ts";
import { strictBody } from "../middleware/strict-body.ts";
import { bodyProblems, problemResponses, writeHeaders } from "../openapi.ts";
import * as examples from "../schemas/examples.ts";
import { Funding, FundingInput } from "../schemas/transaction.ts";
import { refuseImpossibleWallet, submissionResponses, submit } from "../submission.ts";

const path = "/transactions/fund";

export function fund(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "post",
    path,
    operationId: "fundWallet",
    tags: ["Transactions"],
    summary: "Fund a wallet from outside",
    description:
      "Credits the wallet and debits the outside world. A payment reference of a provider can be " +
      "used once.",
    request: {
      headers: writeHeaders(examples.exampleKeys.funding),
      body: {
        required: true,
        content: { "application/json": { schema: FundingInput, example: examples.newFunding } },
      },
    },
    responses: {
      ...submissionResponses(Funding, examples.funding),
      ...problemResponses(
        path,
        [
          ...bodyProblems,
          "idempotency_key_reused",
          "wallet_not_found",
          "duplicate_payment_reference",
          "balance_limit_exceeded",
          "transaction_expired",
        ],
        { records: true },
      ),
    },
  });

  app.post(path, strictBody(FundingInput), idempotencyKey, async (c) => {
    const body = c.req.valid("json");
    const walletId = parseWalletId(body.walletId);
    if (walletId === undefined) return await refuseImpossibleWallet(c);
    return await submit(c, { type: "funding", ...body, walletId });
  });
}
