// Schemas of money movements: input and output.
import { z } from "@hono/zod-openapi";
import * as examples from "./examples.ts";
import {
  account,
  amount,
  createdBy,
  currency,
  currencyCode,
  description,
  direction,
  idOf,
  metadata,
  provider,
  timestamp,
  transactionIdShown,
  transactionStatus,
  walletId,
  walletIdShown,
} from "./fields.ts";
import { paymentReference } from "./texts.ts";
import { Problem } from "./problem.ts";

const newCurrency = currency.optional().openapi({
  description: "An ISO 4217 code in upper case. Omitted: the service's default currency.",
});

export const FundingInput = z
  .strictObject({
    walletId,
    amount,
    currency: newCurrency,
    paymentReference,
    provider: provider.optional().openapi({
      description: "The provider of the payment. Omitted: `default`.",
    }),
    description: description.optional(),
    metadata: metadata.optional(),
  })
  .openapi("FundingInput", { description: "A funding to be made." });

export const TransferInput = z
  .strictObject({
    fromWalletId: walletId,
    toWalletId: walletId.openapi({ example: examples.benWalletId }),
    amount,
    currency: newCurrency,
    description: description.optional(),
    metadata: metadata.optional(),
  })
  .openapi("TransferInput", { description: "A transfer to be made." });

const Leg = z
  .object({
    account,
    direction,
    amount,
    currency: currencyCode,
  })
  .openapi("Leg", { description: "One side of a transaction, in one account." });

const details = {
  description: description.optional(),
  metadata: metadata.optional(),
  legs: z.array(Leg).openapi({ description: "Debits equal credits." }),
  createdAt: timestamp,
};

const funding = {
  id: idOf("txn", examples.fundingId),
  type: z.literal("funding"),
  status: transactionStatus,
  amount,
  currency: currencyCode,
  walletId: walletIdShown,
  paymentReference,
  provider,
  ...details,
};

const transfer = {
  id: transactionIdShown,
  type: z.literal("transfer"),
  status: transactionStatus,
  amount,
  currency: currencyCode,
  fromWalletId: walletIdShown.openapi({ description: "The sender." }),
  toWalletId: idOf("wal", examples.benWalletId).openapi({ description: "The receiver." }),
  ...details,
};

/** Fields that are shown only when the transaction is read; most of them are known only later. */
const outcome = {
  createdBy: createdBy.optional().openapi({
    description:
      "The principal that created the transaction; retries by others do not change it. Absent " +
      "without the scope `ops:read`, and if none was recorded.",
  }),
  decidedAt: timestamp.optional(),
  settledAt: timestamp
    .optional()
    .openapi({ description: "When the last account acknowledged the decision." }),
  problem: Problem.optional().openapi({ description: "Why the transaction was rejected." }),
};

export const Funding = z.object(funding).openapi("Funding", {
  description: "Money that entered a wallet from outside.",
});

export const Transfer = z.object(transfer).openapi("Transfer", {
  description: "Money that moved between two wallets.",
});

export type Transaction = z.infer<typeof Funding> | z.infer<typeof Transfer>;

export const TransactionDetails = z
  .discriminatedUnion("type", [
    z.object({ ...funding, ...outcome }).openapi("FundingDetails", {
      description: "A funding with its outcome.",
    }),
    z.object({ ...transfer, ...outcome }).openapi("TransferDetails", {
      description: "A transfer with its outcome.",
    }),
  ])
  .openapi("TransactionDetails", { description: "A transaction with its outcome." });
