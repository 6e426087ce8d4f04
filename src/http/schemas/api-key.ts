// Schemas of API keys: input and output. The key's text appears in the first answer to its creation
// only.
import { z } from "@hono/zod-openapi";
import { idEnding } from "../../domain/ids.ts";
import { nameLengthMax } from "../../domain/limits.ts";
import { inScopeOrder, scopes as allScopes } from "../../domain/principal.ts";
import * as examples from "./examples.ts";
import { createdBy, idOf, instant, timestamp } from "./fields.ts";
import { nextCursor } from "./paging.ts";
import { text } from "./texts.ts";

const Scope = z.enum(allScopes).openapi("Scope", { description: "A permission." });

const scopes = z
  .array(Scope)
  .min(1)
  .max(allScopes.length)
  .openapi({
    description: "The permissions of the key, each scope once.",
    uniqueItems: true,
    example: [...examples.newApiKey.scopes],
  });

/** In the years that a record and its answer can hold. */
const isWritable = (time: number) => time >= 0 && time < Date.UTC(10_000, 0);

export const ApiKeyInput = z
  .strictObject({
    name: text(1, nameLengthMax).openapi({
      description: "A label for people, such as the system that uses the key.",
      example: "payments back end",
    }),
    scopes: scopes
      .refine((sent) => new Set(sent).size === sent.length, "A scope is given twice.")
      .transform(inScopeOrder)
      .openapi({
        description: "Only scopes that the caller has. They never change.",
      }),
    expiresAt: instant.refine(isWritable, "Not before 1970, nor after 9999.").optional().openapi({
      description:
        "RFC 3339, in the future. The key is refused from then on. Omitted: it does not expire.",
      example: "2027-10-20T09:30:00Z",
    }),
  })
  .openapi("ApiKeyInput", { description: "An API key to be created." });

const record = {
  id: idOf("key", examples.apiKeyId).openapi({
    description: "Identifies the key in records and logs; not a secret.",
  }),
  name: text(1, nameLengthMax),
  scopes,
  expiresAt: timestamp.optional(),
  createdBy: createdBy.openapi({ description: "The principal that created it." }),
  createdAt: timestamp,
};

export const CreatedApiKey = z
  .object({
    ...record,
    apiKey: z
      .string()
      .regex(new RegExp(`^wk_[a-z]{1,16}_${idEnding}_[0-9A-HJKMNP-TV-Z]{58}$`))
      .optional()
      .openapi({
        description:
          "The key to send as `Authorization: Bearer ...`. Shown once: a replay omits it. If the " +
          "answer was lost, revoke the key and create another.",
        example: examples.apiKey,
      }),
  })
  .openapi("CreatedApiKey", { description: "A created API key; the first answer has its text." });

export const ApiKey = z
  .object({
    ...record,
    revokedBy: createdBy.optional().openapi({ description: "The principal that revoked it." }),
    revokedAt: timestamp.optional(),
  })
  .openapi("ApiKey", { description: "The record of an API key, without its text." });

export const ApiKeys = z
  .object({
    data: z.array(ApiKey).openapi({ description: "In order of creation." }),
    nextCursor,
  })
  .openapi("ApiKeys", { description: "API keys, in order of creation." });
