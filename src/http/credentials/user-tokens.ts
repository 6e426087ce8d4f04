// Verifies user tokens: JWTs of one issuer. jose checks the signature, its algorithm and the
// registered claims; this file decides which keys it may use; token-claims.ts reads the claims.
// Never follows headers that contain or point to keys (`jwk`, `jku`, `x5u`).
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from "jose";
import { CallFailed } from "../../durable-objects/rpc/stubs.ts";
import { isFromWrongClock } from "../../domain/protocol/clock-steps.ts";
import { clockSkewMaxS } from "../../domain/limits.ts";
import type { Clock } from "../../platform/clock.ts";
import type { TokenTrust } from "./token-settings.ts";
import { principalOf } from "./token-claims.ts";
import { denied, type TokenDenial, type Verdict } from "./verdict.ts";

/** How long fetched keys are used, and how soon an unknown `kid` may fetch them again, in ms. */
const keySetMaxAgeMs = 10 * 60 * 1000;
const keySetCooldownMs = 30_000;
const keySetFetchMaxMs = 5_000;

/** The issuer's keys could not be fetched, so the token could not be verified. */
const withoutKeys = ["ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID", "ERR_JOSE_GENERIC"];

/** By the claim that jose found missing or invalid. */
const claimDenials: Readonly<Record<string, TokenDenial>> = {
  exp: "no_expiry",
  nbf: "not_yet_valid",
  iss: "wrong_issuer",
  aud: "wrong_audience",
};

/** By jose's error code for the token as a whole. */
const denials: Readonly<Record<string, TokenDenial>> = {
  ERR_JWT_EXPIRED: "expired",
  ERR_JOSE_ALG_NOT_ALLOWED: "wrong_algorithm",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "bad_signature",
  ERR_JWKS_NO_MATCHING_KEY: "unknown_kid",
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: "unknown_kid",
};

class NoKid extends errors.JWKSNoMatchingKey {}

function denialOf(error: errors.JOSEError): TokenDenial {
  if (error instanceof NoKid) return "no_kid";
  if (error instanceof errors.JWTClaimValidationFailed) {
    return claimDenials[error.claim] ?? "malformed_token";
  }
  return denials[error.code] ?? "malformed_token";
}

export class UserTokens {
  readonly #clock: Clock;
  readonly #fetch: typeof fetch;
  /** The key set in use, and the setting that it was made from. */
  #keys: { readonly setting: string; readonly find: JWTVerifyGetKey } | undefined;
  /** When the key set was last used. */
  #usedAt = Number.NEGATIVE_INFINITY;

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
        ...(trust.claims.audience === "aud" && { audience: trust.audience }),
        clockTolerance: clockSkewMaxS,
        currentDate: new Date(this.#clock.now()),
        requiredClaims: ["exp"],
      });
      return principalOf(payload, trust);
    } catch (error) {
      if (!(error instanceof errors.JOSEError) || withoutKeys.includes(error.code)) {
        throw new CallFailed("unreachable", error);
      }
      return denied(denialOf(error));
    }
  }

  #keysOf({ keys }: TokenTrust): JWTVerifyGetKey {
    const setting = "url" in keys ? keys.url : keys.jwks;
    const now = this.#clock.now();
    // Its ages go by the clock: after one was put back, no key would be fetched or expire.
    const wasPutBack = isFromWrongClock(this.#usedAt, now, 0);
    this.#usedAt = now;
    if (this.#keys?.setting !== setting || wasPutBack) {
      const set = "url" in keys ? this.#remoteKeys(keys.url) : localKeys(keys.jwks);
      // Without a `kid`, any key of the set that fits the algorithm is accepted.
      const find: JWTVerifyGetKey = async (header, jws) => {
        if (typeof header?.kid !== "string") throw new NoKid();
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
