// Guarantee: a key is created only for what the contract names, and bad input creates nothing.
import { expect, test } from "vitest";
import { expectProblem, get, pathsOf, post } from "../../support/http.ts";

const good = { name: "a", scopes: ["ops:read"] };

test.each<[string, object, string[]]>([
  ["no name", { scopes: ["ops:read"] }, ["name"]],
  ["an empty name", { ...good, name: "" }, ["name"]],
  ["no scopes", { name: "a" }, ["scopes"]],
  ["an empty list of scopes", { ...good, scopes: [] }, ["scopes"]],
  ["an unknown scope", { ...good, scopes: ["ops:read", "everything"] }, ["scopes.1"]],
  ["a scope twice", { ...good, scopes: ["ops:read", "ops:read"] }, ["scopes"]],
  ["a pattern for scopes", { ...good, scopes: ["*"] }, ["scopes.0"]],
  ["scopes as text", { ...good, scopes: "ops:read" }, ["scopes"]],
  ["a date without a time", { ...good, expiresAt: "2030-01-01" }, ["expiresAt"]],
  ["a number for a time", { ...good, expiresAt: 1 }, ["expiresAt"]],
  ["a time before 1970", { ...good, expiresAt: "1969-12-31T23:59:59Z" }, ["expiresAt"]],
  ["a time after 9999", { ...good, expiresAt: "9999-12-31T23:59:59-23:00" }, ["expiresAt"]],
  ["a time that has passed", { ...good, expiresAt: "2026-01-01T00:00:00Z" }, ["expiresAt"]],
  ["this moment", { ...good, expiresAt: new Date().toISOString() }, ["expiresAt"]],
  ["another tenant", { ...good, tenant: "other" }, ["tenant"]],
  ["a secret of its own", { ...good, secret: "hunter2" }, ["secret"]],
])("%s", async (_what, body, paths) => {
  const before = (await get("/admin/keys")).text;
  const answer = await post("/admin/keys", body);
  expectProblem(answer, 400, "validation_failed");
  expect(pathsOf(answer)).toEqual(paths);
  expect((await get("/admin/keys")).text).toBe(before);
});

test("without an Idempotency-Key", async () => {
  expectProblem(await post("/admin/keys", good, null), 400, "idempotency_key_missing");
});
