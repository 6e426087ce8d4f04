// The contract of calls to a key ring. As in rpc/contract.ts, expected outcomes are values, a throw
// means a bug or a failure of the platform, and a repeat has the effect and the answer of the
// first.
import type { ApiKeyRequest } from "../../domain/fingerprint.ts";
import type { KeyAuditReport } from "../account/audit-contract.ts";
import type { Call, NotFound } from "../rpc/contract.ts";

/** An API key as recorded: everything but its secret. Times in ms since the epoch. */
export interface KeyRecord extends ApiKeyRequest {
  readonly id: string;
  readonly tenant: string;
  /** SHA-256 of the secret, 64 hexadecimal digits. Never leaves the Worker. */
  readonly secretHash: string;
  /** Id of the principal that created it. */
  readonly createdBy: string;
  readonly createdAt: number;
  readonly revoked?: { readonly by: string; readonly at: number };
}

export interface CreateKeyCall extends Call {
  readonly keyId: string;
  readonly fingerprint: string;
  readonly request: ApiKeyRequest;
  readonly secretHash: string;
  /** Id of the principal that asks. */
  readonly principal: string;
}

/** `replayed`: an earlier request created the key, so the secret behind this call's hash is not the
 *  key's and must not be shown. */
export type CreateKeyResult =
  | { readonly ok: true; readonly key: KeyRecord; readonly replayed: boolean }
  | { readonly ok: false; readonly problem: "idempotency_key_reused" | "already_expired" };

/** Without a tenant: whose key it is, is what the caller wants to know. */
export interface LookUpCall extends Omit<Call, "tenant"> {
  readonly keyId: string;
}

/** `after`: the last key of the page before, which need not be one of this ring. */
export interface ListKeysCall extends Call {
  readonly limit: number;
  readonly after?: { readonly createdAt: number; readonly id: string };
}

export interface KeyAuditCall extends Call {
  /** Which ring it is, 0-15. */
  readonly shard: number;
}

export interface RevokeKeyCall extends Call {
  readonly keyId: string;
  readonly principal: string;
}

type Found = { readonly ok: true; readonly key: KeyRecord };

export interface KeyRingApi {
  /** Records the key, once: the row is the record of its own idempotency key. A new one must expire
   *  in the future; a repetition gets its answer at any time. */
  create(call: CreateKeyCall): Promise<CreateKeyResult>;
  /** Revoked and expired keys are found, too. Never writes. */
  lookUp(call: LookUpCall): Promise<Found | NotFound>;
  /** Keys of the tenant in this ring, by time of creation and id. Never writes. */
  list(call: ListKeysCall): Promise<readonly KeyRecord[]>;
  /** Compares every key of the tenant in this ring with its fingerprint. Never writes. */
  audit(call: KeyAuditCall): Promise<KeyAuditReport>;
  /** Revokes the key permanently. The first revocation stays. Another tenant's key is not found. */
  revoke(call: RevokeKeyCall): Promise<Found | NotFound>;
}
