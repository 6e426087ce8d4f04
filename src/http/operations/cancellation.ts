// POST /transactions/{id}/cancel: reserved money is available again. Frozen: the wording of a
// renderer.
import { z } from "@hono/zod-openapi";
import { reasonLengthMax } from "../../domain/limits.ts";
import { readAuthorized, receiverOf } from "../../domain/operations/authorization.ts";
import type { SentCancellation, StoredCancellation } from "../../domain/operations/cancellation.ts";
import { endFields } from "../schemas/authorization.ts";
import * as examples from "../schemas/examples.ts";
import { idOf, transactionStatus } from "../schemas/fields.ts";
import { details, outcome } from "../schemas/movement.ts";
import { text } from "../schemas/texts.ts";
import { renderSides } from "./authorization.ts";
import { ownLines, type HttpOperation } from "./operation.ts";

const reason = text(1, reasonLengthMax).openapi({
  description: "Why, shown as the description in the history of the wallet.",
  example: "Out of stock",
});

const CancellationInput = z
  .strictObject({ reason: reason.optional() })
  .openapi("CancellationInput", { description: "Why the authorization is cancelled." });

const { description: _description, metadata: _metadata, ...legsAndTime } = details;

const fields = {
  id: idOf("txn", examples.cancellationId),
  type: z.literal("cancellation"),
  status: transactionStatus,
  ...endFields,
  reason: reason.optional(),
  ...legsAndTime,
};

const Cancellation = z.object(fields).openapi("Cancellation", {
  description: "Reserved money that is available again.",
});

const CancellationDetails = z.object({ ...fields, ...outcome }).openapi("CancellationDetails", {
  description: "A cancellation with its outcome.",
});

const key = examples.exampleKeys.cancellation;
const body = { reason: "Out of stock" };
const sent: SentCancellation = {
  type: "cancellation",
  authorization: examples.authorized,
  description: body.reason,
};

export const cancellation = {
  type: "cancellation",
  path: "/transactions/{id}/cancel",
  scopes: ["transfers:write"],
  forUsers: true,
  operationId: "cancelAuthorization",
  summary: "Cancel an authorization",
  description:
    "What was reserved is available to the payer again, all of it. Possible until a capture or " +
    "the expiry is posted. A user token may cancel authorizations whose receiver is the user's " +
    "own wallet.",
  does: "gives it back to the payer",
  endsAs: "cancelled",
  input: CancellationInput,
  answer: Cancellation,
  answerDetails: CancellationDetails,
  problems: ["transaction_not_found", "not_an_authorization"],
  example: { key, body, record: examples.committed(key, sent, examples.authorizedAt + 60_000) },

  scopesOf: () => ["transfers:write"],

  read({ reason: why }, origin) {
    const authorization = origin && readAuthorized(origin);
    if (!authorization) return { problem: "not_an_authorization" };
    const { fromWalletId: walletId } = authorization;
    const request = {
      type: "cancellation",
      authorization,
      ...(why !== undefined && { description: why }),
    } as const;
    return { sent: request, walletId, spends: receiverOf(authorization) };
  },

  render1: (request, { id, status, details: { description, metadata: _none, ...end } }) => ({
    id,
    type: request.type,
    status,
    authorizationId: request.authorization.transactionId,
    amount: request.authorization.amount,
    currency: request.authorization.currency,
    ...renderSides(request.authorization),
    ...(description !== undefined && { reason: description }),
    ...end,
  }),

  seenBy: ownLines,

  concerns: ({ authorization }) => authorization.toWalletId,
} as const satisfies HttpOperation<
  typeof CancellationInput,
  SentCancellation,
  StoredCancellation,
  z.infer<typeof Cancellation>
>;
