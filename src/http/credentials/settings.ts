// What a deployment says about whom to trust. Half a setting counts as none, so that a mistake
// closes the service and never opens it.
import { environmentPattern } from "../../domain/api-key.ts";
import { isApiKeyId } from "../../domain/ids.ts";
import { isTenant, scopes } from "../../domain/principal.ts";
import type { KeyRecord } from "../../durable-objects/key-ring-contract.ts";

/** Bindings that may be there or not. */
export interface Settings {
  readonly ENVIRONMENT?: string;
  /** `<tenant>:<key id>:<SHA-256 of the secret>`, as `npm run keys:bootstrap` prints it. */
  readonly BOOTSTRAP_KEY?: string;
  /** Users' tokens: the issuer's public keys, as JSON or as the address of the JSON. */
  readonly AUTH_JWKS?: string;
  readonly AUTH_JWKS_URL?: string;
  readonly AUTH_JWT_ALGORITHM?: string;
  readonly AUTH_JWT_ISSUER?: string;
  readonly AUTH_JWT_AUDIENCE?: string;
  readonly ADDRESS_LIMIT?: RateLimit;
  readonly CREDENTIAL_LIMIT?: RateLimit;
}

export function settingsOf(env: Env): Settings {
  return env;
}

const algorithms = ["ES256", "RS256", "EdDSA"] as const;

/** How users' tokens are checked. One algorithm, never the token's choice. */
export interface TokenTrust {
  readonly keys: { readonly jwks: string } | { readonly url: string };
  readonly algorithm: (typeof algorithms)[number];
  readonly issuer: string;
  readonly audience: string;
}

/** Whom to trust. */
export interface Trust {
  /** Somebody was named, and everything that was said makes sense. */
  readonly configured: boolean;
  /** The part of an API key that says where it works. */
  readonly environment: string;
  readonly bootstrapKey?: KeyRecord;
  readonly tokens?: TokenTrust;
}

/** Names that no public address has: loopback, and names without a dot, as containers have. A
 *  development mode that was deployed by mistake, or that a web page reaches by rebinding a name of
 *  its own to 127.0.0.1, is closed. */
const localName = /^(?:127\.0\.0\.1|0\.0\.0\.0|\[::1\]|(?:.+\.)?localhost|[a-z0-9_-]+)$/;

export function isDevelopment(env: Env): boolean {
  return settingsOf(env).ENVIRONMENT === "development";
}

/** Whether callers without credentials are let in, as principal `dev`. */
export function isOpen(env: Env, requestUrl: string): boolean {
  return isDevelopment(env) && localName.test(new URL(requestUrl).hostname);
}

function readBootstrapKey(text: string): KeyRecord | undefined {
  const [tenant = "", id = "", secretHash = "", ...more] = text.split(":");
  const good = isTenant(tenant) && isApiKeyId(id) && /^[0-9a-f]{64}$/.test(secretHash);
  if (!good || more.length > 0) return undefined;
  return { id, tenant, secretHash, scopes, name: "bootstrap", createdBy: "operator", createdAt: 0 };
}

function isKeySet(text: string): boolean {
  try {
    return Array.isArray((JSON.parse(text) as { keys?: unknown } | null)?.keys);
  } catch {
    return false;
  }
}

function readKeys({
  AUTH_JWKS: jwks,
  AUTH_JWKS_URL: url,
}: Settings): TokenTrust["keys"] | undefined {
  if (jwks !== undefined && url !== undefined) return undefined;
  if (jwks !== undefined) return isKeySet(jwks) ? { jwks } : undefined;
  return url !== undefined && URL.canParse(url) && url.startsWith("https://") ? { url } : undefined;
}

function readTokens(settings: Settings): TokenTrust | undefined {
  const { AUTH_JWT_ISSUER: issuer, AUTH_JWT_AUDIENCE: audience } = settings;
  const algorithm = algorithms.find((known) => known === settings.AUTH_JWT_ALGORITHM);
  const keys = readKeys(settings);
  return keys && algorithm && issuer && audience
    ? { keys, algorithm, issuer, audience }
    : undefined;
}

/** What API keys of this deployment are labelled with. */
export function environmentOf(env: Env): string {
  return settingsOf(env).ENVIRONMENT || "production";
}

const trusts = new WeakMap<Env, Trust>();

/** Whom the bindings say to trust: read once for each set of bindings, which never change. */
export function trustOf(env: Env): Trust {
  const known = trusts.get(env);
  if (known) return known;
  const trust = readTrust(env);
  trusts.set(env, trust);
  return trust;
}

function readTrust(env: Env): Trust {
  const settings = settingsOf(env);
  const { BOOTSTRAP_KEY: bootstrap } = settings;
  const bootstrapKey = bootstrap === undefined ? undefined : readBootstrapKey(bootstrap);
  const tokens = readTokens(settings);
  const environment = environmentOf(env);
  const aboutTokens = Object.entries(settings).some(
    ([name, value]) => name.startsWith("AUTH_") && value !== undefined,
  );
  const whole =
    environmentPattern.test(environment) &&
    (bootstrap === undefined || bootstrapKey !== undefined) &&
    (!aboutTokens || tokens !== undefined);
  return {
    configured: whole && (bootstrapKey !== undefined || tokens !== undefined),
    environment,
    ...(bootstrapKey && { bootstrapKey }),
    ...(tokens && { tokens }),
  };
}
