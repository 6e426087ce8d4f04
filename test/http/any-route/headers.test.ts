// Guarantee: every answer names its request and may be joined with its caller's logs; nothing that
// is answered is kept by a cache, framed, or read by another site.
import { describe, expect, test } from "vitest";
import { get, post } from "../../support/http.ts";
import { fund, newFunding } from "../../support/http-ledger.ts";
import { openUser } from "../../support/http-users.ts";

// That these headers, HSTS, the content security policy and the rest are there at all is checked for
// every answer of every test: support/http.ts. That every documented status of every route has a
// test: http-pure/documented-statuses.test.ts. Here is what they say.

test("a page may run scripts of this origin only where it is documentation", async () => {
  for (const path of ["/health", "/none", "/openapi.json", "/docs/assets/start.js", "/docs/none"]) {
    const { headers } = await get(path);
    expect(headers.get("content-security-policy")).not.toMatch(/script-src|style-src|'self'/);
  }
  expect((await get("/docs")).headers.get("content-security-policy")).toContain(
    "script-src 'self';",
  );
});

describe("X-Request-Id", () => {
  test.each(["a", "A-Z_0-9", "x".repeat(64), crypto.randomUUID()])("takes over %s", async (id) => {
    for (const path of ["/health", "/none", "/users/usr_1"]) {
      const { headers } = await get(path, { "x-request-id": id });
      expect(headers.get("x-request-id")).toBe(id);
    }
  });

  test.each([
    "",
    " ",
    "x".repeat(65),
    "a b",
    "a.b",
    "a,b",
    "a\tb",
    "<script>",
    "\u00e9",
    "a/b",
    "a=",
  ])("replaces '%s'", async (id) => {
    const { headers, body } = await get("/none", { "x-request-id": id });
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(body["requestId"]).toBe(headers.get("x-request-id"));
  });

  test("is new for each request that brings none", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => get("/health")));
    const ids = answers.map(({ headers }) => headers.get("x-request-id"));
    expect(new Set(ids).size).toBe(20);
  });

  test("of a replay is the replay's own", async () => {
    const { walletId } = await openUser();
    const sent = newFunding(walletId, 5);
    const key = crypto.randomUUID();
    await fund(sent, key);
    const again = await post("/transactions/fund", sent, key, { "x-request-id": "second" });
    expect(again.headers.get("x-request-id")).toBe("second");
  });
});

test("other sites may read nothing", async () => {
  for (const path of ["/health", "/none", "/docs"]) {
    const { headers } = await get(path, { origin: "https://elsewhere.test" });
    expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
  }
});

test("nothing tells what the service is made of", async () => {
  const { headers } = await get("/health");
  expect(headers.has("server")).toBe(false);
  expect(headers.has("x-powered-by")).toBe(false);
});
