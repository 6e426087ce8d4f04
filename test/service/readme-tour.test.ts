// Guarantee: the tour in README.md works when it is pasted, and prints what README.md shows; pasted
// again, it prints the same bytes and moves nothing.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalService, type LocalService } from "../support/local-service.ts";

const readme = readFileSync(`${import.meta.dirname}/../../README.md`, "utf8");
const section = readme.slice(
  readme.indexOf("## Two-minute tour"),
  readme.indexOf("## Architecture"),
);

function block(language: string): string {
  const start = section.indexOf(`\`\`\`${language}\n`) + language.length + 4;
  return section.slice(start, section.indexOf("```", start));
}

/** Times, and the hashes that depend on them, differ from run to run. */
function withoutTimes(output: string): string {
  return output
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replaceAll(/\b[0-9a-f]{64}\b/g, "<hash>")
    .trim();
}

let service: LocalService;

beforeAll(async () => {
  service = await startLocalService();
}, 60_000);

afterAll(async () => {
  await service.stop();
});

async function paste(): Promise<string> {
  const script = block("sh").replace("http://localhost:8787", service.origin);
  const { stdout } = await promisify(execFile)("bash", ["-c", script]);
  return stdout;
}

test("the tour prints what README.md shows, and the same bytes when it is told again", async () => {
  const first = await paste();
  expect(withoutTimes(first)).toBe(withoutTimes(block("json")));
  expect(await paste()).toBe(first);
}, 30_000);
