// GET /transactions/{id}: a transaction with its current status.
import { z } from "@hono/zod-openapi";
import { isTransactionId } from "../../domain/ids.ts";
import type { TransactionRecord } from "../../domain/protocol/transaction.ts";
import type { App } from "../context.ts";
import { strictQuery } from "../middleware/strict-query.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { answerUnknown } from "../problem.ts";
import { readDetails } from "../read-details.ts";
import { renderDetails } from "../render.ts";
import { findTransaction } from "../submission.ts";
import { reversal } from "../operations/reversal.ts";
import { transfer } from "../operations/transfer.ts";
import * as examples from "../schemas/examples.ts";
import { transactionIdShown } from "../schemas/fields.ts";
import { TransactionDetails } from "../schemas/transaction.ts";

const committed = transfer.example.record;
const { amount } = reversal.example.body;
const reversed = {
  reversals: [{ id: reversal.example.record.id, amount }],
  reversedAmount: amount,
};
const rejected: TransactionRecord = {
  ...committed,
  state: "rejected",
  refusal: { code: "insufficient_funds", account: examples.adaWalletId },
};

const query = z.strictObject({
  include: z
    .enum(["entries"])
    .optional()
    .openapi({
      description:
        "`entries`: each posted leg in one of the caller's own wallets shows its `sequence` and " +
        "`balanceAfter`.",
    }),
});

export function getTransaction(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/transactions/{id}",
    operationId: "getTransaction",
    tags: ["Transactions"],
    summary: "Read a transaction",
    description:
      "`createdBy` is shown only to credentials with the scope `ops:read`. Of a split and of its " +
      "reversal, a user token is shown only the postings and legs of the user's own wallet. A " +
      "committed transaction that can be reversed lists its reversals.",
    request: {
      params: z.object({
        id: transactionIdShown.openapi({ description: "The transaction, `txn_...`." }),
      }),
      query,
    },
    responses: {
      200: {
        description: "The transaction with its current status. A rejected one has its `problem`.",
        headers: responseHeaders(),
        content: {
          "application/json": {
            schema: TransactionDetails,
            examples: {
              committed: {
                value: renderDetails(committed, { isOperator: true }, { reversals: reversed }),
              },
              rejected: { value: renderDetails(rejected, { isOperator: false }) },
            },
          },
        },
      },
      ...problemResponses(`/transactions/${examples.transferId}`, ["not_found"], {
        unknown: "transaction",
      }),
    },
  });

  // The pattern leaves the paths of operations to their own routes, so that reading those is a 405.
  app.get("/transactions/:id{txn_[^/]+}", strictQuery(query), async (c) => {
    const transactionId = c.req.param("id");
    if (!isTransactionId(transactionId)) return answerUnknown(c, "transaction");
    c.set("transactionId", transactionId);
    const found = await findTransaction(c, transactionId);
    if (!found) return answerUnknown(c, "transaction");
    const withEntries = c.req.valid("query").include === "entries";
    return c.json(await readDetails(c, found, { withEntries }), 200);
  });
}
