// What a wallet shows: its balances and its history.
import { z } from "@hono/zod-openapi";
import { openLegsMax } from "../../domain/limits.ts";
import {
  account,
  amount,
  currencyCode,
  description,
  direction,
  hash,
  integer,
  metadata,
  provider,
  timestamp,
  transactionIdShown,
  transactionType,
  userIdShown,
  walletIdShown,
} from "./fields.ts";
import { nextCursor } from "./paging.ts";
import { paymentReference } from "./texts.ts";

const inFlight = integer(1, openLegsMax)
  .optional()
  .openapi({
    description:
      "Movements that stayed undecided while this was read. The answer then includes all that " +
      "was acknowledged before the read began; without the field it is strictly serializable.",
  });

const figures = {
  currency: currencyCode,
  balance: integer().openapi({
    description: "All entries added up, in minor units.",
    example: 7500,
  }),
  available: integer().openapi({ description: "The balance less `held`.", example: 5000 }),
  held: integer().openapi({ description: "Undecided debits.", example: 2500 }),
  incoming: integer().openapi({ description: "Undecided credits.", example: 0 }),
};

const CurrencyBalance = z.object(figures).openapi("CurrencyBalance", {
  description: "What a wallet holds of one currency.",
});

export const LedgerPosition = z
  .object({
    sequence: integer().openapi({ description: "The number of the entry; 0: there is none." }),
    hash: hash.openapi({ description: "Its hash." }),
  })
  .openapi("LedgerPosition", { description: "An entry of a wallet's ledger." });

export const Balance = z
  .object({
    walletId: walletIdShown,
    userId: userIdShown,
    ...figures,
    balances: z
      .array(CurrencyBalance)
      .openapi({ description: "Every currency that the wallet ever held, by code." }),
    asOf: LedgerPosition.openapi({ description: "The last ledger entry that is included." }),
    inFlight,
  })
  .openapi("WalletBalance", { description: "What a wallet holds." });

const HistoryEntry = z
  .object({
    sequence: integer(1).openapi({ description: "1, 2, 3, ... in each wallet." }),
    walletId: walletIdShown,
    transactionId: transactionIdShown,
    type: transactionType,
    direction,
    amount,
    currency: currencyCode,
    balanceAfter: integer().openapi({
      description: "Of this currency, after this entry, whatever is filtered out.",
    }),
    counterparty: account.openapi({
      description: "The other side: `wal_...` or `external:<provider>`.",
    }),
    paymentReference: paymentReference.optional(),
    provider: provider.optional(),
    description: description.optional(),
    metadata: metadata.optional(),
    hash: hash.openapi({
      description: "Of this entry and its predecessor's hash: the ledger is a chain.",
    }),
    createdAt: timestamp,
  })
  .openapi("HistoryEntry", { description: "One entry of a wallet's ledger. Never changes." });

export const History = z
  .object({
    data: z.array(HistoryEntry).openapi({ description: "Newest first." }),
    nextCursor: nextCursor.openapi({
      description: "For the next page, which may be short or empty; null only at the end.",
    }),
    inFlight,
  })
  .openapi("History", { description: "A page of a wallet's ledger, newest entry first." });
