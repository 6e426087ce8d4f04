// Guarantee: the log says why a token was not believed, precisely enough to find the wrong setting
// or the missing claim; the caller learns nothing of it: every refusal is the same bytes.
import { CompactSign, generateKeyPair, SignJWT, type JWTHeaderParameters } from "jose";
import { afterEach, expect, test, vi } from "vitest";
import { userIdFor } from "../../../src/domain/ids.ts";
import type { Settings } from "../../../src/http/credentials/settings.ts";
import type { TokenDenial } from "../../../src/http/credentials/verdict.ts";
import {
  bootstrapFor,
  claimsOf,
  ClosedService,
  nowS,
  privateKey,
  tokenSettings,
} from "../../support/closed.ts";
import { expectProblem } from "../../support/http.ts";
import { newKey } from "../../support/keys.ts";

const userId = userIdFor("main", newKey());
const path = `/users/${userId}`;
const { privateKey: stranger } = await generateKeyPair("ES256");
const rsa = await generateKeyPair("RS256");

interface Made {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Partial<JWTHeaderParameters>;
  readonly key?: CryptoKey;
  readonly settings?: Settings;
  /** Signed instead of claims. */
  readonly text?: string;
}

const cases: Readonly<Record<TokenDenial, Made>> = {
  no_token_issuer: { settings: { BOOTSTRAP_KEY: bootstrapFor("main").setting } },
  malformed_token: { text: "no JSON" },
  wrong_algorithm: { header: { alg: "RS256" }, key: rsa.privateKey },
  no_kid: { header: { kid: undefined as never } },
  unknown_kid: { header: { kid: "k9" } },
  bad_signature: { key: stranger },
  no_expiry: { claims: { exp: undefined } },
  expired: { claims: { exp: nowS() - 3_600 } },
  not_yet_valid: { claims: { nbf: nowS() + 3_600 } },
  wrong_issuer: { claims: { iss: "https://issuer.example/" } },
  wrong_audience: { claims: { aud: ["another"] } },
  no_user_id: { claims: { sub: "auth0|12345" } },
  no_tenant: { claims: { tenant: undefined } },
  no_scopes: { claims: { scopes: undefined } },
};

const written = vi.spyOn(console, "log");
afterEach(() => written.mockClear());

async function refusal(reason: TokenDenial) {
  const { claims, header, key = privateKey, settings = tokenSettings, text } = cases[reason];
  const made = Object.fromEntries(
    Object.entries({ ...claimsOf(userId), ...claims }).filter(([, value]) => value !== undefined),
  );
  const signed = new TextEncoder().encode(text ?? JSON.stringify(made));
  const token = await new CompactSign(signed)
    .setProtectedHeader({ alg: "ES256", kid: "k1", ...header })
    .sign(key);
  const headers = { "x-request-id": "same" };
  return await new ClosedService(settings).send("GET", path, token, { headers });
}

test.each(Object.keys(cases) as TokenDenial[])("%s", async (reason) => {
  expectProblem(await refusal(reason), 401, "unauthenticated");
  const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)) as object);
  expect(lines).toEqual([expect.objectContaining({ event: "request", denied: reason })]);
});

test("the caller cannot tell one from another", async () => {
  const texts = new Set<string>();
  for (const reason of Object.keys(cases) as TokenDenial[]) {
    const { text, headers } = await refusal(reason);
    texts.add(`${text} ${headers.get("www-authenticate")}`);
  }
  expect(texts.size).toBe(1);
});

test("text that is no token at all", async () => {
  const answer = await new ClosedService(tokenSettings).send("GET", path, "a.b.c");
  expectProblem(answer, 401, "unauthenticated");
  expect(String(written.mock.calls[0]?.[0])).toContain('"denied":"malformed_token"');
});

test("a clock that was put back does not keep an issuer's old keys, nor its new ones out", async () => {
  let now = Date.now();
  let asked = 0;
  const { AUTH_JWKS: keys, ...rest } = tokenSettings;
  const settings = { ...rest, AUTH_JWKS_URL: "https://issuer.example/keys" };
  const clock = { now: () => now, after: () => () => {} };
  const fetchKeys = async () => {
    asked += 1;
    return new Response(keys, { headers: { "content-type": "application/json" } });
  };
  const service = new ClosedService(settings, { clock, fetch: fetchKeys });
  const ask = async () => {
    const claims = claimsOf(userId, { exp: nowS() + 86_400 });
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: "ES256", kid: "k1" })
      .sign(privateKey);
    expectProblem(await service.send("GET", path, token), 404, "not_found");
  };
  await ask();
  await ask();
  expect(asked).toBe(1);
  now -= 3_600_000;
  await ask();
  await ask();
  expect(asked).toBe(2);
});
