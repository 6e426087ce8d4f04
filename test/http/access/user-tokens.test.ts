// Guarantee: the issuer's keys come from the configured address and are fetched rarely. While they
// cannot be fetched, no token is accepted, and none is called forged.
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { userIdFor } from "../../../src/domain/ids.ts";
import {
  claimsOf,
  ClosedService,
  issuerKey,
  tokenFor,
  tokenSettings,
} from "../../support/closed.ts";
import { expectProblem } from "../../support/http.ts";
import { newKey } from "../../support/keys.ts";

const { AUTH_JWKS: _, ...withoutKeys } = tokenSettings;
const url = "https://issuer.example/.well-known/jwks.json";
const userId = userIdFor("main", newKey());
const path = `/users/${userId}`;
const token = await tokenFor(userId);

/** The issuer's server: answers with what it is told to, and keeps what it was asked. */
function issuer(answer: () => Response) {
  const asked: string[] = [];
  const fetchKeys = async (input: RequestInfo | URL) => {
    asked.push(new Request(input).url);
    return answer();
  };
  const settings = { ...withoutKeys, AUTH_JWKS_URL: url };
  return { service: new ClosedService(settings, { fetch: fetchKeys }), asked };
}

const goodKeys = () => Response.json({ keys: [issuerKey] });

describe("keys at an address", () => {
  test("are fetched once, from there", async () => {
    const { service, asked } = issuer(goodKeys);
    for (let count = 0; count < 5; count++) {
      expectProblem(await service.send("GET", path, token), 404, "not_found");
    }
    expect(asked).toEqual([url]);
  });

  test("are not fetched anew for every unknown kid", async () => {
    const { service, asked } = issuer(goodKeys);
    expect((await service.send("GET", path, token)).status).toBe(404);
    for (let count = 0; count < 5; count++) {
      const forged = await new SignJWT(claimsOf(userId))
        .setProtectedHeader({ alg: "ES256", kid: `k-${count}`, jku: "https://evil.example" })
        .sign((await generateKeyPair("ES256")).privateKey);
      expectProblem(await service.send("GET", path, forged), 401, "unauthenticated");
    }
    expect(asked).toEqual([url]);
  });

  test.each<[string, () => Response]>([
    ["an error", () => new Response("down", { status: 500 })],
    ["a page", () => new Response("<html>", { headers: { "content-type": "text/html" } })],
    ["no set", () => Response.json({ key: 1 })],
    [
      "no answer",
      () => {
        throw new TypeError("no route to host");
      },
    ],
  ])("that answers with %s: unknown, not forged", async (_what, answer) => {
    const { service } = issuer(answer);
    expectProblem(await service.send("GET", path, token), 503, "overloaded");
    expectProblem(await service.send("GET", path), 401, "unauthenticated");
  });
});

test.each(["RS256", "EdDSA"])("tokens may be signed with %s", async (algorithm) => {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const key = { ...(await exportJWK(publicKey)), kid: "other" };
  const service = new ClosedService({
    ...withoutKeys,
    AUTH_JWKS: JSON.stringify({ keys: [issuerKey, key] }),
    AUTH_JWT_ALGORITHM: algorithm,
  });
  const signed = await new SignJWT(claimsOf(userId))
    .setProtectedHeader({ alg: algorithm, kid: "other" })
    .sign(privateKey);
  expectProblem(await service.send("GET", path, signed), 404, "not_found");
  expectProblem(await service.send("GET", path, token), 401, "unauthenticated");
});

test("two keys of the issuer are both good: it can replace one by the other", async () => {
  const next = await generateKeyPair("ES256", { extractable: true });
  const key = { ...(await exportJWK(next.publicKey)), kid: "k2" };
  const service = new ClosedService({
    ...tokenSettings,
    AUTH_JWKS: JSON.stringify({ keys: [issuerKey, key] }),
  });
  const signed = await new SignJWT(claimsOf(userId))
    .setProtectedHeader({ alg: "ES256", kid: "k2" })
    .sign(next.privateKey);
  for (const good of [token, signed]) {
    expectProblem(await service.send("GET", path, good), 404, "not_found");
  }
});
