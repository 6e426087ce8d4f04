// The settings of user tokens: the issuer, its keys, and the names of the claims. If any of them is
// invalid, no token is accepted. Each fault names its setting, never its value.
import { isTenant } from "../../domain/principal.ts";

/** Optional bindings. */
export interface TokenSettings {
  /** The issuer's public keys, as JSON or as the URL of the JSON. */
  readonly AUTH_JWKS?: string;
  readonly AUTH_JWKS_URL?: string;
  readonly AUTH_JWT_ALGORITHM?: string;
  readonly AUTH_JWT_ISSUER?: string;
  readonly AUTH_JWT_AUDIENCE?: string;
  /** Claims by name, or by JSON Pointer. */
  readonly AUTH_JWT_AUDIENCE_CLAIM?: string;
  readonly AUTH_JWT_USER_CLAIM?: string;
  readonly AUTH_JWT_TENANT_CLAIM?: string;
  /** The one tenant of all users, instead of a claim. */
  readonly AUTH_JWT_TENANT?: string;
  readonly AUTH_JWT_SCOPES_CLAIM?: string;
  /** The prefix that the issuer puts before the names of our scopes. */
  readonly AUTH_JWT_SCOPES_PREFIX?: string;
}

/** A missing or invalid setting. Never contains its value. */
export interface SettingFault {
  readonly setting: string;
  readonly detail: string;
}

const algorithms = ["ES256", "RS256", "EdDSA"] as const;

/** How user tokens are verified. One algorithm, never the token's choice. */
export interface TokenTrust {
  readonly keys: { readonly jwks: string } | { readonly url: string };
  readonly algorithm: (typeof algorithms)[number];
  readonly issuer: string;
  readonly audience: string;
  readonly claims: ClaimNames;
}

export interface ClaimNames {
  readonly audience: string;
  readonly user: string;
  readonly tenant: { readonly claim: string } | { readonly always: string };
  /** Of these claims, the first that a token has counts. */
  readonly scopes: readonly string[];
  readonly scopesPrefix: string;
}

const names = [
  "AUTH_JWKS",
  "AUTH_JWKS_URL",
  "AUTH_JWT_ALGORITHM",
  "AUTH_JWT_ISSUER",
  "AUTH_JWT_AUDIENCE",
  "AUTH_JWT_AUDIENCE_CLAIM",
  "AUTH_JWT_USER_CLAIM",
  "AUTH_JWT_TENANT_CLAIM",
  "AUTH_JWT_TENANT",
  "AUTH_JWT_SCOPES_CLAIM",
  "AUTH_JWT_SCOPES_PREFIX",
] as const satisfies readonly (keyof TokenSettings)[];

const missing = "is missing";
const empty = "is empty";

function isKeySet(text: string): boolean {
  try {
    return Array.isArray((JSON.parse(text) as { keys?: unknown } | null)?.keys);
  } catch {
    return false;
  }
}

function* faultsOfKeys({
  AUTH_JWKS: jwks,
  AUTH_JWKS_URL: url,
}: TokenSettings): Iterable<SettingFault> {
  if (jwks === undefined && url === undefined) {
    yield { setting: "AUTH_JWKS_URL", detail: `${missing}, and so is AUTH_JWKS` };
  }
  if (jwks !== undefined && url !== undefined) {
    yield { setting: "AUTH_JWKS", detail: "is set beside AUTH_JWKS_URL: only one of them may be" };
  }
  if (jwks !== undefined && !isKeySet(jwks)) {
    yield { setting: "AUTH_JWKS", detail: "is not JSON with a list named keys" };
  }
  if (url !== undefined && !(URL.canParse(url) && url.startsWith("https://"))) {
    yield { setting: "AUTH_JWKS_URL", detail: "is not an address that begins with https://" };
  }
}

function* faultsOf(settings: TokenSettings, given: readonly string[]): Iterable<SettingFault> {
  for (const setting of given) {
    if ((names as readonly string[]).includes(setting)) continue;
    yield { setting, detail: "is not a known setting" };
  }
  yield* faultsOfKeys(settings);
  for (const setting of ["AUTH_JWT_ALGORITHM", "AUTH_JWT_ISSUER", "AUTH_JWT_AUDIENCE"] as const) {
    if (settings[setting] === undefined) yield { setting, detail: missing };
  }
  for (const setting of names) {
    if (settings[setting] === "") yield { setting, detail: empty };
  }
  const { AUTH_JWT_ALGORITHM: algorithm, AUTH_JWT_TENANT: tenant } = settings;
  if (algorithm && !(algorithms as readonly string[]).includes(algorithm)) {
    yield { setting: "AUTH_JWT_ALGORITHM", detail: `is none of ${algorithms.join(", ")}` };
  }
  if (tenant && !isTenant(tenant)) {
    yield { setting: "AUTH_JWT_TENANT", detail: "is not the name of a tenant" };
  }
  if (tenant !== undefined && settings.AUTH_JWT_TENANT_CLAIM !== undefined) {
    const detail = "is set beside AUTH_JWT_TENANT_CLAIM: only one of them may be";
    yield { setting: "AUTH_JWT_TENANT", detail };
  }
}

function claimsOf(settings: TokenSettings): ClaimNames {
  const { AUTH_JWT_TENANT: always, AUTH_JWT_SCOPES_CLAIM: scopes } = settings;
  const tenant = settings.AUTH_JWT_TENANT_CLAIM ?? "tenant";
  return {
    audience: settings.AUTH_JWT_AUDIENCE_CLAIM ?? "aud",
    user: settings.AUTH_JWT_USER_CLAIM ?? "sub",
    tenant: always === undefined ? { claim: tenant } : { always },
    scopes: scopes === undefined ? ["scopes", "scope"] : [scopes],
    scopesPrefix: settings.AUTH_JWT_SCOPES_PREFIX ?? "",
  };
}

/** `wanted`: some setting of user tokens is present, so they are meant to work. */
export interface ReadTokenSettings {
  readonly wanted: boolean;
  readonly tokens?: TokenTrust;
  readonly faults: readonly SettingFault[];
}

export function readTokenSettings(settings: TokenSettings): ReadTokenSettings {
  const given = Object.entries(settings).flatMap(([name, value]) =>
    name.startsWith("AUTH_") && value !== undefined ? [name] : [],
  );
  if (given.length === 0) return { wanted: false, faults: [] };
  const faults = [...faultsOf(settings, given)];
  const { AUTH_JWT_ISSUER: issuer, AUTH_JWT_AUDIENCE: audience } = settings;
  const { AUTH_JWKS: jwks, AUTH_JWKS_URL: url = "" } = settings;
  const algorithm = algorithms.find((known) => known === settings.AUTH_JWT_ALGORITHM);
  if (faults.length > 0 || !algorithm || !issuer || !audience) return { wanted: true, faults };
  const keys = jwks === undefined ? { url } : { jwks };
  const tokens = { keys, algorithm, issuer, audience, claims: claimsOf(settings) };
  return { wanted: true, tokens, faults };
}
