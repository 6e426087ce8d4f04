// An expiry, which no client asks for: how it is shown. Frozen: the wording of a renderer.
import { z } from "@hono/zod-openapi";
import type { StoredExpiry } from "../../domain/operations/expiry.ts";
import { endFields } from "../schemas/authorization.ts";
import * as examples from "../schemas/examples.ts";
import { idOf, transactionStatus } from "../schemas/fields.ts";
import { details, outcome } from "../schemas/movement.ts";
import { renderSides } from "./authorization.ts";
import { ownLines, type ShownOperation } from "./operation.ts";

const fields = {
  id: idOf("txn", examples.expiryId),
  type: z.literal("expiry"),
  status: transactionStatus,
  ...endFields,
  ...details,
};

const Expiry = z.object(fields).openapi("Expiry", {
  description: "Reserved money that is available again because its time was over.",
});

const ExpiryDetails = z.object({ ...fields, ...outcome }).openapi("ExpiryDetails", {
  description: "An expiry with its outcome.",
});

export const expiry = {
  type: "expiry",
  does: "gives it back because its time is over",
  endsAs: "expired",
  answer: Expiry,
  answerDetails: ExpiryDetails,

  render1: (request, { id, status, details: end }) => ({
    id,
    type: request.type,
    status,
    authorizationId: request.authorization.transactionId,
    amount: request.authorization.amount,
    currency: request.authorization.currency,
    ...renderSides(request.authorization),
    ...end,
  }),

  seenBy: ownLines,

  concerns: ({ authorization }) => authorization.toWalletId,
} as const satisfies ShownOperation<StoredExpiry, z.infer<typeof Expiry>>;
