// Guarantee: a profile that is not as the contract says opens nothing, and the answer names every
// field that is wrong.
import { describe, expect, test } from "vitest";
import { expectNoTrace, invalidKeys, malformedBodies } from "../../support/bad-requests.ts";
import { expectProblem, pathsOf, post, send } from "../../support/http.ts";
import { newKey } from "../../support/keys.ts";

describe("malformed_json", () => {
  test.each(malformedBodies)("%s", async (_, body) => {
    const key = newKey();
    const headers = { "content-type": "application/json", "idempotency-key": key };
    expectProblem(await send("POST", "/users", { headers, body }), 400, "malformed_json");
    await expectNoTrace(key);
  });
});

const name = "Ada";
const pairs = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, ""]));

describe("validation_failed", () => {
  test.each<[string, unknown, string[]]>([
    ["a list", [], [""]],
    ["a text", '"Ada"', [""]],
    ["null", null, [""]],
    ["a number", 5, [""]],
    ["an empty object", {}, ["name"]],
    ["an empty name", { name: "" }, ["name"]],
    ["a name of 201 characters", { name: "x".repeat(201) }, ["name"]],
    ["a name of 201 wide characters", { name: "\u{1f600}".repeat(201) }, ["name"]],
    ["a number as name", { name: 5 }, ["name"]],
    ["null as name", { name: null }, ["name"]],
    ["NUL in the name", { name: "a\u0000b" }, ["name"]],
    ["no address", { name, email: "ada" }, ["email"]],
    ["an empty address", { name, email: "" }, ["email"]],
    ["an address without a domain", { name, email: "ada@" }, ["email"]],
    ["an address without a name", { name, email: "@example.com" }, ["email"]],
    ["an address with two @", { name, email: "a@b@example.com" }, ["email"]],
    ["an address with a no-break space", { name, email: "a\u00a0b@example.com" }, ["email"]],
    ["an address with a zero-width space", { name, email: "a\u200b@example.com" }, ["email"]],
    ["an address with NUL", { name, email: "a\u0000@example.com" }, ["email"]],
    ["an address with white space", { name, email: " ada@example.com" }, ["email"]],
    ["two addresses", { name, email: "a@example.com,b@example.com" }, ["email"]],
    ["a line break in the address", { name, email: "a@example.com\n" }, ["email"]],
    ["an address of 255", { name, email: `${"a".repeat(243)}@example.com` }, ["email"]],
    ["null as address", { name, email: null }, ["email"]],
    ["metadata as list", { name, metadata: [] }, ["metadata"]],
    ["21 pairs of metadata", { name, metadata: pairs(21) }, ["metadata"]],
    ["an empty key", { name, metadata: { "": "v" } }, ["metadata."]],
    ["a key of 41", { name, metadata: { ["k".repeat(41)]: "" } }, [`metadata.${"k".repeat(41)}`]],
    ["a value of 501", { name, metadata: { k: "v".repeat(501) } }, ["metadata.k"]],
    ["a number as value", { name, metadata: { k: 1 } }, ["metadata.k"]],
    ["an object as value", { name, metadata: { k: {} } }, ["metadata.k"]],
    ["NUL in a value", { name, metadata: { k: "\u0000" } }, ["metadata.k"]],
    ["__proto__ as a field", '{"name":"A","__proto__":{"a":1}}', ["__proto__"]],
    ["__proto__ in metadata", '{"name":"A","metadata":{"__proto__":"x"}}', ["metadata.__proto__"]],
    ["an unknown field", { name, balance: 5 }, ["balance"]],
    ["a field in another case", { name, Email: "a@example.com" }, ["Email"]],
    ["everything at once", { nom: 1, email: 2, metadata: 3 }, ["name", "email", "metadata", "nom"]],
  ])("%s", async (_, body, paths) => {
    const key = newKey();
    const sent = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await post("/users", sent, key);
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer)).toEqual(paths);
    await expectNoTrace(key);
  });

  test.each<[string, unknown, string, string]>([
    ["a field that is missing", {}, "name", "name is required."],
    ["a null", { name: null }, "name", "Must be a string, and is null."],
    ["a number for a text", { name: 5 }, "name", "Must be a string, and is a number."],
    [
      "a list for an object",
      { name, metadata: [] },
      "metadata",
      "Must be an object, and is a list.",
    ],
    ["a list for the body", [], "", "Must be an object, and is a list."],
    ["a text that is empty", { name: "" }, "name", "At least 1 character."],
    ["a text that is too long", { name: "x".repeat(201) }, "name", "At most 200 characters."],
    ["an unknown field", { name, age: 1 }, "age", "There is no such field."],
  ])("%s is told in words of the contract", async (_, body, path, message) => {
    const answer = await post("/users", body);
    expect(answer.body["errors"]).toEqual([{ path, message }]);
  });

  test("metadata of more bytes than it may have in all", async () => {
    const key = newKey();
    const wide = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`k${index}`, "\u20ac".repeat(300)]),
    );
    const answer = await post("/users", { name, metadata: wide }, key);
    expectProblem(answer, 400, "validation_failed");
    const message = "At most 16384 bytes of UTF-8 in all keys and values together.";
    expect(answer.body["errors"]).toEqual([{ path: "metadata", message }]);
    await expectNoTrace(key);
  });

  test("a flood of errors is cut", async () => {
    const flood = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`f${index}`, 1]));
    const answer = await post("/users", { name, ...flood });
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer).length).toBe(50);
  });
});

describe("the key", () => {
  test("is missing", async () => {
    expectProblem(await post("/users", { name }, null), 400, "idempotency_key_missing");
  });

  test.each(invalidKeys)("is invalid: %s", async (_, key) => {
    expectProblem(await post("/users", { name }, key), 400, "idempotency_key_invalid");
  });
});
