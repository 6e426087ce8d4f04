// Guarantee: the bare address redirects to the documentation of this service.
import { expect, test } from "vitest";
import { get } from "../../support/http.ts";

test("the root leads to the documentation", async () => {
  const { status, headers } = await get("/");
  expect([status, headers.get("location")]).toEqual([302, "/docs"]);
});
