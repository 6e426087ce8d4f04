// Schemas of a wallet's balances and history.
import { z } from "@hono/zod-openapi";
import { openLegsMax } from "../../domain/limits.ts";
import {
  account,
  amount,
  bucket,
  currencyCode,
  description,
  direction,
  hash,
  integer,
  metadata,
  provider,
  timestamp,
  transactionIdShown,
  userIdShown,
  walletIdShown,
} from "./fields.ts";
import { nextCursor } from "./paging.ts";
import { paymentReference, payoutReference } from "./texts.ts";
import { transactionType } from "./transaction.ts";

export const inFlight = integer(1, openLegsMax)
  .optional()
  .openapi({
    description:
      "Movements that stayed undecided during the read. The answer then includes everything that " +
      "was acknowledged before the read began; without this field it is strictly serializable.",
  });

const figures = {
  currency: currencyCode,
  balance: integer().openapi({
    description: "The sum of all entries, in minor units.",
    example: 7500,
  }),
  available: integer().openapi({ description: "The balance minus `held`.", example: 5000 }),
  reserved: integer().openapi({
    description: "What open authorizations have reserved.",
    example: 0,
  }),
  held: integer().openapi({
    description: "`reserved` and undecided debits of what was available.",
    example: 2500,
  }),
  incoming: integer().openapi({ description: "Undecided credits.", example: 0 }),
};

const CurrencyBalance = z.object(figures).openapi("CurrencyBalance", {
  description: "The balance of a wallet in one currency.",
});

export const LedgerPosition = z
  .object({
    sequence: integer().openapi({ description: "The number of the entry; 0 before the first." }),
    hash: hash.openapi({ description: "Its hash." }),
  })
  .openapi("LedgerPosition", { description: "A position in a ledger: its last included entry." });

export const Balance = z
  .object({
    walletId: walletIdShown,
    userId: userIdShown,
    ...figures,
    balances: z
      .array(CurrencyBalance)
      .openapi({ description: "All currencies that the wallet ever held, by code." }),
    asOf: LedgerPosition.openapi({ description: "The last ledger entry that is included." }),
    inFlight,
  })
  .openapi("WalletBalance", { description: "The balances of a wallet." });

const HistoryEntry = z
  .object({
    sequence: integer(1).openapi({ description: "1, 2, 3, ... in each wallet." }),
    walletId: walletIdShown,
    transactionId: transactionIdShown,
    type: transactionType,
    bucket,
    direction,
    amount,
    currency: currencyCode,
    balanceAfter: integer().openapi({
      description:
        "The balance of `bucket` in this currency after this entry; filters do not affect it.",
    }),
    counterparty: account.openapi({
      description: "The other side: `wal_...` or `external:<provider>`.",
    }),
    paymentReference: paymentReference.optional(),
    payoutReference: payoutReference.optional(),
    provider: provider.optional(),
    description: description.optional(),
    metadata: metadata.optional(),
    hash: hash.openapi({
      description: "The hash of this entry and its predecessor's hash: the ledger is a chain.",
    }),
    decidedAt: timestamp.openapi({
      description:
        "When the transaction was decided: the same in every account. UTC, with milliseconds.",
    }),
    createdAt: timestamp.openapi({
      description:
        "When this entry was posted: not before `decidedAt` or the previous entry's time. UTC, " +
        "with milliseconds.",
    }),
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
