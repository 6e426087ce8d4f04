// Users: each of them has exactly one wallet.
import { z } from "@hono/zod-openapi";
import { emailLengthMax, nameLengthMax } from "../../domain/limits.ts";
import * as examples from "./examples.ts";
import { metadata, text, timestamp } from "./fields.ts";

const profile = {
  name: text(1, nameLengthMax).openapi({ example: "Ada Lovelace" }),
  email: z.email().max(emailLengthMax).optional().openapi({ example: "ada@example.com" }),
  metadata: metadata.optional(),
};

export const NewUser = z.strictObject(profile).openapi("NewUser");

export const User = z
  .object({
    id: z.string().openapi({ example: examples.adaId }),
    walletId: z.string().openapi({ example: examples.adaWalletId }),
    ...profile,
    createdAt: timestamp,
  })
  .openapi("User");
