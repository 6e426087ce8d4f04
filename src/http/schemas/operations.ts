// Schemas of health checks and of unfinished work, for operators.
import { z } from "@hono/zod-openapi";
import { shardCount } from "../../domain/limits.ts";
import { integer, timestamp, transactionIdShown, transactionStatus } from "./fields.ts";
import { transactionType } from "./transaction.ts";

export const Health = z
  .object({
    status: z.literal("ok").openapi({ description: "Always." }),
    service: z.string().openapi({ description: "The service's name.", example: "edge-ledger" }),
    version: z.string().openapi({ description: "Its release.", example: "0.1.0" }),
    mode: z.enum(["development", "closed"]).openapi("ServiceMode", {
      description:
        "`development`: local callers need no credentials. `closed`: credentials are required.",
    }),
  })
  .openapi("Health", { description: "The service is alive." });

const Check = z
  .object({
    status: z
      .enum(["ok", "failed"])
      .openapi("CheckStatus", { description: "Whether the check succeeded." }),
    readMs: integer().optional().openapi({ description: "Duration of a read, in ms." }),
    writeMs: integer().optional().openapi({ description: "Duration of a write, in ms." }),
  })
  .openapi("Check", { description: "One class of objects: its storage was written and read." });

export const Readiness = z
  .object({
    status: z.enum(["ready", "unavailable"]).openapi("ReadinessStatus", {
      description: "`ready` if every check succeeded.",
    }),
    checks: z.record(z.string(), Check).openapi({ description: "By class of objects." }),
  })
  .openapi("Readiness", { description: "Whether money can move." });

const UnsettledTransaction = z
  .object({
    transactionId: transactionIdShown,
    type: transactionType,
    status: transactionStatus,
    stuck: z.boolean().openapi({ description: "Needs an operator's attention; still retried." }),
    attempts: integer().openapi({ description: "Attempts so far that have not completed it." }),
    createdAt: timestamp,
    decidedAt: timestamp.optional(),
    nextAttemptAt: timestamp,
  })
  .openapi("UnsettledTransaction", {
    description:
      "Undecided, decided and not yet acknowledged by every account, or an authorization that " +
      "should have expired.",
  });

export const Unsettled = z
  .object({
    data: z.array(UnsettledTransaction).openapi({ description: "Oldest first." }),
    unreachableShards: integer(0, shardCount).openapi({
      description: "Log shards that did not answer. Not 0: the list is incomplete.",
    }),
  })
  .openapi("UnsettledTransactions", { description: "Unfinished transactions, oldest first." });
