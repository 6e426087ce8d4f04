// Three projects: what is pure runs in plain Node, objects and HTTP run inside the Workers runtime,
// and what a person does (the tour, the documentation page) runs against the whole service.
// `npm test -- --project domain` runs one.
import { existsSync, statfsSync } from "node:fs";
import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig, type Plugin } from "vitest/config";

// The runtime would ask the network for the properties of a sample request.
process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";

/** Of the files that a run keeps at one time, with room to spare, in bytes. */
const filesMax = 2 ** 30;

/** The files of the objects are thrown away: in memory, where there is room, no commit waits for a
 *  disk. */
function keepFilesInMemory(folder: string): void {
  const room = statfsSync(folder, { bigint: true });
  if (room.bavail * room.bsize >= filesMax) process.env["TMPDIR"] = folder;
}

if (existsSync("/dev/shm")) keepFilesInMemory("/dev/shm");

/** In plain Node, as in the Worker, a migration is its text. */
const sqlAsText: Plugin = {
  name: "sql-as-text",
  transform(text, path) {
    return path.endsWith(".sql") ? `export default ${JSON.stringify(text)};` : undefined;
  },
};

export default defineConfig({
  test: {
    silent: "passed-only",
    // Much of the time is spent waiting; the default leaves one of two cores idle.
    maxWorkers: 2,
    projects: [
      {
        plugins: [sqlAsText],
        test: {
          name: "domain",
          include: [
            "test/{architecture,bindings,bundle,dependencies,documentation}.test.ts",
            "test/{domain,exploration,history,http-pure,oracle,planted,platform,simulation}/**/*.test.ts",
          ],
          // Some run whole worlds: seconds on an idle machine, a multiple on one that is busy.
          testTimeout: 60_000,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml" }, verbose: false })],
        test: {
          name: "workers",
          isolate: false,
          include: ["test/{durable-objects,http}/**/*.test.ts"],
          setupFiles: ["test/support/each-file.ts"],
          // Longer than a client waits for an answer (5 s), on a machine that is busy besides.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "service",
          include: ["test/service/**/*.test.ts"],
        },
      },
    ],
    coverage: {
      provider: "istanbul",
      include: ["src/**/*.ts"],
      reporter: ["text", "html"],
    },
  },
});
