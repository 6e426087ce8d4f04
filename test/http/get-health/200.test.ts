// Guarantee: liveness says that the service is alive and which version it is, whatever is broken.
import { expect, test } from "vitest";
import manifest from "../../../package.json" with { type: "json" };
import { get, send } from "../../support/http.ts";

test("names the service and its version", async () => {
  const { status, body } = await get("/health");
  expect(status).toBe(200);
  expect(body).toEqual({
    status: "ok",
    service: manifest.name,
    version: manifest.version,
    mode: "development",
  });
});

test("HEAD answers the same without the body", async () => {
  const { status, text } = await send("HEAD", "/health");
  expect([status, text]).toEqual([200, ""]);
});
