// POST /transactions/transfer: money moves from one wallet to another.
import { parseWalletId } from "../../domain/ids.ts";
import { mayUseWallet } from "../access.ts";
import type { App } from "../context.ts";
import { idempotencyKey } from "../middleware/idempotency-key.ts";
import { strictBody } from "../middleware/strict-body.ts";
import { bodyProblems, problemResponses, writeHeaders } from "../openapi.ts";
import { answerProblem } from "../problem.ts";
import * as examples from "../schemas/examples.ts";
import { Transfer, TransferInput } from "../schemas/transaction.ts";
import {
  isSameWallet,
  refuseImpossibleWallet,
  submissionResponses,
  submit,
} from "../submission.ts";

const path = "/transactions/transfer";

export function transfer(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "post",
    path,
    operationId: "transferFunds",
    tags: ["Transactions"],
    summary: "Move money between wallets",
    description: "Debits the sender and credits the receiver atomically.",
    request: {
      headers: writeHeaders(examples.exampleKeys.transfer),
      body: {
        required: true,
        content: { "application/json": { schema: TransferInput, example: examples.newTransfer } },
      },
    },
    responses: {
      ...submissionResponses(Transfer, examples.transfer),
      ...problemResponses(
        path,
        [
          ...bodyProblems,
          "same_wallet",
          "idempotency_key_reused",
          "wallet_not_found",
          "wallet_frozen",
          "insufficient_funds",
          "balance_limit_exceeded",
          "transaction_expired",
        ],
        { records: true },
      ),
    },
  });

  app.post(path, strictBody(TransferInput), idempotencyKey, async (c) => {
    const body = c.req.valid("json");
    if (isSameWallet(body.fromWalletId, body.toWalletId)) return answerProblem(c, "same_wallet");
    const fromWalletId = parseWalletId(body.fromWalletId);
    const toWalletId = parseWalletId(body.toWalletId);
    const impossible = fromWalletId === undefined || toWalletId === undefined;
    if (impossible || !mayUseWallet(c.get("principal"), fromWalletId)) {
      return await refuseImpossibleWallet(c);
    }
    return await submit(c, { type: "transfer", ...body, fromWalletId, toWalletId });
  });
}
