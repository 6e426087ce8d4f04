// What operators ask for: health and unfinished work.
import { z } from "@hono/zod-openapi";
import { timestamp, transactionType } from "./fields.ts";

export const Health = z
  .object({
    status: z.literal("ok"),
    service: z.string().openapi({ example: "edge-ledger" }),
    version: z.string().openapi({ example: "0.1.0" }),
    mode: z.enum(["development", "closed"]).openapi({
      description:
        "`development` answers without credentials. `closed` is what everybody else gets.",
    }),
  })
  .openapi("Health");

const Check = z
  .object({
    status: z.enum(["ok", "failed"]),
    readMs: z.number().optional(),
    writeMs: z.number().optional(),
  })
  .openapi("Check", { description: "One class of objects: its storage was written and read." });

export const Readiness = z
  .object({
    status: z.enum(["ready", "unavailable"]),
    checks: z.record(z.string(), Check),
  })
  .openapi("Readiness");

export const Unsettled = z
  .object({
    data: z.array(
      z.object({
        transactionId: z.string(),
        type: transactionType,
        status: z.enum(["pending", "committed", "rejected"]),
        stuck: z.boolean().openapi({ description: "It needs a human, and is still retried." }),
        attempts: z.int(),
        createdAt: timestamp,
        decidedAt: timestamp.optional(),
        nextAttemptAt: timestamp,
      }),
    ),
  })
  .openapi("Unsettled");
