// The vocabulary of calls to a key ring. As in contract.ts: expected outcomes are values, a throw
// means a bug or the platform, and a repeated call has the effect and the answer of the first.
import type { ApiKeyRequest } from "../domain/fingerprint.ts";
import type { Call, NotFound } from "./contract.ts";

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
  | { readonly ok: false; readonly problem: "idempotency_key_reused" };

/** Without a tenant: whose key it is, is what the caller wants to know. */
export interface LookUpCall extends Omit<Call, "tenant"> {
  readonly keyId: string;
}

export interface RevokeKeyCall extends Call {
  readonly keyId: string;
  readonly principal: string;
}

type Found = { readonly ok: true; readonly key: KeyRecord };

export interface KeyRingApi {
  /** Records the key, once: the row is the record of its own idempotency key. */
  create(call: CreateKeyCall): Promise<CreateKeyResult>;
  /** Revoked and expired keys are found, too. Never writes. */
  lookUp(call: LookUpCall): Promise<Found | NotFound>;
  /** Every key of the tenant in this ring. Never writes. */
  list(call: Call): Promise<readonly KeyRecord[]>;
  /** Revokes the key for ever. The first revocation stays. Another tenant's key is not found. */
  revoke(call: RevokeKeyCall): Promise<Found | NotFound>;
}
