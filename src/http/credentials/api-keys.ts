// Verifies API keys: from the presented text to a principal. An unknown key and a wrong secret get
// the same answer after the same digest and the same comparison. Key ids are not secret: timing may
// reveal that an id is cached.
import { Buffer } from "node:buffer";
import { parseApiKey } from "../../domain/api-key.ts";
import type { KeyRecord } from "../../durable-objects/key-ring/contract.ts";
import type { Secrets } from "./secrets.ts";
import type { Trust } from "./settings.ts";
import { denied, type Verdict } from "./verdict.ts";

/** Compared with in place of an unknown key's hash. No secret is known to have this digest. */
const noHash = "0".repeat(64);

/** True if the key is valid at `now`, in ms since the epoch. */
export async function verifyApiKey(
  presented: string,
  trust: Trust,
  find: (keyId: string) => Promise<KeyRecord | undefined>,
  secrets: Secrets,
  now: number,
): Promise<Verdict> {
  const key = parseApiKey(presented);
  if (!key) return denied("malformed");
  if (key.environment !== trust.environment) return denied("other_environment");
  const { bootstrapKey } = trust;
  const record = bootstrapKey?.id === key.id ? bootstrapKey : await find(key.id);
  const stored = Buffer.from(record?.secretHash ?? noHash, "hex");
  const same = secrets.equal(secrets.sha256(key.secret), stored);
  if (!record) return denied("unknown_key");
  if (!same) return denied("wrong_secret");
  if (record.revoked) return denied("revoked");
  if (record.expiresAt !== undefined && record.expiresAt <= now) return denied("expired");
  return {
    ok: true,
    principal: { id: record.id, tenant: record.tenant, scopes: record.scopes },
  };
}
