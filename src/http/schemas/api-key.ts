// API keys, as they are asked for and shown. Their text is shown once, to whoever created them.
import { z } from "@hono/zod-openapi";
import { nameLengthMax } from "../../domain/limits.ts";
import { inScopeOrder, scopes as allScopes } from "../../domain/principal.ts";
import * as examples from "./examples.ts";
import { instant, text, timestamp } from "./fields.ts";

const scopes = z.array(z.enum(allScopes)).min(1).max(allScopes.length);

/** In the years that a record and its answer can hold. */
const isWritable = (time: number) => time >= 0 && time < Date.UTC(10_000, 0);

export const NewApiKey = z
  .strictObject({
    name: text(1, nameLengthMax).openapi({
      description: "For people: who uses it, and where.",
      example: "payments back end",
    }),
    scopes: scopes
      .refine((sent) => new Set(sent).size === sent.length, "A scope is given twice.")
      .transform(inScopeOrder)
      .openapi({
        description: "Only scopes that the caller has, too. They never change.",
        example: ["transfers:write", "wallets:read"],
      }),
    expiresAt: instant.refine(isWritable, "Not before 1970, nor after 9999.").optional().openapi({
      description: "RFC 3339. From then on the key is refused. Omitted: it does not expire.",
      example: "2027-10-20T09:30:00Z",
    }),
  })
  .openapi("NewApiKey");

const record = {
  id: z.string().openapi({
    description: "Names the key in records and logs; grants nothing.",
    example: examples.apiKeyId,
  }),
  name: z.string(),
  scopes: z.array(z.enum(allScopes)),
  expiresAt: timestamp.optional(),
  createdBy: z.string().openapi({ description: "The principal that asked for it." }),
  createdAt: timestamp,
};

export const CreatedApiKey = z
  .object({
    ...record,
    apiKey: z
      .string()
      .optional()
      .openapi({
        description:
          "What to send as `Authorization: Bearer ...`. Shown once: a replay has every other " +
          "field. If the answer was lost, revoke the key and create another.",
        example: examples.apiKey,
      }),
  })
  .openapi("CreatedApiKey");

export const ApiKey = z
  .object({
    ...record,
    revokedBy: z.string().optional(),
    revokedAt: timestamp.optional(),
  })
  .openapi("ApiKey");

export const ApiKeys = z.object({ data: z.array(ApiKey) }).openapi("ApiKeys");
