// Renders API keys as response bodies. As in render.ts, the body of a creation uses immutable
// fields only, so that a replay has the same bytes, without the key's text, which is not stored.
import type { z } from "@hono/zod-openapi";
import type { KeyRecord } from "../durable-objects/key-ring/contract.ts";
import { renderTime } from "./render.ts";
import type { ApiKey, CreatedApiKey } from "./schemas/api-key.ts";

type CreatedKeyBody = z.infer<typeof CreatedApiKey>;

/** `apiKey`: the text of the key, in the first answer to its creation only. */
export function renderCreatedKey(record: KeyRecord, apiKey?: string): CreatedKeyBody {
  const { id, name, scopes, expiresAt, createdBy, createdAt } = record;
  return {
    id,
    name,
    scopes: [...scopes],
    ...(expiresAt !== undefined && { expiresAt: renderTime(expiresAt) }),
    createdBy,
    createdAt: renderTime(createdAt),
    ...(apiKey !== undefined && { apiKey }),
  };
}

export function renderKey(record: KeyRecord): z.infer<typeof ApiKey> {
  const { revoked } = record;
  return {
    ...renderCreatedKey(record),
    ...(revoked && { revokedBy: revoked.by, revokedAt: renderTime(revoked.at) }),
  };
}
