// Guarantee: tokens as common identity providers issue them are read by settings alone. The shapes
// are those of the providers' own documentation; only the keys are ours.
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from "jose";
import { describe, expect, test } from "vitest";
import { userIdFor } from "../../../src/domain/ids.ts";
import type { Settings } from "../../../src/http/credentials/settings.ts";
import { ClosedService, nowS } from "../../support/closed.ts";
import { expectProblem } from "../../support/http.ts";
import { newKey } from "../../support/keys.ts";

const userId = userIdFor("main", newKey());
const signer = await generateKeyPair("RS256", { extractable: true });
// As Microsoft publishes them, without `alg`.
const key = { ...(await exportJWK(signer.publicKey)), kid: "2026-11", use: "sig" };
const client = "3f7c5a0e-1b1d-4b58-9d6e-5f6a8f1f0c11";
const [iat, exp] = [nowS() - 10, nowS() + 3_600];

interface Provider {
  readonly settings: Settings;
  readonly typ?: string;
  /** Grants `wallets:read`, and no more of what is ours. */
  readonly claims: JWTPayload;
}

const providers: Readonly<Record<string, Provider>> = {
  "Auth0, access token": {
    settings: {
      AUTH_JWT_ISSUER: "https://acme.eu.auth0.com/",
      AUTH_JWT_AUDIENCE: "https://ledger.example",
      AUTH_JWT_USER_CLAIM: "https://ledger.example/user",
      AUTH_JWT_TENANT_CLAIM: "https://ledger.example/tenant",
    },
    typ: "JWT",
    claims: {
      iss: "https://acme.eu.auth0.com/",
      sub: "auth0|65f1c0ffee",
      aud: ["https://ledger.example", "https://acme.eu.auth0.com/userinfo"],
      azp: client,
      scope: "openid profile wallets:read",
      "https://ledger.example/user": userId,
      "https://ledger.example/tenant": "main",
    },
  },
  "Amazon Cognito, access token": {
    settings: {
      AUTH_JWT_ISSUER: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_aBcDeFgHi",
      AUTH_JWT_AUDIENCE: "4bm1r3q0client",
      AUTH_JWT_AUDIENCE_CLAIM: "client_id",
      AUTH_JWT_USER_CLAIM: "ledger_user",
      AUTH_JWT_TENANT: "main",
      AUTH_JWT_SCOPES_PREFIX: "ledger/",
    },
    claims: {
      iss: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_aBcDeFgHi",
      sub: "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
      client_id: "4bm1r3q0client",
      token_use: "access",
      scope: "openid ledger/wallets:read transfers:write",
      auth_time: iat,
      username: "ada",
      ledger_user: userId,
    },
  },
  "Microsoft Entra ID, access token v2.0": {
    settings: {
      AUTH_JWT_ISSUER: `https://login.microsoftonline.com/${client}/v2.0`,
      AUTH_JWT_AUDIENCE: client,
      AUTH_JWT_USER_CLAIM: "extn.ledgerUser",
      AUTH_JWT_TENANT: "main",
      AUTH_JWT_SCOPES_CLAIM: "scp",
    },
    typ: "JWT",
    claims: {
      iss: `https://login.microsoftonline.com/${client}/v2.0`,
      aud: client,
      nbf: iat,
      oid: client,
      scp: "wallets:read User.Read",
      sub: "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
      tid: client,
      ver: "2.0",
      "extn.ledgerUser": userId,
    },
  },
  "Keycloak, roles of a client": {
    settings: {
      AUTH_JWT_ISSUER: "https://sso.example/realms/acme",
      AUTH_JWT_AUDIENCE: "ledger",
      AUTH_JWT_USER_CLAIM: "ledger_user",
      AUTH_JWT_TENANT_CLAIM: "/organization/acme/ledger_tenant",
      AUTH_JWT_SCOPES_CLAIM: "/resource_access/ledger/roles",
    },
    typ: "JWT",
    claims: {
      iss: "https://sso.example/realms/acme",
      aud: ["ledger", "account"],
      sub: client,
      typ: "Bearer",
      azp: "app",
      realm_access: { roles: ["offline_access", "transfers:write"] },
      resource_access: { ledger: { roles: ["wallets:read"] }, account: { roles: ["x"] } },
      organization: { acme: { ledger_tenant: "main" } },
      scope: "openid email transfers:write",
      ledger_user: userId,
    },
  },
  "Okta, custom authorization server": {
    settings: {
      AUTH_JWT_ISSUER: "https://acme.okta.com/oauth2/default",
      AUTH_JWT_AUDIENCE: "api://ledger",
      AUTH_JWT_USER_CLAIM: "ledgerUser",
      AUTH_JWT_TENANT_CLAIM: "ledgerTenant",
      AUTH_JWT_SCOPES_CLAIM: "scp",
    },
    claims: {
      ver: 1,
      jti: "AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE",
      iss: "https://acme.okta.com/oauth2/default",
      aud: "api://ledger",
      cid: client,
      uid: "00uid4BxXw6I6TV4m0g3",
      scp: ["openid", "wallets:read"],
      sub: "ada@example.com",
      ledgerUser: userId,
      ledgerTenant: "main",
    },
  },
  "Firebase, ID token with custom claims": {
    settings: {
      AUTH_JWT_ISSUER: "https://securetoken.google.com/acme-1",
      AUTH_JWT_AUDIENCE: "acme-1",
      AUTH_JWT_USER_CLAIM: "ledgerUser",
      AUTH_JWT_TENANT_CLAIM: "/firebase/tenant",
    },
    typ: "JWT",
    claims: {
      iss: "https://securetoken.google.com/acme-1",
      aud: "acme-1",
      auth_time: iat,
      user_id: "Zk3Xy0Wq2b",
      sub: "Zk3Xy0Wq2b",
      firebase: { identities: {}, sign_in_provider: "password", tenant: "main" },
      ledgerUser: userId,
      scopes: ["wallets:read"],
    },
  },
  "any issuer of RFC 9068 access tokens": {
    settings: { AUTH_JWT_ISSUER: "https://as.example", AUTH_JWT_AUDIENCE: "ledger" },
    typ: "at+jwt",
    claims: {
      iss: "https://as.example",
      aud: "ledger",
      client_id: client,
      sub: userId,
      jti: "1",
      scope: "wallets:read",
      tenant: "main",
    },
  },
};

function serviceOf({ settings }: Provider): ClosedService {
  const keys = { AUTH_JWKS: JSON.stringify({ keys: [key] }), AUTH_JWT_ALGORITHM: "RS256" };
  return new ClosedService({ ...keys, ...settings });
}

function tokenOf({ claims, typ }: Provider, more: JWTPayload = {}): Promise<string> {
  return new SignJWT({ iat, exp, ...claims, ...more })
    .setProtectedHeader({ alg: "RS256", kid: "2026-11", ...(typ !== undefined && { typ }) })
    .sign(signer.privateKey);
}

describe.each(Object.entries(providers))("%s", (_name, provider) => {
  const service = serviceOf(provider);
  const own = `/users/${userId}`;

  test("is the user, in the tenant, with the scopes that it grants and no others", async () => {
    const token = await tokenOf(provider);
    // Past authentication: the user has no wallet.
    expectProblem(await service.send("GET", own, token), 404, "not_found");
    const other = userIdFor("main", newKey());
    expectProblem(await service.send("GET", `/users/${other}`, token), 404, "not_found");
    const transfer = await service.send("POST", "/transactions/transfer", token, { body: {} });
    expectProblem(transfer, 403, "forbidden");
    expect(transfer.body["detail"]).toContain("transfers:write");
  });

  test("is refused when it was issued to another service", async () => {
    const { AUTH_JWT_AUDIENCE_CLAIM: claim = "aud" } = provider.settings;
    const token = await tokenOf(provider, { [claim]: "another" });
    expectProblem(await service.send("GET", own, token), 401, "unauthenticated");
  });

  test("is refused without the claim that says whose wallet it is", async () => {
    const { AUTH_JWT_USER_CLAIM: claim = "sub" } = provider.settings;
    const token = await tokenOf(provider, { [claim]: "ada@example.com" });
    expectProblem(await service.send("GET", own, token), 401, "unauthenticated");
  });
});

test("a fixed tenant is not the token's choice", async () => {
  const provider = providers["Amazon Cognito, access token"];
  if (!provider) throw new Error("no such provider");
  const { AUTH_JWT_TENANT: _, ...settings } = provider.settings;
  // If it were looked at, it would be refused: no tenant is called that.
  const claiming = { ...provider, claims: { ...provider.claims, tenant: "No Tenant" } };
  const token = await tokenOf(claiming);
  const fixed = { ...claiming, settings: { ...settings, AUTH_JWT_TENANT: "acme" } };
  expectProblem(await serviceOf(fixed).send("GET", `/users/${userId}`, token), 404, "not_found");
});
