// The audit of a key ring: compares every key of a tenant with the fingerprint of the request that
// created it. Reads only. The secret's hash, the tenant and the creator of a key are recorded
// nowhere else and cannot be checked: docs/invariants.md.
import { fingerprintApiKey } from "../../domain/fingerprint.ts";
import { keyShardOf } from "../../domain/ids.ts";
import { keyShardCount } from "../../domain/limits.ts";
import type { Scope } from "../../domain/principal.ts";
import type { Log } from "../../platform/log.ts";
import type { KeyAuditReport } from "../account/audit-contract.ts";
import { parseCanonical } from "../account/audit-store.ts";
import { isIdentity } from "../rpc/identity.ts";
import type { KeyAuditCall } from "./contract.ts";
import type { AuditedKey, KeyRingStore } from "./store.ts";

/** The difference between a key and its fingerprint or its ring, if there is one. */
function differingField(key: AuditedKey, shard: number): string | undefined {
  const { id, name, fingerprint, expiresAt } = key;
  if (keyShardOf(id) !== shard) return "id";
  const scopes = parseCanonical(key.scopes);
  if (!Array.isArray(scopes)) return "scopes";
  const expires = expiresAt === null ? {} : { expiresAt };
  const request = { name, scopes: scopes as readonly Scope[], ...expires };
  return fingerprintApiKey(request) === fingerprint ? undefined : "fingerprint";
}

function checkKeys(store: KeyRingStore, { tenant, shard }: KeyAuditCall): KeyAuditReport {
  const own = { class: "key-ring", shard, shards: keyShardCount };
  if (!isIdentity(store.identity(), own)) {
    return { keys: 0, difference: { kind: "wrong_identity" } };
  }
  const keys = store.keysToAudit(tenant);
  for (const key of keys) {
    const field = differingField(key, shard);
    if (field) {
      return { keys: keys.length, difference: { kind: "wrong_key", keyId: key.id, field } };
    }
  }
  return { keys: keys.length };
}

/** Of the differences the first by id is reported, and logged as an integrity fault. */
export function auditKeys(store: KeyRingStore, call: KeyAuditCall, log: Log): KeyAuditReport {
  const report = checkKeys(store, call);
  if (report.difference) {
    const { kind, keyId = "", field = "" } = report.difference;
    const detail = `audit of a key ring: ${[kind, keyId, field].filter(Boolean).join(" ")}`;
    log("error", { event: "integrity_fault", requestId: call.requestId, detail });
  }
  return report;
}
