// Guarantee: only the files of the documentation can be fetched, under their own names.
import { test } from "vitest";
import { expectProblem, get } from "../../support/http.ts";

test.each([
  "/docs/assets/",
  "/docs/assets/none.js",
  "/docs/assets/..",
  "/docs/assets/%2e%2e",
  "/docs/assets/..%2f..%2fwrangler.toml",
  "/docs/assets/swagger-ui.css/",
  "/docs/assets/SWAGGER-UI.CSS",
  "/docs/assets/swagger-ui.css%00",
  "/docs/",
  "/docs/none",
  "/swagger-ui.css",
  "/wrangler.toml",
])("%s", async (path) => {
  expectProblem(await get(path), 404, "not_found");
});
