// Money movements: what is asked for and what is answered.
import { z } from "@hono/zod-openapi";
import { paymentReferenceLengthMax, providerLengthMax } from "../../domain/limits.ts";
import * as examples from "./examples.ts";
import {
  amount,
  currency,
  description,
  direction,
  metadata,
  timestamp,
  walletId,
} from "./fields.ts";
import { Problem } from "./problem.ts";

const newCurrency = currency.optional().openapi({
  description: "An ISO 4217 code in upper case. Omitted: the service's default currency.",
});

export const NewFunding = z
  .strictObject({
    walletId,
    amount,
    currency: newCurrency,
    paymentReference: z
      .string()
      .regex(
        new RegExp(`^[A-Za-z0-9._:/-]{1,${paymentReferenceLengthMax}}$`),
        `1 to ${paymentReferenceLengthMax} of the characters A-Z a-z 0-9 . _ : / -`,
      )
      .openapi({
        description: "The provider's name of the payment. It funds once, ever.",
        example: "ch_3PqTz82eZvKYlo2C",
      }),
    provider: z
      .string()
      .regex(
        new RegExp(`^[a-z0-9_-]{1,${providerLengthMax}}$`),
        `1 to ${providerLengthMax} of the characters a-z 0-9 _ -`,
      )
      .optional()
      .openapi({ description: "Whose reference it is. Omitted: `default`.", example: "stripe" }),
    description: description.optional(),
    metadata: metadata.optional(),
  })
  .openapi("NewFunding");

export const NewTransfer = z
  .strictObject({
    fromWalletId: walletId,
    toWalletId: walletId,
    amount,
    currency: newCurrency,
    description: description.optional(),
    metadata: metadata.optional(),
  })
  .openapi("NewTransfer");

const id = z.string().openapi({ example: examples.transferId });

const status = z.enum(["pending", "committed", "rejected"]).openapi({
  description: "`pending` is undecided. The other two are final.",
  example: "committed",
});

const Leg = z
  .object({
    account: z.string().openapi({
      description: "`wal_...`, or `external:<provider>` for the outside world.",
    }),
    direction,
    amount: z.int(),
    currency: z.string(),
  })
  .openapi("Leg", { description: "One side of a transaction, in one account." });

const details = {
  description: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  legs: z.array(Leg).openapi({ description: "Debits equal credits." }),
  createdAt: timestamp,
};

const funding = {
  id,
  type: z.literal("funding"),
  status,
  amount: z.int(),
  currency: z.string(),
  walletId: z.string(),
  paymentReference: z.string(),
  provider: z.string(),
  ...details,
};

const transfer = {
  id,
  type: z.literal("transfer"),
  status,
  amount: z.int(),
  currency: z.string(),
  fromWalletId: z.string(),
  toWalletId: z.string(),
  ...details,
};

/** What is only shown when the transaction is read; most of it is only known later. */
const outcome = {
  createdBy: z
    .string()
    .optional()
    .openapi({
      description:
        "The principal whose request created the transaction; repetitions by others change " +
        "nothing. Absent without the scope `ops:read`, and where none was recorded.",
      example: examples.principalId,
    }),
  decidedAt: timestamp.optional(),
  settledAt: timestamp
    .optional()
    .openapi({ description: "When every account had acknowledged the decision." }),
  problem: Problem.optional().openapi({ description: "Why the transaction was rejected." }),
};

export const Transaction = z
  .discriminatedUnion("type", [
    z.object(funding).openapi("Funding"),
    z.object(transfer).openapi("Transfer"),
  ])
  .openapi("Transaction");

export const TransactionDetails = z
  .discriminatedUnion("type", [
    z.object({ ...funding, ...outcome }).openapi("FundingDetails"),
    z.object({ ...transfer, ...outcome }).openapi("TransferDetails"),
  ])
  .openapi("TransactionDetails");
