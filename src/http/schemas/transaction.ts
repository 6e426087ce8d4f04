// Money movements: what is asked for and what is answered.
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
      description: "Whose reference it is. Omitted: `default`.",
    }),
    description: description.optional(),
    metadata: metadata.optional(),
  })
  .openapi("FundingInput", { description: "Money that is to enter a wallet." });

export const TransferInput = z
  .strictObject({
    fromWalletId: walletId,
    toWalletId: walletId.openapi({ example: examples.benWalletId }),
    amount,
    currency: newCurrency,
    description: description.optional(),
    metadata: metadata.optional(),
  })
  .openapi("TransferInput", { description: "Money that is to move between two wallets." });

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

/** What is only shown when the transaction is read; most of it is only known later. */
const outcome = {
  createdBy: createdBy.optional().openapi({
    description:
      "The principal whose request created the transaction; repetitions by others change " +
      "nothing. Absent without the scope `ops:read`, and where none was recorded.",
  }),
  decidedAt: timestamp.optional(),
  settledAt: timestamp
    .optional()
    .openapi({ description: "When every account had acknowledged the decision." }),
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
      description: "A funding, and what became of it.",
    }),
    z.object({ ...transfer, ...outcome }).openapi("TransferDetails", {
      description: "A transfer, and what became of it.",
    }),
  ])
  .openapi("TransactionDetails", { description: "A transaction, and what became of it." });
