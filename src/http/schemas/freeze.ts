// Schemas of freezes: an operator blocks new debits of a wallet, or allows them again.
import { z } from "@hono/zod-openapi";
import { reasonLengthMax } from "../../domain/limits.ts";
import * as examples from "./examples.ts";
import { createdBy, idOf, timestamp, walletIdShown } from "./fields.ts";
import { nextCursor } from "./paging.ts";
import { text } from "./texts.ts";

const act = {
  frozen: z.boolean().openapi({
    description:
      "True: refuse new debits. False: allow them again. The newest freeze or thaw counts.",
    example: true,
  }),
  reason: text(1, reasonLengthMax).openapi({
    description: "The reason, for the audit trail. Never deleted.",
    example: "Reported as stolen, case 4711",
  }),
};

export const FreezeInput = z
  .strictObject(act)
  .openapi("FreezeInput", { description: "A freeze or thaw to be recorded." });

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
  .openapi("Freeze", { description: "A recorded freeze or thaw. Never changes." });

export const Freezes = z
  .object({
    data: z.array(Freeze).openapi({ description: "Newest first." }),
    nextCursor,
  })
  .openapi("Freezes", { description: "The freezes and thaws of a wallet." });
