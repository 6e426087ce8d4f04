// Fingerprints tell a replay from a reused key. They cover the validated request as sent, never its
// raw bytes: white space and field order do not matter, an omitted default is not a sent one.
import { digestTuple, encodeTuple } from "./digest.ts";
import { operationOf, type SentRequest } from "./operations/all.ts";
import type { Scope } from "./principal.ts";
import type { Metadata } from "./text.ts";

const version = "fp1";

function encodeMetadata(metadata: Metadata | undefined): string | null {
  if (metadata === undefined) return null;
  const pairs = Object.entries(metadata).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return encodeTuple(pairs.flat());
}

/** `fp1:` and 64 hexadecimal digits. */
export function fingerprintRequest(request: SentRequest): string {
  const digest = digestTuple([
    version,
    request.type,
    ...operationOf(request).fingerprintFields(request),
    request.description ?? null,
    encodeMetadata(request.metadata),
  ]);
  return `${version}:${digest}`;
}

/** Of a batch: covers the fingerprints of its items, in their order. */
export function fingerprintBatch(items: readonly string[]): string {
  return `${version}:${digestTuple([version, "batch", ...items])}`;
}

/** What an operator does to a wallet: what `POST /wallets/{userId}/freezes` was sent. */
export interface FreezeAct {
  readonly frozen: boolean;
  readonly reason: string;
}

export function fingerprintFreeze({ frozen, reason }: FreezeAct): string {
  return `${version}:${digestTuple([version, "freeze", String(frozen), reason])}`;
}

/** Who is to be opened: what `POST /users` was sent. */
export interface UserProfile {
  readonly name: string;
  readonly email?: string;
  readonly metadata?: Metadata;
}

export function fingerprintUser(profile: UserProfile): string {
  const digest = digestTuple([
    version,
    "user",
    profile.name,
    profile.email ?? null,
    encodeMetadata(profile.metadata),
  ]);
  return `${version}:${digest}`;
}

/** What `POST /admin/keys` was sent. `expiresAt` in ms since the epoch. */
export interface ApiKeyRequest {
  readonly name: string;
  /** In the order of the list of scopes. */
  readonly scopes: readonly Scope[];
  readonly expiresAt?: number;
}

export function fingerprintApiKey({ name, scopes, expiresAt }: ApiKeyRequest): string {
  const digest = digestTuple([version, "api-key", name, expiresAt ?? null, ...scopes]);
  return `${version}:${digest}`;
}
