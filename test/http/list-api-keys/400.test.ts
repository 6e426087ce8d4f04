// Guarantee: a list is asked for as the contract says, and a cursor continues only its own list.
import { expect, test } from "vitest";
import { encodeListCursor } from "../../../src/http/list-cursor.ts";
import { expectProblem, get, pathsOf } from "../../support/http.ts";

test.each([
  "limit=0",
  "limit=201",
  "limit=ten",
  "cursor=",
  "cursor=x",
  `cursor=${encodeListCursor(["keys", "other"], "1.key_1")}`,
  `cursor=${encodeListCursor(["freezes", "main"], "1.key_1")}`,
  `cursor=${encodeListCursor(["keys", "main"], "1")}`,
])("validation_failed: %s", async (query) => {
  const answer = await get(`/admin/keys?${query}`);
  expectProblem(answer, 400, "validation_failed");
  expect(pathsOf(answer)).toEqual([query.split("=")[0]]);
});
