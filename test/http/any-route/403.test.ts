// Guarantee: deny by default. One table lists the scope of each route; a route that is not in it
// refuses every caller, and a credential permits only what it lists.
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { transactionIdFor, userIdFor } from "../../../src/domain/ids.ts";
import { scopes } from "../../../src/domain/principal.ts";
import { accessTo, knownRoutes } from "../../../src/http/access.ts";
import { createApp } from "../../../src/http/app.ts";
import { patternOf } from "../../../src/http/matched-route.ts";
import { bootstrapFor, closedEnv, ClosedService } from "../../support/closed.ts";
import { checked, expectProblem, origin } from "../../support/http.ts";
import { newKey } from "../../support/keys.ts";
import { logObject } from "../../support/stubs.ts";
import { tablesOf } from "../../support/objects.ts";

describe("a route", () => {
  const declared = createApp().routes.filter(({ method }) => method !== "ALL");
  const found = [...new Set(declared.map(({ method, path }) => `${method} ${patternOf(path)}`))];

  test("is in the table, and the table has no other", () => {
    expect(found.toSorted()).toEqual([...knownRoutes].toSorted());
  });

  test("without a declared scope refuses every caller", async () => {
    const app = createApp();
    app.get("/forgotten/:id", (c) => c.text("the crown jewels"));
    expect(accessTo({ method: "GET", pattern: "/forgotten/:id" })).toBeUndefined();
    const root = bootstrapFor("main");
    const closed = closedEnv({ BOOTSTRAP_KEY: root.setting });
    const headers = { authorization: `Bearer ${root.text}` };
    for (const response of [
      await app.request(`${origin}/forgotten/1`, {}, env, createExecutionContext()),
      await app.request(`${origin}/forgotten/1`, { headers }, closed, createExecutionContext()),
    ]) {
      const answer = await checked("GET", "/forgotten/1", response);
      expectProblem(answer, 403, "forbidden");
      expect(answer.text).not.toContain("jewels");
    }
  });

  test("is not opened by another one that matches the same address", async () => {
    const app = createApp();
    app.get("/*", (c) => c.text("open"));
    const closed = closedEnv({ BOOTSTRAP_KEY: bootstrapFor("main").setting });
    const response = await app.request(
      `${origin}/users/usr_1`,
      {},
      closed,
      createExecutionContext(),
    );
    expectProblem(await checked("GET", "/users/usr_1", response), 401, "unauthenticated");
    const health = await app.request(`${origin}/health`, {}, closed);
    expect((await checked("GET", "/health", health)).body["mode"]).toBe("closed");
  });

  test("is there for every scope", () => {
    const needed = found.flatMap((route) => {
      const [method = "", pattern = ""] = route.split(" ");
      const access = accessTo({ method, pattern });
      return access === undefined || access === "public" ? [] : access.scopes;
    });
    const unused = scopes.filter((scope) => !needed.includes(scope));
    expect(unused).toEqual([]);
  });
});

describe("without the scope", () => {
  const root = bootstrapFor("main");
  const service = new ClosedService({ BOOTSTRAP_KEY: root.setting });

  test("nothing else of the request is looked at, and nothing is left", async () => {
    const { text } = await service.createKey(root.text, ["wallets:read"]);
    const key = newKey();
    // For people in the detail, for clients in the challenge.
    const lacking = await service.send("GET", "/ops/unsettled", text);
    expect(lacking.body["detail"]).toMatch(/: ops:read\.$/);
    expect(lacking.headers.get("www-authenticate")).toBe(
      'Bearer realm="edge-ledger", error="insufficient_scope", scope="ops:read"',
    );
    for (const body of [{}, "{", { walletId: userIdFor("main", newKey()), amount: 1 }]) {
      const headers = { "content-type": "text/plain" };
      const answer = await service.send("POST", "/transactions/fund", text, { body, key, headers });
      expectProblem(answer, 403, "forbidden");
    }
    expect(await tablesOf(logObject(transactionIdFor("main", key)))).toEqual([]);
  });

  test("a replay is refused before the stored answer is looked for", async () => {
    const writer = await service.createKey(root.text, ["users:write"]);
    const reader = await service.createKey(root.text, ["wallets:read"]);
    const sent = { body: { name: "Ada" }, key: newKey() };
    const first = await service.send("POST", "/users", writer.text, sent);
    expect(first.status).toBe(201);
    expectProblem(await service.send("POST", "/users", reader.text, sent), 403, "forbidden");
    const again = await service.send("POST", "/users", writer.text, sent);
    expect([again.status, again.text]).toEqual([201, first.text]);
  });

  test("one scope does not bring another", async () => {
    const { text } = await service.createKey(root.text, ["keys:manage"]);
    const body = { name: "all", scopes: [...scopes] };
    const refused = await service.send("POST", "/admin/keys", text, { body });
    expectProblem(refused, 403, "forbidden");
    const others = scopes.filter((scope) => scope !== "keys:manage");
    expect(refused.body["detail"]).toContain(others.join(", "));
    expect((await service.send("GET", "/admin/keys", text)).text).not.toContain('"all"');
  });
});
