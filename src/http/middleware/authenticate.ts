// Authentication, rate limits and scopes, in the order of the problems in domain/errors.ts. Nothing
// behind this middleware runs for a caller that it refuses. The tenant comes from the credential
// and from nowhere else.
import type { MiddlewareHandler } from "hono";
import { keyShardOf } from "../../domain/ids.ts";
import { credentialLengthMax } from "../../domain/limits.ts";
import { scopes, type Principal } from "../../domain/principal.ts";
import { protocolVersions } from "../../durable-objects/rpc/contract.ts";
import { callFromEdge, keyRingStub } from "../../durable-objects/rpc/stubs.ts";
import { accessTo, isGuarded, permits, scopesThatOpen } from "../access.ts";
import type { AppContext, AppEnv, EdgeParts } from "../context.ts";
import { verifyApiKey } from "../credentials/api-keys.ts";
import { KeyCache } from "../credentials/key-cache.ts";
import { isDevelopment, isOpen, settingsOf, trustOf, type Trust } from "../credentials/settings.ts";
import { UserTokens } from "../credentials/user-tokens.ts";
import { denied, type Denial, type Verdict } from "../credentials/verdict.ts";
import { matchedRoute } from "../matched-route.ts";
import { networkOf } from "../network-of.ts";
import { answerForbidden, answerProblem } from "../problem.ts";

/** The principal of callers without credentials, in development only. */
const developer: Principal = { id: "dev", tenant: "main", scopes };

const bearer = /^Bearer ([\x21-\x7e]+)$/i;

/** Asks the platform's limiter. Without a binding or a key nothing is limited. */
async function isOverLimit(limiter: RateLimit | undefined, key: string | undefined) {
  if (!limiter || key === undefined) return false;
  const { success } = await limiter.limit({ key });
  return !success;
}

function refuseUnauthenticated(c: AppContext, reason: Denial): Response {
  c.set("denied", reason);
  const presented = c.req.header("Authorization") !== undefined;
  const error = presented ? ', error="invalid_token"' : "";
  c.header("WWW-Authenticate", `Bearer realm="edge-ledger"${error}`);
  return answerProblem(c, "unauthenticated");
}

/** The settings are wrong, not the caller; the log names the setting. A developer who calls from a
 *  container or another machine is told the remedy. */
function refuseUnconfigured(c: AppContext, trust: Trust): Response {
  c.set("denied", "misconfigured");
  if (!isDevelopment(c.env) || trust.configured || isOpen(c.env, c.req.url))
    return answerProblem(c, "auth_not_configured");
  const detail =
    "In development, only requests to local names need no credentials: localhost, loopback " +
    `addresses, names without a dot. This one was sent to ${new URL(c.req.url).hostname}: call ` +
    "the service by a local name, or set up an API key.";
  return answerProblem(c, "auth_not_configured", [], detail);
}

class Authenticator {
  readonly #parts: EdgeParts;
  readonly #cache: KeyCache;
  readonly #tokens: UserTokens;

  constructor(parts: EdgeParts) {
    this.#parts = parts;
    this.#cache = new KeyCache(parts.clock);
    this.#tokens = new UserTokens(parts.clock, parts.fetch);
  }

  /** Verifies the credential that the request presents. */
  async identify(c: AppContext, trust: Trust): Promise<Verdict> {
    const header = c.req.header("Authorization");
    if (header === undefined) return denied("no_credential");
    const credential = bearer.exec(header)?.[1];
    if (credential === undefined || credential.length > credentialLengthMax) {
      return denied("malformed");
    }
    if (credential.startsWith("wk_")) return await this.#identifyKey(c, credential, trust);
    if (trust.tokens) return await this.#tokens.verify(credential, trust.tokens);
    return denied(trust.tokensMisconfigured ? "misconfigured" : "no_token_issuer");
  }

  #identifyKey(c: AppContext, credential: string, trust: Trust): Promise<Verdict> {
    const { clock, secrets } = this.#parts;
    const find = (keyId: string) => this.#cache.find(keyId, () => readKey(c, keyId));
    return verifyApiKey(credential, trust, find, secrets, clock.now());
  }
}

async function readKey(c: AppContext, keyId: string) {
  const call = { protocol: protocolVersions.before, requestId: c.get("requestId"), keyId };
  const found = await callFromEdge(() => keyRingStub(c.env, keyShardOf(keyId)).lookUp(call));
  return found.ok ? found.key : undefined;
}

export function authenticate(parts: EdgeParts): MiddlewareHandler<AppEnv> {
  const authenticator = new Authenticator(parts);
  return async (c, next) => {
    const route = matchedRoute(c);
    if (!isGuarded(route)) return await next();

    const open = isOpen(c.env, c.req.url);
    const trust = trustOf(c.env);
    const limits = open ? {} : settingsOf(c.env);
    if (!open && !trust.configured) return refuseUnconfigured(c, trust);
    const address = c.req.header("cf-connecting-ip");
    if (await isOverLimit(limits.ADDRESS_LIMIT, address && networkOf(address))) {
      return answerProblem(c, "rate_limited");
    }

    const anonymous = open && c.req.header("Authorization") === undefined;
    const verdict: Verdict = anonymous
      ? { ok: true, principal: developer }
      : await authenticator.identify(c, trust);
    if (!verdict.ok) {
      if (verdict.reason === "misconfigured") return refuseUnconfigured(c, trust);
      return refuseUnauthenticated(c, verdict.reason);
    }
    const { principal } = verdict;
    c.set("principal", principal);
    c.set("tenant", principal.tenant);
    if (await isOverLimit(limits.CREDENTIAL_LIMIT, `${principal.tenant} ${principal.id}`)) {
      return answerProblem(c, "rate_limited");
    }
    const access = accessTo(route);
    if (!permits(principal, access)) return answerForbidden(c, scopesThatOpen(principal, access));
    return await next();
  };
}
