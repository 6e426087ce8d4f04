// Guarantee: a key opens one user, at any age; another profile under it is refused and changes
// nothing.
import { expect, test } from "vitest";
import { expectProblem, get, post } from "../../support/http.ts";
import { newKey } from "../../support/keys.ts";

test.each<[string, object, object]>([
  ["another name", { name: "Ada" }, { name: "Ben" }],
  ["an added address", { name: "Ada" }, { name: "Ada", email: "ada@example.com" }],
  ["empty metadata, which is not omitted metadata", { name: "Ada" }, { name: "Ada", metadata: {} }],
  ["a name in another case", { name: "Ada" }, { name: "ada" }],
])("idempotency_key_reused: %s", async (_, first, second) => {
  const key = newKey();
  const opened = await post("/users", first, key);
  const answer = await post("/users", second, key);
  expectProblem(answer, 422, "idempotency_key_reused");
  expect(answer.body["requestId"]).toBe(answer.headers.get("x-request-id"));
  expect((await get(opened.headers.get("location") ?? "")).text).toBe(opened.text);
  expect((await post("/users", first, key)).text).toBe(opened.text);
});
