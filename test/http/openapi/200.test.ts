// Guarantee: the served document is the one that was reviewed and committed, to the field.
import { expect, test } from "vitest";
import committed from "../../../docs/openapi.json" with { type: "json" };
import { get } from "../../support/http.ts";

test("serves the committed document", async () => {
  const { status, headers, body } = await get("/openapi.json");
  expect([status, headers.get("content-type")]).toEqual([200, "application/json"]);
  expect(body).toEqual(committed);
});
