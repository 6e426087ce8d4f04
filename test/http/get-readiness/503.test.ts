// Guarantee: readiness tells which part cannot write, and that the others still can; liveness is
// not concerned. Nothing of the inside is told.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { get } from "../../support/http.ts";
import { breakTable } from "../../support/objects.ts";

test.each([
  ["wallet", env.WALLET],
  ["externalAccount", env.EXTERNAL_ACCOUNT],
  ["transferLog", env.TRANSFER_LOG],
  ["keyRing", env.KEY_RING],
])("names the part that fails: %s", async (name, namespace) => {
  expect((await get("/health/ready")).status).toBe(200);
  const repair = await breakTable(namespace.getByName("canary"), "INSERT", "canary");
  const { status, body, headers, text } = await get("/health/ready");
  expect(status).toBe(503);
  expect(headers.get("retry-after")).toBe("1");
  expect(body["status"]).toBe("unavailable");
  const checks = Object.entries(body["checks"] as Record<string, { status: string }>);
  const failed = checks.filter(([, check]) => check.status !== "ok");
  expect(failed).toEqual([[name, { status: "failed" }]]);
  expect(checks.length).toBe(4);
  expect(text).not.toMatch(/sqlite|broken|canary|trigger/i);

  expect((await get("/health")).status).toBe(200);
  await repair();
  expect((await get("/health/ready")).status).toBe(200);
});
