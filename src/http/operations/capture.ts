// POST /transactions/{id}/capture: reserved money goes to the receiver. Frozen: the wording of a
// renderer.
import { z } from "@hono/zod-openapi";
import { readAuthorized, receiverOf } from "../../domain/operations/authorization.ts";
import {
  flawOfReference,
  type SentCapture,
  type StoredCapture,
} from "../../domain/operations/capture.ts";
import { endFields } from "../schemas/authorization.ts";
import * as examples from "../schemas/examples.ts";
import { amount, idOf, transactionStatus } from "../schemas/fields.ts";
import { details, outcome, reversals } from "../schemas/movement.ts";
import { payoutReference } from "../schemas/texts.ts";
import { renderSides } from "./authorization.ts";
import { ownLines, type HttpOperation } from "./operation.ts";

const CaptureInput = z
  .strictObject({
    amount: amount.optional().openapi({
      description: "Up to what is authorized; the rest is available again. Omitted: all of it.",
    }),
    payoutReference: payoutReference.optional().openapi({
      description:
        "Of a payout: required unless the authorization has it, and the same then. As for a " +
        "withdrawal, a reference of a provider can be used once.",
      example: undefined,
    }),
  })
  .openapi("CaptureInput", {
    description: "How much is captured, and for a payout under which name.",
  });

const fields = {
  id: idOf("txn", examples.captureId),
  type: z.literal("capture"),
  status: transactionStatus,
  ...endFields,
  ...details,
};

const Capture = z.object(fields).openapi("Capture", {
  description: "Reserved money that went to its receiver.",
});

const CaptureDetails = z.object({ ...fields, ...outcome, ...reversals }).openapi("CaptureDetails", {
  description: "A capture with its outcome.",
});

const key = examples.exampleKeys.capture;
const body = { amount: 1_500 };
const sent: SentCapture = { type: "capture", authorization: examples.authorized, ...body };

export const capture = {
  type: "capture",
  path: "/transactions/{id}/capture",
  scopes: ["transfers:write", "withdrawals:write"],
  forUsers: true,
  operationId: "captureAuthorization",
  summary: "Capture an authorization",
  description:
    "Credits the receiver with what was reserved, or with a part of it. An authorization is " +
    "captured once: what is left over is available to the payer again. Of a withdrawal, the " +
    "money leaves the wallet under its payout reference: that needs the scope " +
    "`withdrawals:write`, any other capture `transfers:write`. A user token may capture " +
    "authorizations whose receiver is the user's own wallet.",
  does: "gives it to the receiver",
  endsAs: "captured",
  input: CaptureInput,
  answer: Capture,
  answerDetails: CaptureDetails,
  problems: [
    "transaction_not_found",
    "not_an_authorization",
    "amount_exceeds_authorization",
    "not_a_payout",
    "payout_reference_missing",
    "payout_reference_differs",
  ],
  example: { key, body, record: examples.committed(key, sent, examples.authorizedAt + 60_000) },

  scopesOf(_body, origin) {
    const authorization = origin && readAuthorized(origin);
    return authorization?.provider === undefined ? ["transfers:write"] : ["withdrawals:write"];
  },

  read(asked, origin) {
    const authorization = origin && readAuthorized(origin);
    if (!authorization) return { problem: "not_an_authorization" };
    if ((asked.amount ?? 0) > authorization.amount) {
      return { problem: "amount_exceeds_authorization" };
    }
    const problem = flawOfReference(authorization, asked.payoutReference);
    if (problem) return { problem };
    const { fromWalletId: walletId } = authorization;
    const request = { type: "capture", authorization, ...asked } as const;
    return { sent: request, walletId, spends: receiverOf(authorization) };
  },

  render1: ({ authorization, ...request }, { id, status, details: end }) => ({
    id,
    type: request.type,
    status,
    authorizationId: authorization.transactionId,
    amount: request.amount,
    currency: authorization.currency,
    ...renderSides({ ...authorization, ...request }),
    ...end,
  }),

  seenBy: ownLines,
} as const satisfies HttpOperation<
  typeof CaptureInput,
  SentCapture,
  StoredCapture,
  z.infer<typeof Capture>
>;
