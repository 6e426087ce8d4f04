// Guarantee: whoever opens the bare address is led to the documentation of this very service.
import { expect, test } from "vitest";
import { get } from "../../support/http.ts";

test("the root leads to the documentation", async () => {
  const { status, headers } = await get("/");
  expect([status, headers.get("location")]).toEqual([302, "/docs"]);
});
