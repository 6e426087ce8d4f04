// Guarantee: readiness really writes and reads the storage of each class, and touches no account.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { readinessMaxAgeMs } from "../../../src/domain/limits.ts";
import { systemClock } from "../../../src/platform/clock.ts";
import { bootstrapFor, ClosedService } from "../../support/closed.ts";
import { get } from "../../support/http.ts";
import { contentsOf, tablesOf } from "../../support/objects.ts";

test("names each class with its timings", async () => {
  const { status, body } = await get("/health/ready");
  expect(status).toBe(200);
  const ok = { status: "ok", readMs: expect.any(Number), writeMs: expect.any(Number) };
  expect(body).toEqual({
    status: "ready",
    checks: { wallet: ok, externalAccount: ok, transferLog: ok, keyRing: ok },
  });
});

test("in production a report is given again for 10 s, and costs nothing then", async () => {
  let time = Date.now();
  const root = bootstrapFor("main");
  const clock = { ...systemClock, now: () => time };
  const service = new ClosedService({ BOOTSTRAP_KEY: root.setting }, { clock });
  const canary = env.WALLET.getByName("canary");
  const ask = async () => {
    expect((await service.send("GET", "/health/ready", root.text)).status).toBe(200);
    return await contentsOf(canary);
  };
  const first = await ask();
  time += readinessMaxAgeMs - 1;
  expect(await ask()).toBe(first);
  time += 1;
  const second = await ask();
  expect(second).not.toBe(first);
  time -= 3_600_000;
  expect(await ask(), "after the clock was put back").not.toBe(second);
});

test("in development it writes anew each time, to the canary's only table", async () => {
  for (const namespace of [env.WALLET, env.EXTERNAL_ACCOUNT, env.TRANSFER_LOG, env.KEY_RING]) {
    const canary = namespace.getByName("canary");
    await get("/health/ready");
    const first = await contentsOf(canary);
    await get("/health/ready");
    expect(await contentsOf(canary)).not.toBe(first);
    expect(await tablesOf(canary)).toEqual(["canary", "migrations"]);
  }
});
