// Guarantee: what is started for development is open and says so; the same code started as it is
// deployed is closed, until the printed setting of a printed key is put, and then that key opens it.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { startLocalService, type LocalService } from "../support/local-service.ts";

const startMaxMs = 60_000;
const root = `${import.meta.dirname}/../..`;
let service: LocalService | undefined;

afterEach(async () => {
  await service?.stop();
  service = undefined;
});

async function start(...more: string[]): Promise<string> {
  service = await startLocalService(more);
  return service.origin;
}

async function ask(origin: string, path: string, credential?: string) {
  const headers: Record<string, string> = credential
    ? { authorization: `Bearer ${credential}` }
    : {};
  const response = await fetch(`${origin}${path}`, { headers });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, code: body["code"], mode: body["mode"] };
}

async function bootstrap(...options: string[]): Promise<Record<string, string>> {
  const script = ["scripts/bootstrap-key.ts", ...options];
  const { stdout } = await promisify(execFile)(process.execPath, script, { cwd: root });
  return Object.fromEntries(
    stdout
      .trim()
      .split("\n")
      .map((line) => line.split(/=(.*)/)),
  );
}

test("wrangler dev is open", { timeout: startMaxMs }, async () => {
  const origin = await start();
  expect(await ask(origin, "/health")).toMatchObject({ status: 200, mode: "development" });
  expect(await ask(origin, "/health/ready")).toMatchObject({ status: 200 });
});

test("wrangler dev --env production is closed", { timeout: startMaxMs }, async () => {
  const origin = await start("--env", "production");
  expect(await ask(origin, "/health")).toMatchObject({ status: 200, mode: "closed" });
  const refusal = { status: 503, code: "auth_not_configured" };
  expect(await ask(origin, "/users/usr_1")).toMatchObject(refusal);
  expect(await ask(origin, "/health/ready")).toMatchObject(refusal);
});

test(
  "a bootstrapped key opens what is closed, for its holder",
  { timeout: startMaxMs },
  async () => {
    const { API_KEY, BOOTSTRAP_KEY } = await bootstrap();
    const origin = await start("--env", "production", "--var", `BOOTSTRAP_KEY:${BOOTSTRAP_KEY}`);
    expect(await ask(origin, "/admin/keys")).toMatchObject({ status: 401 });
    expect(await ask(origin, "/admin/keys", API_KEY)).toMatchObject({ status: 200 });
    const { API_KEY: other } = await bootstrap();
    expect(await ask(origin, "/admin/keys", other)).toMatchObject({ status: 401 });
  },
);

test("the printed setting says nothing of the printed key", async () => {
  const { API_KEY = "", BOOTSTRAP_KEY = "" } = await bootstrap("--tenant", "acme");
  expect(BOOTSTRAP_KEY).toMatch(/^acme:key_[0-9A-Z]{26}:[0-9a-f]{64}$/);
  const secret = API_KEY.split("_").at(-1) ?? "";
  expect(secret).toHaveLength(58);
  expect(BOOTSTRAP_KEY).not.toContain(secret.slice(0, 12));
  await expect(bootstrap("--tenant", "Acme Inc")).rejects.toThrow("A tenant is");
});
