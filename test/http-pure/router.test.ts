// The router finds for every request what Hono's general one finds, which takes any paths.
import type { Result } from "hono/router";
import { TrieRouter } from "hono/router/trie-router";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { PlainPathsFirst } from "../../src/http/router.ts";

const routes = createApp().routes;
const fast = new PlainPathsFirst<number>();
const general = new TrieRouter<number>();
for (const [index, { method, path }] of routes.entries()) {
  fast.add(method, path, index);
  general.add(method, path, index);
}

/** The handlers in their order, each with its parameters. */
function found([handlers, values]: Result<number>): unknown[] {
  return handlers.map(([handler, params]) => [
    handler,
    Object.fromEntries(
      Object.entries(params).map(([name, at]) => [
        name,
        typeof at === "number" ? values?.[at] : at,
      ]),
    ),
  ]);
}

const paths = new Set(
  routes.flatMap(({ path }) => {
    const known = path.replace("/*", "/nowhere").replaceAll(/:[a-zA-Z]+(\{[^}]*\})?/g, "txn_x-1");
    return [known, known.replace("txn_x-1", "fund"), `${known}/`, `${known}/more`];
  }),
);

describe("the router", () => {
  it("has routes of both kinds", () => {
    expect([...paths].filter((path) => path.includes("txn_x-1")).length).toBeGreaterThan(10);
    expect(paths).toContain("/transactions/batch");
  });

  it.each([...paths])("finds what the general one finds at %s", (path) => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      expect(found(fast.match(method, path))).toEqual(found(general.match(method, path)));
    }
  });
});
