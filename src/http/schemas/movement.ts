// Schemas of the fields that the requests and answers of all operations share.
import { z } from "@hono/zod-openapi";
import { reversalsMax } from "../../domain/limits.ts";
import {
  account,
  amount,
  createdBy,
  currency,
  currencyCode,
  description,
  direction,
  integer,
  metadata,
  timestamp,
  transactionIdShown,
  transactionStatus,
} from "./fields.ts";
import { Problem } from "./problem.ts";

export type TransactionStatus = z.infer<typeof transactionStatus>;

/** Of a request. Omitted, the log stores the default of the moment. */
export const newCurrency = currency.optional().openapi({
  description: "An ISO 4217 code in upper case. Omitted: the service's default currency.",
});

/** The end of every request. */
export const texts = {
  description: description.optional(),
  metadata: metadata.optional(),
};

const Leg = z
  .object({
    account,
    bucket: z.literal("reserved").optional().openapi({
      description: "Shown where the movement is one of reserved money.",
    }),
    direction,
    amount,
    currency: currencyCode,
    sequence: integer(1).optional().openapi({
      description:
        "Of its entry in the wallet's history. Shown with `include=entries`, once it is posted.",
    }),
    balanceAfter: integer().optional().openapi({
      description: "As in the wallet's history. Shown with `include=entries`, once it is posted.",
    }),
  })
  .openapi("Leg", { description: "One movement of a transaction, in one account." });

/** The end of every answer. */
export const details = {
  ...texts,
  legs: z.array(Leg).openapi({ description: "Debits equal credits." }),
  createdAt: timestamp,
};

const detailsObject = z.object(details);
export type MovementDetails = z.infer<typeof detailsObject>;

const ReversalOfTransaction = z
  .object({
    id: transactionIdShown,
    amount: amount.optional().openapi({
      description: "What it gave back. Absent where the transaction moved several amounts.",
    }),
  })
  .openapi("ReversalOfTransaction", { description: "A posted reversal of the transaction." });

/** Shown only when a transaction that can be reversed is read. */
export const reversals = {
  reversals: z.array(ReversalOfTransaction).max(reversalsMax).optional().openapi({
    description: "In the order of their posting. Absent: there is none.",
  }),
  reversedAmount: integer()
    .optional()
    .openapi({
      description:
        "What they gave back together. Absent: there is none, or the transaction moved several " +
        "amounts.",
    }),
};

/** Fields that are shown only when the transaction is read; most of them are known only later. */
export const outcome = {
  createdBy: createdBy.optional().openapi({
    description:
      "The principal that created the transaction; retries by others do not change it. Absent " +
      "without the scope `ops:read`.",
  }),
  decidedAt: timestamp.optional(),
  settledAt: timestamp
    .optional()
    .openapi({ description: "When the last account acknowledged the decision." }),
  problem: Problem.optional().openapi({ description: "Why the transaction was rejected." }),
};
