// POST /transactions/{id}/reverse: what a transaction moved goes back. Frozen: the wording of a
// renderer.
import { z } from "@hono/zod-openapi";
import { reasonLengthMax } from "../../domain/limits.ts";
import { isOutside } from "../../domain/ledger/line.ts";
import { operationOf } from "../../domain/operations/all.ts";
import {
  isReversible,
  type SentReversal,
  type StoredReversal,
} from "../../domain/operations/reversal.ts";
import * as examples from "../schemas/examples.ts";
import {
  amount,
  currencyCode,
  idOf,
  provider,
  transactionIdShown,
  transactionStatus,
} from "../schemas/fields.ts";
import { details, outcome } from "../schemas/movement.ts";
import { paymentReference, payoutReference, text } from "../schemas/texts.ts";
import type { HttpOperation } from "./operation.ts";
import { transfer } from "./transfer.ts";

const reason = text(1, reasonLengthMax).openapi({
  description: "Why, shown as the description in the histories of the wallets.",
  example: "Paid twice",
});

const ReversalInput = z
  .strictObject({
    amount: amount.optional().openapi({
      description:
        "In minor units of the currency. Omitted: all that the transaction moved. A transaction " +
        "that moved several amounts is only reversed as a whole.",
    }),
    reason: reason.optional(),
  })
  .openapi("ReversalInput", { description: "A reversal to be made." });

const { description: _description, metadata: _metadata, ...legsAndTime } = details;

const fields = {
  id: idOf("txn", examples.reversalId),
  type: z.literal("reversal"),
  status: transactionStatus,
  reverses: transactionIdShown.openapi({ description: "The transaction that is reversed." }),
  amount: amount.optional().openapi({
    description: "Absent where several amounts go back: `legs` has them.",
  }),
  currency: currencyCode.optional(),
  paymentReference: paymentReference.optional(),
  payoutReference: payoutReference.optional(),
  provider: provider.optional(),
  reason: reason.optional(),
  ...legsAndTime,
};

const Reversal = z.object(fields).openapi("Reversal", {
  description: "Money that went back to where a transaction had taken it from.",
});

const ReversalDetails = z.object({ ...fields, ...outcome }).openapi("ReversalDetails", {
  description: "A reversal with its outcome.",
});

const body = { amount: 500, reason: "Paid too much" };
const key = examples.exampleKeys.reversal;
const sentAt = examples.openedAt + 240_000;

function factsOf(original: Parameters<HttpOperation["read"]>[1] & object) {
  const { id: transactionId, request } = original;
  const operation = operationOf(request);
  const moved = operation.reversibleAmounts(request);
  return { transactionId, moved, ...operation.externalPaymentOf(request) };
}

const example: SentReversal = {
  type: "reversal",
  ...factsOf(transfer.example.record),
  amount: body.amount,
  description: body.reason,
};

export const reversal = {
  type: "reversal",
  path: "/transactions/{id}/reverse",
  scopes: ["reversals:write"],
  forUsers: false,
  operationId: "reverseTransaction",
  summary: "Reverse a transaction",
  description:
    "Moves money of a committed transaction back to where it came from: all of it, or a part, " +
    "and at most what it moved in all reversals together. What an authorization or a reversal " +
    "did cannot be reversed. A frozen wallet still gives back, so that a wallet can be frozen " +
    "first. The reference of a reversed funding or withdrawal stays used. For back ends only, " +
    "with an API key.",
  does: "gives back what another transaction moved",
  input: ReversalInput,
  answer: Reversal,
  answerDetails: ReversalDetails,
  problems: ["transaction_not_found", "not_reversible"],
  example: { key, body, record: examples.committed(key, example, sentAt) },

  scopesOf: () => ["reversals:write"],

  read({ amount: part, reason: why }, original) {
    if (!original) return { problem: "transaction_not_found" };
    const facts = factsOf(original);
    if (!isReversible(facts.moved, part)) return { problem: "not_reversible" };
    const walletId = original.lines.find(({ account }) => !isOutside(account))?.account ?? "";
    const sent = {
      type: "reversal",
      ...facts,
      ...(part !== undefined && { amount: part }),
      ...(why !== undefined && { description: why }),
    } as const;
    return { sent, walletId };
  },

  render1(request, { id, status, details: { description, metadata: _none, ...end } }) {
    const { transactionId, moved, amount: part } = request;
    const currency = moved[0]?.currency;
    return {
      id,
      type: request.type,
      status,
      reverses: transactionId,
      ...(part !== undefined && currency !== undefined && { amount: part, currency }),
      ...(request.paymentReference !== undefined && { paymentReference: request.paymentReference }),
      ...(request.payoutReference !== undefined && { payoutReference: request.payoutReference }),
      ...(request.provider !== undefined && { provider: request.provider }),
      ...(description !== undefined && { reason: description }),
      ...end,
    };
  },

  seenBy(wallet, { request, lines }) {
    if (request.moved.length === 1) return { request, lines };
    return { request, lines: lines.filter(({ account }) => account === wallet) };
  },
} as const satisfies HttpOperation<
  typeof ReversalInput,
  SentReversal,
  StoredReversal,
  z.infer<typeof Reversal>
>;
