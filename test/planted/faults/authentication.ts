// Who a caller is: claims by settings, settings that are wrong, why a token is refused, the scope
// that a 403 names, and what the cache believes of a key.
import type { Area } from "../planted-fault.ts";

const claims = "src/http/credentials/token-claims.ts";
const tokens = "src/http/credentials/user-tokens.ts";
const tokenSettings = "src/http/credentials/token-settings.ts";
const settings = "src/http/credentials/settings.ts";
const cache = "src/http/credentials/key-cache.ts";
const apiKeys = "src/http/credentials/api-keys.ts";
const problem = "src/http/problem.ts";

const providers = ["test/http/access/identity-providers.test.ts"];
const denials = ["test/http/access/token-denials.test.ts"];
const forgeries = ["test/http/any-route/401.test.ts"];
const closed = ["test/http/any-route/503-closed.test.ts"];
const scope = ["test/http/any-route/403.test.ts"];
const ofCache = ["test/http-pure/key-cache.test.ts", "test/http/access/api-keys.test.ts"];

export const authenticationFaults: Area = {
  area: "authentication",
  faults: [
    {
      name: "user-claim-is-not-a-setting",
      breaks: "The claim that holds the user's id is a setting.",
      file: tokenSettings,
      find: 'settings.AUTH_JWT_USER_CLAIM ?? "sub"',
      replace: '"sub"',
      caughtBy: providers,
    },
    {
      name: "tenant-claim-is-not-a-setting",
      breaks: "The claim that holds the tenant is a setting.",
      file: tokenSettings,
      find: 'settings.AUTH_JWT_TENANT_CLAIM ?? "tenant"',
      replace: '"tenant"',
      caughtBy: providers,
    },
    {
      name: "tokens-choose-a-fixed-tenant",
      breaks: "A fixed tenant is not the token's choice.",
      file: claims,
      find: '"always" in named ? named.always : claimOf(payload, named.claim)',
      replace:
        '"always" in named ? (claimOf(payload, "tenant") ?? named.always) : claimOf(payload, named.claim)',
      caughtBy: providers,
    },
    {
      name: "deep-claims-are-not-found",
      breaks: "A claim that lies deeper is found by its JSON Pointer.",
      file: claims,
      find: 'if (!name.startsWith("/")) return member(payload, name);',
      replace: "if (name.length > 0) return member(payload, name);",
      caughtBy: providers,
    },
    {
      name: "scopes-of-a-text-are-one",
      breaks: "An OAuth `scope` is a list with spaces.",
      file: claims,
      find: 'return value.split(" ");',
      replace: "return [value];",
      caughtBy: providers,
    },
    {
      name: "scopes-of-any-type",
      breaks: "A list of scopes that holds anything but texts is refused.",
      file: claims,
      find: 'return value.every((one) => typeof one === "string") ? value : undefined;',
      replace: "return value;",
      caughtBy: forgeries,
    },
    {
      name: "prefix-is-ignored",
      breaks: "Scopes without the issuer's prefix are another service's.",
      file: claims,
      find: "granted.includes(names.scopesPrefix + scope)",
      replace: "granted.some((one) => one.endsWith(scope))",
      caughtBy: providers,
    },
    {
      name: "audience-claim-is-not-looked-at",
      breaks: "A token that was issued to another client is refused.",
      file: claims,
      find: 'if (!isMeant) return denied("wrong_audience");',
      replace: "",
      caughtBy: providers,
    },
    {
      name: "any-text-is-a-user",
      breaks: "A token without a user's id of this service is refused.",
      file: claims,
      find: 'typeof userId !== "string" || !isUserId(userId)',
      replace: 'typeof userId !== "string"',
      caughtBy: denials,
    },
    {
      name: "tokens-for-ever",
      breaks: "A token without an expiry is refused.",
      file: tokens,
      find: 'requiredClaims: ["exp"],',
      replace: "requiredClaims: [],",
      caughtBy: denials,
    },
    {
      name: "any-key-of-the-set",
      breaks: "A token names its key.",
      file: tokens,
      find: 'if (typeof header?.kid !== "string") throw new NoKid();',
      replace: "",
      caughtBy: denials,
    },
    {
      name: "one-reason-for-all-tokens",
      breaks: "The log says why a token was refused.",
      file: tokens,
      find: 'return claimDenials[error.claim] ?? "malformed_token";',
      replace: 'return "malformed_token";',
      caughtBy: denials,
    },
    {
      name: "bad-issuer-setting-goes-unnamed",
      breaks: "Each missing setting of the token issuer is named.",
      file: tokenSettings,
      find: "if (settings[setting] === undefined) yield { setting, detail: missing };",
      replace: "if (settings[setting] === null) yield { setting, detail: missing };",
      caughtBy: closed,
    },
    {
      name: "misspelt-settings-are-ignored",
      breaks: "A setting that does not exist is named.",
      file: tokenSettings,
      find: "if ((names as readonly string[]).includes(setting)) continue;",
      replace: 'if (setting.startsWith("AUTH_")) continue;',
      caughtBy: closed,
    },
    {
      name: "keys-over-plain-http",
      breaks: "An issuer's keys are fetched over HTTPS only.",
      file: tokenSettings,
      find: 'URL.canParse(url) && url.startsWith("https://")',
      replace: 'URL.canParse(url) && url.startsWith("http")',
      caughtBy: closed,
    },
    {
      name: "bad-issuer-setting-closes-api-keys",
      breaks: "An invalid setting of the token issuer does not close API keys.",
      file: settings,
      find: "configured: isNamed && (bootstrapKey !== undefined || tokens !== undefined),",
      replace:
        "configured: isNamed && !(wanted && !tokens) && (bootstrapKey !== undefined || tokens !== undefined),",
      caughtBy: closed,
    },
    {
      name: "misconfigured-issuer-is-the-clients-fault",
      breaks: "Where the issuer's settings are wrong a token is answered 503, not 401.",
      file: settings,
      find: "tokensMisconfigured: wanted && !tokens,",
      replace: "tokensMisconfigured: wanted && !tokens && !isNamed,",
      caughtBy: closed,
    },
    {
      name: "forbidden-does-not-name-the-scope",
      breaks: "A 403 names the scope that is missing.",
      file: problem,
      find: "if (missing.length === 0) return answerBody(c, body);",
      replace: "if (missing.length < 99) return answerBody(c, body);",
      caughtBy: scope,
    },
    {
      name: "keys-of-other-environments",
      breaks: "A key of another environment is refused.",
      file: apiKeys,
      find: 'if (key.environment !== trust.environment) return denied("other_environment");',
      replace: "",
      caughtBy: forgeries,
    },
    {
      name: "expired-keys-work",
      breaks: "A key that has expired is refused.",
      file: apiKeys,
      find: 'if (record.expiresAt !== undefined && record.expiresAt <= now) return denied("expired");',
      replace: "",
      caughtBy: forgeries,
    },
    {
      name: "keys-are-kept-without-end",
      breaks: "What is believed of a key is read again after 30 s.",
      file: cache,
      find: "if (known && isYoung(known.readAt, readAt, keyCacheMaxMs)) return known.key;",
      replace: "if (known) return known.key;",
      caughtBy: ofCache,
    },
    {
      name: "silent-rings-are-bridged-without-end",
      breaks: "A ring that does not answer is bridged for a while only.",
      file: cache,
      find: "if (known && isYoung(known.readAt, now, keyCacheBridgeMaxMs)) return known.key;",
      replace: "if (known && now >= 0) return known.key;",
      caughtBy: ofCache,
    },
    {
      name: "key-cache-without-a-bound",
      breaks: "The cache of keys is bounded.",
      file: cache,
      find: "this.#remembered.size >= keyCacheSizeMax && oldest !== undefined",
      replace: "this.#remembered.size >= Infinity && oldest !== undefined",
      caughtBy: ofCache,
    },
  ],
};
