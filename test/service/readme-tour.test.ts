// Guarantee: the tour in README.md works when it is pasted into an interactive shell, and prints the
// answer that README.md shows; pasted again, into whichever shell, it prints the same bytes and moves nothing.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
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

/** Interactive, and as a shell is without anybody's settings. */
const interactive = [
  ["bash", "--norc", "-i"],
  ["zsh", "-f", "-i"],
] as const;

/** What the shell prints by itself goes to its other output. */
async function paste([shell, ...options]: readonly [string, ...string[]]): Promise<string> {
  // In a session of its own: an interactive shell would take the terminal.
  const child = spawn(shell, options, { detached: true, stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.end(block("sh").replace("http://localhost:8787", service.origin));
  return await text(child.stdout);
}

test("the tour prints the answer that README.md shows, and the same bytes when it is told again", async () => {
  const first = await paste(interactive[0]);
  const shown = JSON.stringify(JSON.parse(block("json")));
  expect(withoutTimes(first).split("\n")).toContain(withoutTimes(shown));
  for (const shell of interactive) {
    const installed = spawnSync(shell[0], ["-c", ":"]).status === 0;
    if (installed) expect(await paste(shell)).toBe(first);
    else process.stderr.write(`\nSKIPPED, no ${shell[0]}: the tour was not pasted into it.\n`);
  }
}, 60_000);
