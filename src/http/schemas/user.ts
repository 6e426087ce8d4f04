// Schemas of users. Each user has exactly one wallet.
import { z } from "@hono/zod-openapi";
import { nameLengthMax } from "../../domain/limits.ts";
import { metadata, timestamp, userIdShown, walletIdShown } from "./fields.ts";
import { email, text } from "./texts.ts";

const profile = {
  name: text(1, nameLengthMax).openapi({ example: "Ada Lovelace" }),
  email: email.optional(),
  metadata: metadata.optional(),
};

export const UserInput = z
  .strictObject(profile)
  .openapi("UserInput", { description: "A user to be created, with a wallet." });

export const User = z
  .object({
    id: userIdShown,
    walletId: walletIdShown,
    ...profile,
    createdAt: timestamp,
  })
  .openapi("User", { description: "A user. Never changes." });
