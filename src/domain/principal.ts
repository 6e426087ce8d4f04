// The authenticated caller: what a verified credential stands for. Pure; the edge verifies
// credentials.

/** What a principal may be allowed to do. A route is public, or names the scopes of which one opens
 *  it. */
export const scopes = [
  "users:write",
  "wallets:read",
  "transactions:read",
  "transfers:write",
  "funding:write",
  "withdrawals:write",
  "reversals:write",
  "ops:read",
  "ops:write",
  "keys:manage",
] as const;

export type Scope = (typeof scopes)[number];

/** What a user's own token may be good for, whatever it claims. Never fundings and withdrawals:
 *  money that enters or leaves is vouched for by a payment provider, not by the wallet's owner. */
export const userScopes: readonly Scope[] = [
  "wallets:read",
  "transactions:read",
  "transfers:write",
];

/** Tenants are named by operators; the pattern keeps the names fit for logs and settings. */
const tenantPattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

export function isTenant(text: string): boolean {
  return tenantPattern.test(text);
}

/** In the order of the list, each once: two spellings of one set are equal. */
export function inScopeOrder(some: readonly Scope[]): readonly Scope[] {
  return scopes.filter((scope) => some.includes(scope));
}

export interface Principal {
  /** Names the principal in records and logs: never a secret. */
  readonly id: string;
  /** Whose books it acts on. Comes from the credential only. */
  readonly tenant: string;
  readonly scopes: readonly Scope[];
  /** Present for a user's own token: it may act on this user's wallet only. */
  readonly userId?: string;
}
