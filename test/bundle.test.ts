// Guarantee: what is deployed is made of the sources alone: no file of the tests gets into it, least
// of all the network that fails on command. Builds as `npm run deploy:dry-run` does.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const buildMaxMs = 60_000;

/** Builds the Worker, or what the source of another entry makes of it, and returns everything that would be deployed, as one text. */
async function build(entrySource?: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "bundle-"));
  const ownEntry = join(folder, "entry.ts");
  if (entrySource !== undefined) writeFileSync(ownEntry, entrySource);
  try {
    const entry = entrySource === undefined ? join(root, "src/index.ts") : ownEntry;
    const output = ["--config", "wrangler.toml", "--dry-run", "--outdir", folder];
    await promisify(execFile)("wrangler", ["deploy", entry, ...output], {
      cwd: root,
      env: { ...process.env, WRANGLER_SEND_METRICS: "false" },
    });
    const files = readdirSync(folder).filter((name) => name.endsWith(".js"));
    return files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Words of the faulty network, and the marks that the bundler leaves where a test's file begins. */
const marks = {
  "a fault": /drop_before|drop_after/,
  "the faulty network": /FaultyNetwork|breakNetwork|faulty-stubs/,
  "a file of the tests": /^\/\/ (?:\.\.\/)*test\/.*$/m,
} as const;

const found = (bundle: string, mark: RegExp) => mark.exec(bundle)?.[0];

describe("the bundle that is deployed", () => {
  let bundle = "";

  beforeAll(async () => {
    bundle = await build();
  }, buildMaxMs);

  it("is the Worker: its sources are marked in it", () => {
    expect(found(bundle, /^\/\/ src\/index\.ts$/m)).toBeDefined();
    expect(found(bundle, /^\/\/ src\/durable-objects\/rpc\/stubs\.ts$/m)).toBeDefined();
  });

  it.each(Object.entries(marks))("has nothing of the tests in it: %s", (_, mark) => {
    expect(found(bundle, mark)).toBeUndefined();
  });
});

describe("a bundle with the faulty network in it", () => {
  let planted = "";

  beforeAll(async () => {
    planted = await build(
      `export * from "${root}/src/index.ts";
       export { default } from "${root}/src/index.ts";
       export { breakNetwork } from "${root}/test/support/faulty-stubs.ts";`,
    );
  }, buildMaxMs);

  it.each(Object.entries(marks))("would be noticed: %s", (_, mark) => {
    expect(found(planted, mark)).toBeDefined();
  });
});
