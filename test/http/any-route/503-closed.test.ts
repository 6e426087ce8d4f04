// Guarantee: without a good setting the service is closed, and half a setting, or a wrong one,
// opens nothing: a mistake closes what it is about, and never what is configured well beside it.
import { createExecutionContext } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { knownRoutes } from "../../../src/http/access.ts";
import { createApp } from "../../../src/http/app.ts";
import { settingFaults, type Settings } from "../../../src/http/credentials/settings.ts";
import {
  bootstrapFor,
  closedEnv,
  ClosedService,
  tokenFor,
  tokenSettings,
} from "../../support/closed.ts";
import { checked, expectProblem, origin } from "../../support/http.ts";
import { openUser } from "../../support/http-users.ts";

const root = bootstrapFor("main");
const { userId } = await openUser();
const token = await tokenFor(userId);

describe("without any setting", () => {
  const service = new ClosedService({});

  test.each(knownRoutes)("%s", async (route) => {
    const [method = "", pattern = ""] = route.split(" ");
    const known = pattern.replace(":id", "txn_1").replace(":file", "start.js");
    const target = known.replaceAll(/:\w+/g, "usr_1");
    const answer = await service.send(method, target, root.text);
    if (/^\/(?:docs.*|openapi\.json|health)?$/.test(target)) {
      expect([200, 302, 404]).toContain(answer.status);
    } else {
      expectProblem(answer, 503, "auth_not_configured");
      expect(answer.headers.get("retry-after"), "settings do not mend themselves").toBeNull();
    }
  });

  test("what is not there is told before", async () => {
    expectProblem(await service.send("GET", "/none"), 404, "not_found");
    expectProblem(await service.send("PUT", "/users"), 405, "method_not_allowed");
  });
});

const [tenant, id, hash = ""] = root.setting.split(":");
const { AUTH_JWKS: jwks, ...tokensWithoutKeys } = tokenSettings;

test.each<[string, Settings]>([
  ["an empty bootstrap key", { BOOTSTRAP_KEY: "" }],
  ["the key itself instead of its hash", { BOOTSTRAP_KEY: root.text }],
  ["a hash without a tenant", { BOOTSTRAP_KEY: `${id}:${hash}` }],
  ["half a hash", { BOOTSTRAP_KEY: `${tenant}:${id}:${hash.slice(32)}` }],
  ["a hash in upper case", { BOOTSTRAP_KEY: `${tenant}:${id}:${hash.toUpperCase()}` }],
  ["two bootstrap keys", { BOOTSTRAP_KEY: `${root.setting}:${root.setting}` }],
  ["a tenant of no good name", { BOOTSTRAP_KEY: `Main:${id}:${hash}` }],
  ["an environment of no good name", { BOOTSTRAP_KEY: root.setting, ENVIRONMENT: "prod 1" }],
  ["keys without an issuer", { ...tokenSettings, AUTH_JWT_ISSUER: "" }],
  ["keys without an audience", { ...tokenSettings, AUTH_JWT_AUDIENCE: "" }],
  ["keys without an algorithm", { ...tokenSettings, AUTH_JWT_ALGORITHM: "" }],
  ["algorithm none", { ...tokenSettings, AUTH_JWT_ALGORITHM: "none" }],
  ["a symmetric algorithm", { ...tokenSettings, AUTH_JWT_ALGORITHM: "HS256" }],
  ["two algorithms", { ...tokenSettings, AUTH_JWT_ALGORITHM: "ES256,RS256" }],
  ["no keys", tokensWithoutKeys],
  ["keys that are no JSON", { ...tokenSettings, AUTH_JWKS: "{" }],
  ["keys that are no set", { ...tokenSettings, AUTH_JWKS: "[]" }],
  ["keys at an address without TLS", { ...tokensWithoutKeys, AUTH_JWKS_URL: "http://a.example" }],
  ["keys at no address", { ...tokensWithoutKeys, AUTH_JWKS_URL: "issuer" }],
  ["keys from two places", { ...tokenSettings, AUTH_JWKS_URL: "https://a.example" }],
  ["a setting that there is not", { ...tokenSettings, AUTH_JWT_TENNANT: "main" } as Settings],
  ["a tenant twice", { ...tokenSettings, AUTH_JWT_TENANT: "a", AUTH_JWT_TENANT_CLAIM: "t" }],
  ["an empty name of a claim", { ...tokenSettings, AUTH_JWT_USER_CLAIM: "" }],
])("%s", async (_name, settings) => {
  const service = new ClosedService(settings);
  for (const credential of [undefined, root.text, token]) {
    const answer = await service.send("GET", `/users/${userId}`, credential);
    expectProblem(answer, 503, "auth_not_configured");
  }
});

describe("a setting that is wrong", () => {
  const at = (service: ClosedService, credential?: string) =>
    service.send("GET", `/users/${userId}`, credential);

  test("of the issuer does not close API keys", async () => {
    const service = new ClosedService({ BOOTSTRAP_KEY: root.setting, AUTH_JWKS: jwks });
    expect((await at(service, root.text)).status).toBe(200);
    expectProblem(await at(service), 401, "unauthenticated");
    const answer = await at(service, token);
    expectProblem(answer, 503, "auth_not_configured");
    expect(answer.headers.get("retry-after")).toBeNull();
  });

  test("of the first key does not close users' tokens, and opens nothing", async () => {
    const service = new ClosedService({ ...tokenSettings, BOOTSTRAP_KEY: root.text });
    expect((await at(service, token)).status).toBe(200);
    expectProblem(await at(service, root.text), 401, "unauthenticated");
  });

  const good = { BOOTSTRAP_KEY: root.setting, ...tokenSettings };
  const others = { ...good, AUTH_JWT_TENANT: "main" };

  test.each<[string, Settings, readonly string[]]>([
    ["nothing", good, []],
    ["no setting at all", {}, ["BOOTSTRAP_KEY"]],
    ["the environment", { ...good, ENVIRONMENT: "prod 1" }, ["ENVIRONMENT"]],
    ["the first key", { ...good, BOOTSTRAP_KEY: "x" }, ["BOOTSTRAP_KEY"]],
    ["the issuer", { ...good, AUTH_JWT_ISSUER: "" }, ["AUTH_JWT_ISSUER"]],
    ["the algorithm", { ...good, AUTH_JWT_ALGORITHM: "none" }, ["AUTH_JWT_ALGORITHM"]],
    ["the keys", { ...good, AUTH_JWKS: "{" }, ["AUTH_JWKS"]],
    ["the address", { ...tokensWithoutKeys, AUTH_JWKS_URL: "http://a.example" }, ["AUTH_JWKS_URL"]],
    ["no keys", tokensWithoutKeys, ["AUTH_JWKS_URL"]],
    ["keys twice", { ...good, AUTH_JWKS_URL: "https://a.example" }, ["AUTH_JWKS"]],
    ["the tenant", { ...good, AUTH_JWT_TENANT: "Acme Inc" }, ["AUTH_JWT_TENANT"]],
    ["tenant and claim", { ...others, AUTH_JWT_TENANT_CLAIM: "t" }, ["AUTH_JWT_TENANT"]],
    ["a slip of the pen", { ...good, AUTH_JWT_ISUER: "x" } as Settings, ["AUTH_JWT_ISUER"]],
    [
      "most of it",
      { AUTH_JWT_USER_CLAIM: "uid" },
      ["AUTH_JWKS_URL", "AUTH_JWT_ALGORITHM", "AUTH_JWT_ISSUER", "AUTH_JWT_AUDIENCE"],
    ],
  ])("is named for the log: %s", (_what, settings, names) => {
    const faults = settingFaults(closedEnv(settings));
    expect(faults.map(({ setting }) => setting)).toEqual(names);
    for (const { detail } of faults) expect(detail).toMatch(/^is [a-z]/);
    const values = Object.values(settings).filter((value) => String(value).length > 20);
    for (const value of values) expect(JSON.stringify(faults)).not.toContain(value);
  });
});

describe("development", () => {
  const app = createApp();
  const development = closedEnv({ ENVIRONMENT: "development" });
  const at = async (host: string) => {
    const path = `/users/${userId}`;
    return await checked(
      "GET",
      path,
      await app.request(`https://${host}${path}`, {}, development, createExecutionContext()),
    );
  };

  test.each([
    "localhost",
    "localhost:8787",
    "127.0.0.1:8787",
    "0.0.0.0:8787",
    "[::1]:8787",
    "ledger.localhost",
    "ledger:8787",
  ])("answers at %s without credentials", async (host) => {
    expect((await at(host)).status).toBe(200);
  });

  test.each([
    "ledger.example",
    "edge-ledger.workers.dev",
    "localhost.example",
    "127.0.0.1.example",
    "127.0.0.2",
    "10.0.0.1",
    "[::2]",
    "localhost.",
    "host.docker.internal",
    "ledger.lan",
    "192.168.1.20",
  ])("is closed at %s, and says which names are open", async (host) => {
    const answer = await at(host);
    expectProblem(answer, 503, "auth_not_configured");
    expect(answer.body["detail"]).toContain("only requests to local names need no credentials");
    expect(answer.body["detail"]).toContain(`sent to ${host}:`);
  });

  test("a deployed service says nothing of names", async () => {
    const answer = await new ClosedService({}).send("GET", `/users/${userId}`);
    expect(answer.text).not.toContain("local name");
  });

  test.each([undefined, "", "production", "Development", "development ", "dev", "test"])(
    "is not what ENVIRONMENT = %j means",
    async (environment) => {
      const { ENVIRONMENT: _, ...unset } = closedEnv({});
      const other = (environment === undefined
        ? unset
        : closedEnv({ ENVIRONMENT: environment })) as unknown as Env;
      const answer = await app.request(
        `${origin}/users/${userId}`,
        {},
        other,
        createExecutionContext(),
      );
      expectProblem(await checked("GET", "/users/x", answer), 503, "auth_not_configured");
      const health = await app.request(`${origin}/health`, {}, other);
      expect((await checked("GET", "/health", health)).body["mode"]).toBe("closed");
    },
  );
});
