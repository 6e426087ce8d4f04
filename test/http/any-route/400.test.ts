// Guarantee: a query parameter that nothing reads is refused on every route, before anything is
// moved or looked up; only the health check and the documentation let any parameter pass.
import { describe, expect, test } from "vitest";
import { knownRoutes } from "../../../src/http/access.ts";
import { expectNoTrace } from "../../support/bad-requests.ts";
import { expectProblem, pathsOf, post, send } from "../../support/http.ts";
import { newTransfer } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

const lenient = ["/health", "/", "/docs", "/docs/errors", "/docs/assets/:file", "/openapi.json"];

const routes = knownRoutes.map((route) => {
  const [method = "", pattern = ""] = route.split(" ");
  return { method, pattern };
});
const strict = routes.filter(({ pattern }) => !lenient.includes(pattern));

/** Parameters of the route, if it has any, are left out: they do not matter to an unknown one. */
function pathOf(pattern: string): string {
  return pattern.replaceAll(/:\w+/g, (name) => (name === ":id" ? `txn_${"0".repeat(26)}` : "x"));
}

function ask(method: string, path: string) {
  if (method !== "POST") return send(method, path);
  return post(path, "{}", newKey());
}

test("there are routes to try", () => expect(strict.length).toBeGreaterThanOrEqual(15));

describe.each(strict)("$method $pattern", ({ method, pattern }) => {
  test.each(["dryRun=true", "dryRun", "_=1", "a=1&a=2", "__proto__=1", "%00=1"])(
    "validation_failed: %s",
    async (query) => {
      const answer = await ask(method, `${pathOf(pattern)}?${query}`);
      expectProblem(answer, 400, "validation_failed");
      const [name = ""] = [...new URLSearchParams(query).keys()];
      expect(pathsOf(answer)).toContain(name);
      expect(answer.text).toContain("There is no such parameter.");
    },
  );

  test("validation_failed: a query without an end", async () => {
    const answer = await ask(method, `${pathOf(pattern)}?x=${"y".repeat(4_096)}`);
    expectProblem(answer, 400, "validation_failed");
  });

  test("an empty query is none", async () => {
    const answer = await ask(method, `${pathOf(pattern)}?`);
    expect(answer.text).not.toContain("parameter");
  });
});

test.each(lenient.filter((path) => !path.includes(":")))("%s takes any", async (path) => {
  const answer = await send("GET", `${path}?probe=1&probe=2&_=3`);
  expect([200, 302]).toContain(answer.status);
});

test("a dry run moves nothing, and its key is as good as new", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const key = newKey();
  const body = newTransfer(from.walletId, to.walletId, 4);
  const dry = await post("/transactions/transfer?dryRun=true", body, key);
  expectProblem(dry, 400, "validation_failed");
  expect(pathsOf(dry)).toEqual(["dryRun"]);
  await expectNoTrace(key);
  expect(await balanceOf(from.walletId)).toBe(10);
  expect((await post("/transactions/transfer", body, key)).status).toBe(201);
});

test("what is wrong with query and body is told at once", async () => {
  expect(pathsOf(await post("/users?dryRun=1", { nom: "Ada" }))).toEqual(["dryRun", "name", "nom"]);
});
