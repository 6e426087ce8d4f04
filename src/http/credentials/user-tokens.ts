// Users' tokens: JWTs of one issuer. The signature, its algorithm and the registered claims are
// jose's part; which keys it may use, and what the claims are worth, is decided here. Headers that
// bring or point to keys (`jwk`, `jku`, `x5u`) are never looked at.
import { z } from "@hono/zod-openapi";
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
} from "jose";
import { CallFailed } from "../../durable-objects/stubs.ts";
import { isUserId } from "../../domain/ids.ts";
import { clockSkewMaxS } from "../../domain/limits.ts";
import { isTenant, userScopes } from "../../domain/principal.ts";
import type { Clock } from "../../platform/clock.ts";
import type { TokenTrust } from "./settings.ts";
import { denied, type Verdict } from "./verdict.ts";

const claims = z.object({
  sub: z.string().refine(isUserId),
  tenant: z.string().refine(isTenant),
  scopes: z.array(z.string()),
});

/** How long fetched keys are used, and how soon an unknown `kid` may fetch them again, in ms. */
const keySetMaxAgeMs = 10 * 60 * 1000;
const keySetCooldownMs = 30_000;
const keySetFetchMaxMs = 5_000;

/** The issuer's keys could not be had: nothing is known of the token. */
const withoutKeys = ["ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID", "ERR_JOSE_GENERIC"];

function principalOf(payload: JWTPayload): Verdict {
  const read = claims.safeParse(payload);
  if (!read.success) return denied("invalid_token");
  const { sub: userId, tenant, scopes: claimed } = read.data;
  const scopes = userScopes.filter((scope) => claimed.includes(scope));
  return { ok: true, principal: { id: userId, tenant, scopes, userId } };
}

export class UserTokens {
  readonly #clock: Clock;
  readonly #fetch: typeof fetch;
  /** The key set in use, and the setting that it was made from. */
  #keys: { readonly setting: string; readonly find: JWTVerifyGetKey } | undefined;

  constructor(clock: Clock, fetchKeys: typeof fetch) {
    this.#clock = clock;
    this.#fetch = fetchKeys;
  }

  /** Throws CallFailed where the issuer's keys cannot be fetched. */
  async verify(token: string, trust: TokenTrust): Promise<Verdict> {
    try {
      const { payload } = await jwtVerify(token, this.#keysOf(trust), {
        algorithms: [trust.algorithm],
        issuer: trust.issuer,
        audience: trust.audience,
        clockTolerance: clockSkewMaxS,
        currentDate: new Date(this.#clock.now()),
        requiredClaims: ["exp", "sub"],
      });
      return principalOf(payload);
    } catch (error) {
      if (!(error instanceof errors.JOSEError) || withoutKeys.includes(error.code)) {
        throw new CallFailed("unreachable", error);
      }
      return denied(error instanceof errors.JWTExpired ? "expired" : "invalid_token");
    }
  }

  #keysOf({ keys }: TokenTrust): JWTVerifyGetKey {
    const setting = "url" in keys ? keys.url : keys.jwks;
    if (this.#keys?.setting !== setting) {
      const set = "url" in keys ? this.#remoteKeys(keys.url) : localKeys(keys.jwks);
      // Without a `kid`, any key of the set that fits the algorithm would do.
      const find: JWTVerifyGetKey = async (header, jws) => {
        if (typeof header?.kid !== "string") throw new errors.JWKSNoMatchingKey();
        return await set(header, jws);
      };
      this.#keys = { setting, find };
    }
    return this.#keys.find;
  }

  #remoteKeys(url: string): JWTVerifyGetKey {
    return createRemoteJWKSet(new URL(url), {
      cacheMaxAge: keySetMaxAgeMs,
      cooldownDuration: keySetCooldownMs,
      timeoutDuration: keySetFetchMaxMs,
      [customFetch]: this.#fetch,
    });
  }
}

function localKeys(jwks: string): JWTVerifyGetKey {
  return createLocalJWKSet(JSON.parse(jwks) as JSONWebKeySet);
}
