// Guarantee: what is deployed is bound as what is tested. An environment of wrangler inherits no
// bindings, so wrangler.toml repeats them; and nothing in that file opens the service.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { unstable_readConfig as readConfig } from "wrangler";

const root = `${import.meta.dirname}/../`;

function configOf(env: string) {
  return readConfig({ config: `${root}wrangler.toml`, env }, { hideWarnings: true });
}

/** All that a Worker is given, but for variables: production may have more of them. */
function boundTo(env: string) {
  const config = configOf(env);
  return {
    durable_objects: config.durable_objects,
    migrations: config.migrations,
    ratelimits: config.ratelimits,
    assets: config.assets,
    build: config.build,
    main: config.main,
    compatibility_date: config.compatibility_date,
    compatibility_flags: config.compatibility_flags,
    observability: config.observability,
    workers_dev: config.workers_dev,
  };
}

test("production is bound to everything that the top level is bound to", () => {
  const top = boundTo("");
  expect(top.durable_objects.bindings.map(({ name }: { name: string }) => name)).toEqual([
    "WALLET",
    "EXTERNAL_ACCOUNT",
    "TRANSFER_LOG",
    "KEY_RING",
  ]);
  expect(top.ratelimits).toHaveLength(2);
  expect(boundTo("production")).toEqual(top);
  expect(configOf("production").vars).toMatchObject(configOf("").vars);
});

test("nothing that is deployed marks development", () => {
  expect(configOf("").vars).not.toHaveProperty("ENVIRONMENT");
  expect(configOf("production").vars).toMatchObject({ ENVIRONMENT: "production" });
  expect(readFileSync(`${root}wrangler.toml`, "utf8")).not.toMatch(/= *"?development/);
});

test("each mode's settings are committed and hold no secret", () => {
  const settings = (file: string) =>
    readFileSync(`${root}${file}`, "utf8")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
  expect(settings(".dev.vars")).toEqual(["ENVIRONMENT=development"]);
  expect(settings(".dev.vars.production")).toEqual(["ENVIRONMENT=production"]);
  expect(readFileSync(`${root}.gitignore`, "utf8")).not.toContain(".dev.vars");
});
