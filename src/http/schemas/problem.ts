// The schema of every error answer: a problem as in RFC 9457.
import { z } from "@hono/zod-openapi";
import { problemCodes } from "../../domain/errors.ts";
import { fieldErrorsMax, requestIdLengthMax } from "../../domain/limits.ts";
import { integer, transactionIdShown } from "./fields.ts";

/** As in X-Request-Id. */
const requestId = z
  .string()
  .min(1)
  .max(requestIdLengthMax)
  .regex(/^[A-Za-z0-9_-]+$/);

const FieldError = z
  .object({
    path: z.string().openapi({
      description: "The field, as in `metadata.colour`; empty for the body as a whole.",
      example: "metadata.colour",
    }),
    message: z.string().openapi({
      description: "What is wrong with it.",
      example: "There is no such field.",
    }),
  })
  .openapi("FieldError", { description: "One thing that is wrong with a request." });

export const Problem = z
  .object({
    type: z.string().openapi({
      format: "uri-reference",
      description: "The page that explains the code.",
      example: "/docs/errors#same_wallet",
    }),
    title: z.string().openapi({ description: "The code in words.", example: "Same wallet" }),
    status: integer(400, 599).openapi({ description: "The HTTP status.", example: 422 }),
    code: z.enum(problemCodes).openapi("ErrorCode", {
      description: "The error code, for programs. /docs/errors explains each.",
      example: "same_wallet",
    }),
    detail: z.string().openapi({
      description: "For people; may be reworded.",
      example: "Sender and receiver are the same wallet.",
    }),
    instance: z.string().openapi({
      format: "uri-reference",
      description: "The path of the request, or the transaction that recorded the refusal.",
      example: "/transactions/transfer",
    }),
    requestId: requestId.optional().openapi({
      description:
        "As in X-Request-Id. Absent from recorded refusals, which are replayed unchanged.",
      example: "6b1f0c9a-3f0e-4d5e-9f6a-0d8f3f1f2c11",
    }),
    errors: z
      .array(FieldError)
      .max(fieldErrorsMax)
      .optional()
      .openapi({ description: "The fields that are wrong." }),
    transactionId: transactionIdShown.optional().openapi({
      description:
        "duplicate_payment_reference, duplicate_payout_reference: the committed transaction that " +
        "used the reference first. original_rejected: the transaction to be reversed. " +
        "reversal_exceeds_original, too_many_reversals: its first reversal. " +
        "authorization_rejected: the authorization. authorization_captured, " +
        "authorization_cancelled, authorization_expired: the transaction that has ended it.",
    }),
  })
  .openapi("Problem", { description: "An error, as RFC 9457 describes them." });
