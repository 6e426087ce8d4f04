// Which credentials a deployment trusts. A setting that is wrong counts as none and opens nothing;
// it closes what it is about, API keys or users' tokens, and not the other. Its name is logged.
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

/** Bindings that may be there or not. */
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

/** Whom to trust. */
export interface Trust {
  /** An API key or a token issuer is configured. */
  readonly configured: boolean;
  /** The part of an API key that says where it works. */
  readonly environment: string;
  readonly bootstrapKey?: KeyRecord;
  readonly tokens?: TokenTrust;
  /** Users' tokens are meant to work, and their settings do not make sense: they open nothing. */
  readonly tokensMisconfigured: boolean;
  /** What is missing or wrong, setting by setting. For the log. */
  readonly faults: readonly SettingFault[];
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

/** What the log is told when the service starts: faults, and a service that is closed to all. */
export function settingFaults(env: Env): readonly SettingFault[] {
  const { configured, faults } = trustOf(env);
  if (configured || faults.length > 0 || settingsOf(env).ENVIRONMENT === "development") {
    return faults;
  }
  const detail = "is missing, and so are the AUTH_ settings of a token issuer: all is refused";
  return [{ setting: "BOOTSTRAP_KEY", detail }];
}
