// Who asks: what every credential comes down to once it is believed. Pure; how a credential is
// checked is the edge's part.

/** What a principal may be allowed to do. A route names exactly one of them, or is public. */
export const scopes = [
  "users:write",
  "wallets:read",
  "transactions:read",
  "transfers:write",
  "funding:write",
  "ops:read",
  "ops:write",
  "keys:manage",
] as const;

export type Scope = (typeof scopes)[number];

export interface Principal {
  /** Names the principal in records and logs: never a secret. */
  readonly id: string;
  /** Whose books it acts on. Comes from the credential only. */
  readonly tenant: string;
  readonly scopes: readonly Scope[];
  /** Present for a user's own token: it may act on this user's wallet only. */
  readonly userId?: string;
}
