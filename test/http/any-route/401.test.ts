// Guarantee: a credential that is not exactly right is refused, and every forgery gets the same
// answer, which does not say what was wrong.
import {
  CompactSign,
  exportSPKI,
  generateKeyPair,
  importJWK,
  SignJWT,
  UnsecuredJWT,
  type JWTPayload,
} from "jose";
import { describe, expect, test } from "vitest";
import { formatApiKey, parseApiKey } from "../../../src/domain/api-key.ts";
import { apiKeyIdFor, userIdFor } from "../../../src/domain/ids.ts";
import { knownRoutes } from "../../../src/http/access.ts";
import {
  bootstrapFor,
  claimsOf,
  ClosedService,
  issuerKey,
  newSecret,
  nowS,
  privateKey,
  tokenFor,
  tokenSettings,
} from "../../support/closed.ts";
import { expectProblem, send, type Answer } from "../../support/http.ts";
import { newKey } from "../../support/keys.ts";

const root = bootstrapFor("main");
const service = new ClosedService({ BOOTSTRAP_KEY: root.setting, ...tokenSettings });
const userId = userIdFor("main", newKey());
const path = `/wallets/${userId}/balance`;
const key = await service.createKey(root.text, ["wallets:read"]);
const parts = parseApiKey(key.text);
if (!parts) throw new Error("no key");

const base64 = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const [header = "", payload = "", signature = ""] = (await tokenFor(userId)).split(".");
const stranger = await generateKeyPair("ES256", { extractable: true });
const rsa = await generateKeyPair("RS256", { extractable: true });
const publicPem = await exportSPKI((await importJWK(issuerKey, "ES256")) as CryptoKey);

/** A token with another header or other claims, rightly signed unless it is given another key. */
function forge(head: object, claims: JWTPayload = {}, by: CryptoKey = privateKey): Promise<string> {
  return new SignJWT(claimsOf(userId, claims))
    .setProtectedHeader({ alg: "ES256", kid: "k1", ...head })
    .sign(by);
}

function symmetric(alg: string, secret: string): Promise<string> {
  return new SignJWT(claimsOf(userId))
    .setProtectedHeader({ alg, kid: "k1" })
    .sign(new TextEncoder().encode(secret));
}

function signedText(text: string): Promise<string> {
  return new CompactSign(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: "ES256", kid: "k1" })
    .sign(privateKey);
}

function withoutClaim(name: string): Promise<string> {
  return forge({}, { [name]: undefined });
}

const jwkOf = { jwk: { ...issuerKey, kid: "k1" } };
const forgeries: readonly (readonly [string, string | Promise<string>])[] = [
  ["nothing to sign", "."],
  ["two dots", ".."],
  ["a word", "token"],
  ["two parts", `${header}.${payload}`],
  ["four parts", `${header}.${payload}.${signature}.${signature}`],
  ["no signature", `${header}.${payload}.`],
  ["half a signature", `${header}.${payload}.${signature.slice(0, 40)}`],
  ["another signature", `${header}.${payload}.${base64("x".repeat(64))}`],
  ["a signature of zeros", `${header}.${payload}.${Buffer.alloc(64).toString("base64url")}`],
  ["other claims under the signature", `${header}.${base64(claimsOf("usr_1"))}.${signature}`],
  ["another header under the signature", `${base64({ alg: "ES256" })}.${payload}.${signature}`],
  ["a header that is no JSON", `${base64("{")}.${payload}.${signature}`],
  ["a header that is a list", `${base64([])}.${payload}.${signature}`],
  ["a header that is null", `${base64("null")}.${payload}.${signature}`],
  ["claims that are no JSON", signedText("claims")],
  ["claims that are a list", signedText("[]")],
  ["alg none", new UnsecuredJWT(claimsOf(userId)).encode()],
  ["alg None", `${base64({ alg: "None", kid: "k1" })}.${payload}.`],
  ["alg none with a signature", `${base64({ alg: "none", kid: "k1" })}.${payload}.${signature}`],
  ["alg missing", `${base64({ kid: "k1" })}.${payload}.${signature}`],
  ["HS256 with the public key as PEM", symmetric("HS256", publicPem)],
  ["HS256 with the public key as JWK", symmetric("HS256", JSON.stringify(issuerKey))],
  ["HS512 with an empty key id", symmetric("HS512", "k1".repeat(32))],
  ["RS256 with a key of its own", forge({ alg: "RS256" }, {}, rsa.privateKey)],
  ["a stranger's key under our kid", forge({}, {}, stranger.privateKey)],
  ["a stranger's key in jwk", forge(jwkOf, {}, stranger.privateKey)],
  ["a stranger's keys at jku", forge({ jku: "https://evil.example" }, {}, stranger.privateKey)],
  ["a stranger's keys at x5u", forge({ x5u: "https://evil.example" }, {}, stranger.privateKey)],
  ["an unknown kid", forge({ kid: "k2" })],
  ["a kid that is a path", forge({ kid: "../k1" })],
  ["no kid", forge({ kid: undefined })],
  ["an unknown critical header", forgeCritical()],
  ["another issuer", forge({}, { iss: "https://issuer.example.evil" })],
  ["no issuer", withoutClaim("iss")],
  ["another audience", forge({}, { aud: "another-ledger" })],
  ["no audience", withoutClaim("aud")],
  ["expired 61 s ago", forge({}, { exp: nowS() - 61 })],
  ["no expiry", withoutClaim("exp")],
  ["an expiry as text", forge({}, { exp: "2999-01-01" as unknown as number })],
  ["not valid for another 70 s", forge({}, { nbf: nowS() + 70 })],
  ["no subject", withoutClaim("sub")],
  ["a subject that is a wallet", forge({}, { sub: userId.replace("usr", "wal") })],
  ["a subject that is a key", forge({}, { sub: key.id })],
  ["a subject in lower case", forge({}, { sub: userId.toLowerCase() })],
  ["no tenant", withoutClaim("tenant")],
  ["two tenants", forge({}, { tenant: ["main", "other"] })],
  ["a tenant that no operator can name", forge({}, { tenant: "Main " })],
  ["no scopes", withoutClaim("scopes")],
  ["scopes that are no texts", forge({}, { scopes: ["wallets:read", 7] })],
  ["scopes that are no list", forge({}, { scopes: { "wallets:read": true } })],
  ["more than 4096 characters", forge({}, { note: "x".repeat(4_096) })],

  ["a key's prefix", "wk_"],
  ["a key without its checksum", key.text.slice(0, -6)],
  ["a key with a character changed", changed(key.text, -20)],
  ["a key with its checksum changed", changed(key.text, -1)],
  ["a key in lower case", key.text.toLowerCase()],
  ["a key with more behind it", `${key.text}0`],
  ["a key of another environment", formatApiKey({ ...parts, environment: "development" })],
  ["a key with another secret", formatApiKey({ ...parts, secret: newSecret() })],
  ["a key that does not exist", formatApiKey({ ...parts, id: apiKeyIdFor("main", newKey()) })],
  ["the hash instead of the secret", root.setting],
  ["the bootstrap key's id with a secret", bootstrapForgery()],
];

async function forgeCritical(): Promise<string> {
  const head = { alg: "ES256", kid: "k1", crit: ["tenant"], tenant: "main" };
  const signed = `${base64(head)}.${payload}`;
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const bytes = await crypto.subtle.sign(algorithm, privateKey, new TextEncoder().encode(signed));
  return `${signed}.${Buffer.from(bytes).toString("base64url")}`;
}

function changed(text: string, at: number): string {
  const index = text.length + at;
  const other = text.charAt(index) === "0" ? "1" : "0";
  return text.slice(0, index) + other + text.slice(index + 1);
}

function bootstrapForgery(): string {
  const id = root.setting.split(":")[1] ?? "";
  return formatApiKey({ environment: "production", id, secret: newSecret() });
}

const sameId = { headers: { "x-request-id": "same" } };

function expectUnauthenticated(answer: Answer, presented = true): void {
  expectProblem(answer, 401, "unauthenticated");
  const challenge = `Bearer realm="edge-ledger"${presented ? ', error="invalid_token"' : ""}`;
  expect(answer.headers.get("www-authenticate")).toBe(challenge);
}

test("what is forged below is right but for what makes it a forgery", async () => {
  // The user has no wallet: past authentication, and for users' tokens past ownership, it is a 404.
  for (const good of [key.text, await tokenFor(userId), await forge({}), await forge(jwkOf)]) {
    expectProblem(await service.send("GET", path, good), 404, "wallet_not_found");
  }
  const late = await forge({}, { exp: nowS() - 50, nbf: nowS() + 50 });
  expectProblem(await service.send("GET", path, late), 404, "wallet_not_found");
});

describe("a forged or malformed credential", () => {
  test("there are more than 30 of them", () => {
    expect(new Set(forgeries.map(([name]) => name)).size).toBe(forgeries.length);
    expect(forgeries.length).toBeGreaterThan(30);
  });

  test.each(forgeries)("%s", async (_name, credential) => {
    const answer = await service.send("GET", path, await credential, sameId);
    expectUnauthenticated(answer);
    const other = await service.send("GET", path, "x", sameId);
    expect(answer.text).toBe(other.text);
  });

  test.each([
    ["Basic", `Basic ${base64(`${key.id}:${key.text}`)}`],
    ["no scheme", key.text],
    ["an empty header", ""],
    ["a scheme and nothing else", "Bearer"],
    ["two credentials", `Bearer ${key.text} ${key.text}`],
    ["two headers, joined", `Bearer ${key.text}, Bearer ${key.text}`],
    ["a key in quotes", `Bearer "${key.text}"`],
  ])("in a header that is none: %s", async (_name, authorization) => {
    expectUnauthenticated(
      await service.send("GET", path, undefined, { headers: { authorization } }),
    );
  });

  test("in the query or a cookie is no credential at all", async () => {
    const headers = { cookie: `authorization=${key.text}`, "x-api-key": key.text };
    const answer = await service.send("GET", `${path}?access_token=${key.text}`, undefined, {
      headers,
    });
    expectUnauthenticated(answer, false);
  });

  test("is refused in development, too", async () => {
    const headers = { authorization: `Bearer ${key.text}` };
    expectUnauthenticated(await send("GET", path, { headers }));
  });
});

test("a key that has expired just now", async () => {
  const { text } = await service.createExpiredKey(root.text, ["wallets:read"]);
  expectUnauthenticated(await service.send("GET", path, text));
});

test("a token under the wrong one of two right algorithms", async () => {
  const pinned = new ClosedService({ ...tokenSettings, AUTH_JWT_ALGORITHM: "RS256" });
  expectUnauthenticated(await pinned.send("GET", path, await tokenFor(userId)));
});

test("a user's token where only API keys are trusted, and the other way round", async () => {
  const keysOnly = new ClosedService({ BOOTSTRAP_KEY: root.setting });
  expectUnauthenticated(await keysOnly.send("GET", path, await tokenFor(userId)));
  const tokensOnly = new ClosedService(tokenSettings);
  expectUnauthenticated(await tokensOnly.send("GET", path, root.text));
});

test("HEAD asks for what GET asks for", async () => {
  for (const target of [path, "/ops/unsettled", "/health/ready", "/admin/keys"]) {
    expect((await service.send("HEAD", target)).status).toBe(401);
  }
  expect((await service.send("HEAD", "/health")).status).toBe(200);
});

test.each(knownRoutes)("without a credential: %s", async (route) => {
  const [method = "", pattern = ""] = route.split(" ");
  const known = pattern.replace(":id", "txn_1").replace(":file", "start.js");
  const target = known.replaceAll(/:\w+/g, "usr_1");
  const answer = await service.send(method, target);
  const isPublic = /^\/(?:docs.*|openapi\.json|health)?$/.test(target);
  if (isPublic) expect([200, 302, 404]).toContain(answer.status);
  else expectUnauthenticated(answer, false);
});
