// The service as it is deployed, closed: the same app and the same objects as in every other test,
// under settings that name whom to trust. Every answer is held against docs/openapi.json.
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from "jose";
import { encodeSecret, formatApiKey } from "../../src/domain/api-key.ts";
import { apiKeyIdFor } from "../../src/domain/ids.ts";
import { scopes as allScopes, type Scope } from "../../src/domain/principal.ts";
import { createApp } from "../../src/http/app.ts";
import type { EdgeParts } from "../../src/http/context.ts";
import { platformSecrets } from "../../src/http/credentials/secrets.ts";
import type { Settings } from "../../src/http/credentials/settings.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { checked, type Answer } from "./http.ts";
import { vi } from "vitest";
import { newKey } from "./keys.ts";

const origin = "https://ledger.example";

export function newSecret(): string {
  return encodeSecret(crypto.getRandomValues(new Uint8Array(32)));
}

function hashOf(secret: string): string {
  const bytes = [...platformSecrets.sha256(secret)];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A tenant's first key, as `npm run keys:bootstrap` makes it: its text, and the setting. */
export function bootstrapFor(tenant: string) {
  const [id, secret] = [apiKeyIdFor(tenant, newKey()), newSecret()];
  const text = formatApiKey({ environment: "production", id, secret });
  return { text, setting: `${tenant}:${id}:${hashOf(secret)}` };
}

const issuer = "https://issuer.example";
const audience = "edge-ledger";
const signer = await generateKeyPair("ES256", { extractable: true });

/** The public key of our issuer, and its private half for forgeries. */
export const issuerKey = { ...(await exportJWK(signer.publicKey)), kid: "k1", alg: "ES256" };
export const privateKey = signer.privateKey;

export const tokenSettings = {
  AUTH_JWKS: JSON.stringify({ keys: [issuerKey] }),
  AUTH_JWT_ALGORITHM: "ES256",
  AUTH_JWT_ISSUER: issuer,
  AUTH_JWT_AUDIENCE: audience,
} as const satisfies Settings;

export const nowS = () => Math.floor(Date.now() / 1000);

export function claimsOf(userId: string, more: JWTPayload = {}): JWTPayload {
  return {
    iss: issuer,
    aud: audience,
    sub: userId,
    exp: nowS() + 300,
    tenant: "main",
    scopes: [...allScopes],
    ...more,
  };
}

/** A token of our issuer. Claims every scope there is: what of that it gets is for us to say. */
export function tokenFor(userId: string, more: JWTPayload = {}): Promise<string> {
  return new SignJWT(claimsOf(userId, more))
    .setProtectedHeader({ alg: "ES256", kid: "k1", typ: "JWT" })
    .sign(privateKey);
}

export function closedEnv(settings: Settings): Env {
  const { ADDRESS_LIMIT: _address, CREDENTIAL_LIMIT: _credential, ...rest } = env;
  return { ...rest, ENVIRONMENT: "production", ...settings } as Env;
}

/** Life of a key that is to expire, in ms: long enough for a busy machine to create it. */
const livesMs = 3_000;

export interface ClosedRequest {
  readonly body?: unknown;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One isolate of the closed service: it has a cache of keys of its own. */
export class ClosedService {
  readonly #app: ReturnType<typeof createApp>;
  readonly #env: Env;

  constructor(settings: Settings, parts: Partial<EdgeParts> = {}) {
    const defaults = { clock: systemClock, secrets: platformSecrets, fetch };
    this.#app = createApp({ ...defaults, ...parts });
    this.#env = closedEnv(settings);
  }

  async send(
    method: string,
    path: string,
    credential?: string,
    { body, key = newKey(), headers = {} }: ClosedRequest = {},
  ): Promise<Answer> {
    const request = new Request(`${origin}${path}`, {
      method,
      headers: {
        ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
        ...(body !== undefined && { "content-type": "application/json", "idempotency-key": key }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const response = await this.#app.fetch(request, this.#env, createExecutionContext());
    return await checked(method, path, response);
  }

  /** Creates a key over HTTP and returns its text. */
  async createKey(
    creator: string,
    scopes: readonly Scope[],
    more: object = {},
  ): Promise<{ readonly id: string; readonly text: string }> {
    const body = { name: "test", scopes, ...more };
    const answer = await this.send("POST", "/admin/keys", creator, { body });
    if (answer.status !== 201) throw new Error(answer.text);
    return { id: String(answer.body["id"]), text: String(answer.body["apiKey"]) };
  }

  /** A key whose time is over: none can be created that never had any. */
  async createExpiredKey(
    creator: string,
    scopes: readonly Scope[],
  ): Promise<{ readonly id: string; readonly text: string }> {
    const expiresAt = Date.now() + livesMs;
    const more = { expiresAt: new Date(expiresAt).toISOString() };
    const key = await this.createKey(creator, scopes, more);
    await vi.waitUntil(() => Date.now() >= expiresAt, { timeout: 2 * livesMs });
    return key;
  }
}
