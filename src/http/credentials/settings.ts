// The credentials that a deployment trusts, read from its settings. An invalid setting grants
// nothing: it disables API keys or user tokens, whichever it is for, but not the other. The log
// names the setting, never its value.
import { environmentPattern } from "../../domain/api-key.ts";
import { isApiKeyId } from "../../domain/ids.ts";
import { isTenant, scopes } from "../../domain/principal.ts";
import type { KeyRecord } from "../../durable-objects/key-ring/contract.ts";
import {
  readTokenSettings,
  type SettingFault,
  type TokenSettings,
  type TokenTrust,
} from "./token-settings.ts";

/** Optional bindings. */
export interface Settings extends TokenSettings {
  readonly ENVIRONMENT?: string;
  /** `<tenant>:<key id>:<SHA-256 of the secret>`, as `npm run keys:bootstrap` prints it. */
  readonly BOOTSTRAP_KEY?: string;
  readonly ADDRESS_LIMIT?: RateLimit;
  readonly CREDENTIAL_LIMIT?: RateLimit;
}

export function settingsOf(env: Env): Settings {
  return env;
}

/** The trusted credentials. */
export interface Trust {
  /** An API key or a token issuer is configured. */
  readonly configured: boolean;
  /** The part of an API key that says where it works. */
  readonly environment: string;
  readonly bootstrapKey?: KeyRecord;
  readonly tokens?: TokenTrust;
  /** User tokens are configured, but their settings are invalid: no token is accepted. */
  readonly tokensMisconfigured: boolean;
  /** Missing and invalid settings, for the log. */
  readonly faults: readonly SettingFault[];
}

/** Names that no public address has: loopback, and names without a dot, as containers have. A
 *  development mode that was deployed by mistake, or that a web page reaches by rebinding a name of
 *  its own to 127.0.0.1, is closed. */
const localName = /^(?:127\.0\.0\.1|0\.0\.0\.0|\[::1\]|(?:.+\.)?localhost|[a-z0-9_-]+)$/;

export function isDevelopment(env: Env): boolean {
  return settingsOf(env).ENVIRONMENT === "development";
}

/** True if callers without credentials are accepted, as principal `dev`. */
export function isOpen(env: Env, requestUrl: string): boolean {
  return isDevelopment(env) && localName.test(new URL(requestUrl).hostname);
}

function readBootstrapKey(text: string): KeyRecord | undefined {
  const [tenant = "", id = "", secretHash = "", ...more] = text.split(":");
  const good = isTenant(tenant) && isApiKeyId(id) && /^[0-9a-f]{64}$/.test(secretHash);
  if (!good || more.length > 0) return undefined;
  return { id, tenant, secretHash, scopes, name: "bootstrap", createdBy: "operator", createdAt: 0 };
}

/** The environment label in API keys of this deployment. */
export function environmentOf(env: Env): string {
  return settingsOf(env).ENVIRONMENT || "production";
}

const trusts = new WeakMap<Env, Trust>();

/** The trust that the bindings configure: read once for each set of bindings, which never
 *  change. */
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
  const { wanted, tokens, faults: tokenFaults } = readTokenSettings(settings);
  const environment = environmentOf(env);
  const isNamed = environmentPattern.test(environment);
  const faults: SettingFault[] = [...tokenFaults];
  if (!isNamed) faults.push({ setting: "ENVIRONMENT", detail: "is not 1 to 16 letters a-z" });
  if (bootstrap !== undefined && !bootstrapKey) {
    const detail = "is not what npm run keys:bootstrap prints";
    faults.push({ setting: "BOOTSTRAP_KEY", detail });
  }
  return {
    configured: isNamed && (bootstrapKey !== undefined || tokens !== undefined),
    environment,
    ...(bootstrapKey && { bootstrapKey }),
    ...(tokens && { tokens }),
    tokensMisconfigured: wanted && !tokens,
    faults,
  };
}

/** The faults to log at start-up: invalid settings, and a service without any credentials. */
export function settingFaults(env: Env): readonly SettingFault[] {
  const { configured, faults } = trustOf(env);
  if (configured || faults.length > 0 || settingsOf(env).ENVIRONMENT === "development") {
    return faults;
  }
  const detail = "is missing, and no token issuer is configured: all requests are refused";
  return [{ setting: "BOOTSTRAP_KEY", detail }];
}
