// Guarantee: one Idempotency-Key never creates two keys.
import { expect, test } from "vitest";
import { expectProblem, get, post } from "../../support/http.ts";
import { newKey } from "../../support/keys.ts";

const first = { name: "first", scopes: ["ops:read"], expiresAt: "2999-01-01T00:00:00Z" };

test.each<[string, object]>([
  ["name", { ...first, name: "second" }],
  ["scopes", { ...first, scopes: ["ops:read", "ops:write"] }],
  ["expiry", { ...first, expiresAt: "2999-01-01T00:00:01Z" }],
  ["no expiry", { name: "first", scopes: ["ops:read"] }],
])("another %s under the same key", async (_what, second) => {
  const key = newKey();
  expect((await post("/admin/keys", first, key)).status).toBe(201);
  const before = (await get("/admin/keys")).text;
  expectProblem(await post("/admin/keys", second, key), 422, "idempotency_key_reused");
  expect((await get("/admin/keys")).text).toBe(before);
});
