// Freezes: acts of operators that stop a wallet's debits, or let them go on.
import { z } from "@hono/zod-openapi";
import { reasonLengthMax } from "../../domain/limits.ts";
import * as examples from "./examples.ts";
import { createdBy, idOf, timestamp, walletIdShown } from "./fields.ts";
import { nextCursor } from "./paging.ts";
import { text } from "./texts.ts";

const act = {
  frozen: z.boolean().openapi({
    description: "Whether new debits are refused from now on. The newest act counts.",
    example: true,
  }),
  reason: text(1, reasonLengthMax).openapi({
    description: "For those who ask later. It is kept for ever.",
    example: "Reported as stolen, case 4711",
  }),
};

export const FreezeInput = z
  .strictObject(act)
  .openapi("FreezeInput", { description: "A wallet to be frozen, or thawed." });

export const Freeze = z
  .object({
    id: idOf("frz", examples.freezeId),
    walletId: walletIdShown,
    ...act,
    createdBy: createdBy.openapi({
      description: "The principal that froze or thawed the wallet.",
    }),
    createdAt: timestamp,
  })
  .openapi("Freeze", { description: "A wallet was frozen, or thawed. Never changes." });

export const Freezes = z
  .object({
    data: z.array(Freeze).openapi({ description: "Newest first." }),
    nextCursor,
  })
  .openapi("Freezes", { description: "The acts of one wallet." });
