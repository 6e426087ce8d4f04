// The one shape of every error: RFC 9457.
import { z } from "@hono/zod-openapi";
import { problemCodes } from "../../domain/errors.ts";

export const Problem = z
  .object({
    type: z.string().openapi({ format: "uri-reference", example: "/docs/errors#same_wallet" }),
    title: z.string().openapi({ example: "Same wallet" }),
    status: z.int().openapi({ example: 422 }),
    code: z
      .enum(problemCodes)
      .openapi({ description: "What programs should look at.", example: "same_wallet" }),
    detail: z.string().openapi({ example: "Sender and receiver are the same wallet." }),
    instance: z.string().openapi({
      format: "uri-reference",
      description: "The path of the request, or the transaction that recorded the refusal.",
      example: "/transactions/transfer",
    }),
    requestId: z.string().optional().openapi({
      description: "As in X-Request-Id. Absent from recorded refusals, which never change.",
      example: "6b1f0c9a-3f0e-4d5e-9f6a-0d8f3f1f2c11",
    }),
    errors: z
      .array(
        z.object({
          path: z.string().openapi({ example: "metadata.colour" }),
          message: z.string().openapi({ example: "There is no such field." }),
        }),
      )
      .optional()
      .openapi({ description: "The fields that are wrong." }),
    transactionId: z.string().optional().openapi({
      description: "duplicate_payment_reference: the committed transaction that came first.",
    }),
  })
  .openapi("Problem", { description: "An error, as RFC 9457 describes them." });
