// Guarantee: an address that does not exist says so in the shape of every problem, whatever the
// method and however strange the address.
import { expect, test } from "vitest";
import { expectProblem, get, post, send } from "../../support/http.ts";

test.each([
  "/none",
  "/users/",
  "/Users",
  "/wallets",
  "/wallets/wal_1",
  "/wallets/wal_1/balance/",
  "/wallets//balance",
  "/transactions/",
  "/transactions/fund/",
  "/transactions/txn_1/legs",
  "/health/",
  "/health/live",
  "/ops",
  "/openapi.yaml",
  "/favicon.ico",
  "/.env",

  "/%00",
  "/%E0%A4%A",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/users/a/b",
  `/${"x".repeat(4_000)}`,
])("GET %s", async (path) => {
  const answer = await get(path);
  expectProblem(answer, 404, "not_found");
  expect(answer.body["instance"]).toBe(new URL(path, "https://ledger.test").pathname);
});

test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"])("%s /none", async (method) => {
  expectProblem(await send(method, "/none"), 404, "not_found");
});

test("a body and a key do not matter", async () => {
  expectProblem(await post("/none", "{", "a,b"), 404, "not_found");
});

test("the query is not told", async () => {
  const answer = await get("/none?token=secret");
  expect(answer.text).not.toContain("secret");
});
