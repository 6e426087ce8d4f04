// What a wallet shows: its balances and its history.
import { z } from "@hono/zod-openapi";
import type { AuditDifference } from "../../durable-objects/contract.ts";
import { direction, timestamp, transactionType } from "./fields.ts";

const inFlight = z
  .int()
  .min(1)
  .optional()
  .openapi({
    description:
      "Movements that stayed undecided while this was read. The answer then includes all that " +
      "was decided before the read began; without the field it is strictly serializable.",
  });

const figures = {
  currency: z.string().openapi({ example: "USD" }),
  balance: z.int().openapi({ description: "All entries added up, in minor units.", example: 7500 }),
  available: z.int().openapi({ description: "The balance less `held`.", example: 5000 }),
  held: z.int().openapi({ description: "Undecided debits.", example: 2500 }),
  incoming: z.int().openapi({ description: "Undecided credits.", example: 0 }),
};

export const Balance = z
  .object({
    walletId: z.string(),
    userId: z.string(),
    ...figures,
    balances: z
      .array(z.object(figures))
      .openapi({ description: "Every currency that the wallet ever held, by code." }),
    asOf: z
      .object({ sequence: z.int().min(0), hash: z.string() })
      .openapi({ description: "The last ledger entry that is included, and its hash." }),
    inFlight,
  })
  .openapi("Balance");

const HistoryEntry = z
  .object({
    sequence: z.int().min(1).openapi({ description: "1, 2, 3, ... in each wallet." }),
    walletId: z.string(),
    transactionId: z.string(),
    type: transactionType,
    direction,
    amount: z.int(),
    currency: z.string(),
    balanceAfter: z
      .int()
      .openapi({ description: "Of this currency, after this entry, whatever is filtered out." }),
    counterparty: z
      .string()
      .openapi({ description: "The other side: `wal_...` or `external:<provider>`." }),
    paymentReference: z.string().optional(),
    provider: z.string().optional(),
    description: z.string().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    hash: z
      .string()
      .openapi({ description: "Of this entry and its predecessor's hash: the ledger is a chain." }),
    createdAt: timestamp,
  })
  .openapi("HistoryEntry");

export const History = z
  .object({
    data: z.array(HistoryEntry),
    nextCursor: z.string().nullable().openapi({
      description: "For the next page, which may be short or empty; null only at the end.",
    }),
    inFlight,
  })
  .openapi("History");

const auditKinds = [
  "sequence_gap",
  "broken_hash",
  "entry_without_leg",
  "negative_balance",
  "balance_limit_exceeded",
  "wrong_checkpoint",
  "unknown_hold",
  "missing_entry",
  "entry_unknown_to_log",
  "entry_differs_from_log",
] as const satisfies readonly AuditDifference["kind"][];

export const Audit = z
  .object({
    walletId: z.string(),
    status: z.enum(["consistent", "different", "incomplete"]).openapi({
      description: "`incomplete`: no difference was found, but not every log could be asked.",
    }),
    asOf: z
      .object({ sequence: z.int().min(0), hash: z.string() })
      .openapi({ description: "The last ledger entry that was audited, and its hash." }),
    checked: z.object({
      entries: z.int(),
      checkpoints: z.int(),
      holds: z.int(),
      transactions: z.int().openapi({ description: "Committed, as the transfer logs have them." }),
    }),
    unreachableShards: z.int(),
    firstDifference: z
      .object({
        kind: z.enum(auditKinds),
        sequence: z.int().optional(),
        transactionId: z.string().optional(),
      })
      .optional(),
  })
  .openapi("Audit");
