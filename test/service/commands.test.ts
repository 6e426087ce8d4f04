// Guarantee: a command that cannot do what it is asked says why and how it is used, in a few lines
// and with no stack: without a service, with an unknown option, on a system without certificates.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { hasCertificates } from "../../scripts/certificates.mjs";

const root = `${import.meta.dirname}/../..`;

function run(file: string, ...options: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...options], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stdout, stderr, output: stdout + stderr };
}

const commands = [
  "scripts/demo.mjs",
  "scripts/bootstrap-key.ts",
  "scripts/find-object.ts",
  "test/simulation/cli.ts",
  "test/exploration/explore.ts",
  "test/crash/crash-loop.ts",
  "test/planted/cli.ts",
  "bench/main.ts",
  "bench/compare.ts",
];

describe.each(commands)("%s", (file) => {
  test("--help", () => {
    const { status, stdout, stderr } = run(file, "--help");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^usage: npm run [\w:]+ -- /);
  });

  test("an unknown option", () => {
    const { status, stdout, stderr } = run(file, "--nope");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Unknown option '--nope'\.\n\nusage: npm run /);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test("the demo without a service says where it looked and how to start one", () => {
  const { status, stderr } = run("scripts/demo.mjs", "--url", "http://127.0.0.1:9");
  expect(status).toBe(1);
  expect(stderr).toBe("No service answers at http://127.0.0.1:9. Start one with `npm start`.\n");
  expect(run("scripts/demo.mjs", "--url", "nowhere").stderr).toMatch(/^Not a URL: nowhere\n/);
});

describe("certificates", () => {
  const system = mkdtempSync(join(tmpdir(), "certificates-"));
  const file = join(system, "etc/ssl/certs/ca-certificates.crt");
  afterAll(() => rmSync(system, { recursive: true, force: true }));

  test("are found where the runtime looks, and not in an empty file", () => {
    expect(hasCertificates({}, system)).toBe(false);
    mkdirSync(join(system, "etc/ssl/certs"), { recursive: true });
    writeFileSync(file, "");
    expect(hasCertificates({}, system)).toBe(false);
    writeFileSync(file, "-----BEGIN CERTIFICATE-----\n");
    expect(hasCertificates({}, system)).toBe(true);
    expect(hasCertificates({ SSL_CERT_FILE: "/nowhere" }, system)).toBe(false);
    const named = { SSL_CERT_FILE: "/etc/ssl/certs/ca-certificates.crt" };
    expect(hasCertificates(named, system)).toBe(true);
  });

  test.runIf(process.platform === "linux")("are asked for before the start", () => {
    const { SSL_CERT_DIR: _, NODE_EXTRA_CA_CERTS: __, ...env } = process.env;
    const { status, stderr } = spawnSync(process.execPath, ["scripts/ensure-install.mjs"], {
      cwd: root,
      encoding: "utf8",
      env: { ...env, npm_lifecycle_event: "prestart", SSL_CERT_FILE: "/nowhere" },
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^The runtime does not start without the certificates/m);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
