// Protects: readiness really writes and reads the storage of each class, and touches no account.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { get } from "../../support/http.ts";
import { contentsOf, tablesOf } from "../../support/objects.ts";

test("names each class with its timings", async () => {
  const { status, body } = await get("/health/ready");
  expect(status).toBe(200);
  const ok = { status: "ok", readMs: expect.any(Number), writeMs: expect.any(Number) };
  expect(body).toEqual({
    status: "ready",
    checks: { wallet: ok, externalAccount: ok, transferLog: ok },
  });
});

test("each time it writes anew, to the canary's only table", async () => {
  for (const namespace of [env.WALLET, env.EXTERNAL_ACCOUNT, env.TRANSFER_LOG]) {
    const canary = namespace.getByName("canary");
    await get("/health/ready");
    const first = await contentsOf(canary);
    await get("/health/ready");
    expect(await contentsOf(canary)).not.toBe(first);
    expect(await tablesOf(canary)).toEqual(["canary", "migrations"]);
  }
});
