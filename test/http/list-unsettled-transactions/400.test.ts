// Guarantee: a question that is not as the contract says is refused before any shard is asked.
import { expect, test } from "vitest";
import { expectProblem, get, pathsOf } from "../../support/http.ts";

test.each([
  ["olderThan=-1", "olderThan"],
  ["olderThan=1.5", "olderThan"],
  ["olderThan=1e3", "olderThan"],
  ["olderThan=", "olderThan"],
  ["olderThan=10000000000", "olderThan"],
  ["olderThan=9007199254740993", "olderThan"],
  ["olderThan=5&olderThan=5", "olderThan"],
  ["olderthan=5", "olderthan"],
  ["limit=5", "limit"],
])("validation_failed: %s", async (query, path) => {
  const answer = await get(`/ops/unsettled?${query}`);
  expectProblem(answer, 400, "validation_failed");
  expect(pathsOf(answer)).toEqual([path]);
});
