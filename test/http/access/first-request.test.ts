// Guarantee: an isolate in development says so once, dated by a clock that runs, and a closed one
// says nothing of the kind.
import { createExecutionContext } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { createApp } from "../../../src/http/app.ts";
import { closedEnv } from "../../support/closed.ts";

const warned = vi.spyOn(console, "warn");
const closed = closedEnv({});
const development = closedEnv({ ENVIRONMENT: "development" });

async function linesOf(env: Env): Promise<readonly { readonly time: string }[]> {
  warned.mockClear();
  const app = createApp();
  for (let request = 0; request < 3; request++) {
    await app.request("http://localhost/health", {}, env, createExecutionContext());
  }
  return warned.mock.calls.map(([line]) => JSON.parse(String(line)) as { time: string });
}

test("in development, once and with the time of the first request", async () => {
  const before = Date.now();
  const [line, ...more] = await linesOf(development);
  expect(line).toMatchObject({ level: "warn", event: "development_mode" });
  expect(Date.parse(line?.time ?? "")).toBeGreaterThanOrEqual(before);
  expect(more).toEqual([]);
});

test("closed, never", async () => {
  expect(await linesOf(closed)).toEqual([]);
});

test("a setting that is wrong is named once, without its value", async () => {
  const failed = vi.spyOn(console, "error");
  await linesOf(closedEnv({ BOOTSTRAP_KEY: "a-secret-by-mistake", AUTH_JWT_ISSUER: "" }));
  const lines = failed.mock.calls.map(([line]) => JSON.parse(String(line)) as { setting: string });
  for (const line of lines) expect(line).toMatchObject({ event: "setting_invalid" });
  expect(lines.map(({ setting }) => setting)).toContain("BOOTSTRAP_KEY");
  expect(lines.map(({ setting }) => setting)).toContain("AUTH_JWT_ISSUER");
  const texts = lines.map((line) => JSON.stringify({ ...line, time: "" }));
  expect(new Set(texts).size, "once each, though there were three requests").toBe(texts.length);
  expect(JSON.stringify(lines)).not.toContain("a-secret-by-mistake");
});
