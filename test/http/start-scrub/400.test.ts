// Guarantee: a command with a body that says anything, or without a good key, begins nothing.
import { expect, test } from "vitest";
import { expectProblem, get, post } from "../../support/http.ts";
import { openFunded } from "../../support/http-users.ts";

test.each([{ shard: 1 }, { dryRun: true }, []])("a body of %j", async (body) => {
  await openFunded(1);
  expectProblem(await post("/ops/scrub", body), 400, "validation_failed");
  expect((await get("/ops/scrub")).body).toMatchObject({ running: 0, lastEndedAt: null });
});

test("no key, and a key with a space", async () => {
  expectProblem(await post("/ops/scrub", {}, null), 400, "idempotency_key_missing");
  expectProblem(await post("/ops/scrub", {}, "a b"), 400, "idempotency_key_invalid");
});
