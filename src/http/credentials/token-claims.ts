// Maps the claims of a verified token to a principal. Issuers name claims differently, so the names
// are settings. Never looks at a signature.
import type { JWTPayload } from "jose";
import { isUserId } from "../../domain/ids.ts";
import { isTenant, userScopes, type Scope } from "../../domain/principal.ts";
import type { ClaimNames, TokenTrust } from "./token-settings.ts";
import { denied, type Verdict } from "./verdict.ts";

function member(of: unknown, name: string): unknown {
  if (typeof of !== "object" || of === null || !Object.hasOwn(of, name)) return undefined;
  return (of as Readonly<Record<string, unknown>>)[name];
}

/** A claim by its name; one that lies deeper by its JSON Pointer (RFC 6901), which begins with a
 *  slash. */
function claimOf(payload: JWTPayload, name: string): unknown {
  if (!name.startsWith("/")) return member(payload, name);
  let found: unknown = payload;
  for (const part of name.slice(1).split("/")) {
    found = member(found, part.replaceAll("~1", "/").replaceAll("~0", "~"));
  }
  return found;
}

/** The texts of a list, or of one text with spaces between them, as OAuth has them (RFC 8693). */
function textsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return value.split(" ");
  if (!Array.isArray(value)) return undefined;
  return value.every((one) => typeof one === "string") ? value : undefined;
}

/** The granted scopes that a user may have at all. Unknown scopes are ignored. */
function scopesOf(payload: JWTPayload, names: ClaimNames): readonly Scope[] | undefined {
  const claims = names.scopes.map((name) => claimOf(payload, name));
  const granted = textsOf(claims.find((value) => value !== undefined));
  return granted && userScopes.filter((scope) => granted.includes(names.scopesPrefix + scope));
}

export function principalOf(payload: JWTPayload, trust: TokenTrust): Verdict {
  const { claims, audience } = trust;
  // Only a claim other than `aud`, which was checked with the signature.
  if (claims.audience !== "aud") {
    const meant = claimOf(payload, claims.audience);
    const isMeant = Array.isArray(meant) ? meant.includes(audience) : meant === audience;
    if (!isMeant) return denied("wrong_audience");
  }
  const userId = claimOf(payload, claims.user);
  if (typeof userId !== "string" || !isUserId(userId)) return denied("no_user_id");
  const { tenant: named } = claims;
  const tenant = "always" in named ? named.always : claimOf(payload, named.claim);
  if (typeof tenant !== "string" || !isTenant(tenant)) return denied("no_tenant");
  const scopes = scopesOf(payload, claims);
  if (!scopes) return denied("no_scopes");
  return { ok: true, principal: { id: userId, tenant, scopes, userId } };
}
