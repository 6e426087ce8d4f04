// Guarantee: an act that is not of the documented shape, or comes without a good key, is refused
// with the fields that are wrong, and freezes nothing.
import { expect, test } from "vitest";
import { invalidKeys, malformedBodies } from "../../support/bad-requests.ts";
import { expectProblem, pathsOf, post, send } from "../../support/http.ts";
import { openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { walletObject } from "../../support/stubs.ts";
import { runSql } from "../../support/objects.ts";

const { walletId } = await openUser();
const path = `/wallets/${walletId}/freezes`;
const good = { frozen: true, reason: "Reported as stolen" };

const expectNoAct = async () =>
  expect(await runSql(walletObject(walletId), "SELECT * FROM freezes")).toEqual([]);

test.each<[string, object, string[]]>([
  ["nothing", {}, ["frozen", "reason"]],
  ["no reason", { frozen: true }, ["reason"]],
  ["an empty reason", { ...good, reason: "" }, ["reason"]],
  ["a reason of 501 characters", { ...good, reason: "x".repeat(501) }, ["reason"]],
  ["a NUL in the reason", { ...good, reason: "a\0b" }, ["reason"]],
  ["a reason that is no text", { ...good, reason: 1 }, ["reason"]],
  ["a text for a boolean", { ...good, frozen: "true" }, ["frozen"]],
  ["a number for a boolean", { ...good, frozen: 1 }, ["frozen"]],
  ["null", { ...good, frozen: null }, ["frozen"]],
  ["an unknown field", { ...good, until: "2027" }, ["until"]],
])("validation_failed: %s", async (_, body, paths) => {
  const answer = await post(path, body);
  expectProblem(answer, 400, "validation_failed");
  expect(pathsOf(answer)).toEqual(paths);
  await expectNoAct();
});

test.each(malformedBodies)("malformed_json: %s", async (_, body) => {
  const headers = { "content-type": "application/json", "idempotency-key": newKey() };
  expectProblem(await send("POST", path, { headers, body }), 400, "malformed_json");
  await expectNoAct();
});

test("idempotency_key_missing", async () => {
  expectProblem(await post(path, good, null), 400, "idempotency_key_missing");
  await expectNoAct();
});

test.each(invalidKeys)("idempotency_key_invalid: %s", async (_, key) => {
  expectProblem(await post(path, good, key), 400, "idempotency_key_invalid");
  await expectNoAct();
});

test("the same key is free afterwards", async () => {
  const key = newKey();
  expectProblem(await post(path, {}, key), 400, "validation_failed");
  expect((await post(path, good, key)).status).toBe(201);
});
