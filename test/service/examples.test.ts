// Guarantee: the examples work against a fresh service, and again: ledger.http with a reader that
// knows only what all clients know (variables of the file, requests, ###), ledger.sh in every shell
// that is here. The status that a request's title ends with is the one that it gets.
import { execFile, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startLocalService, type LocalService } from "../support/local-service.ts";

const folder = `${import.meta.dirname}/../../examples`;
const text = readFileSync(`${folder}/ledger.http`, "utf8");
let service: LocalService;

beforeAll(async () => {
  service = await startLocalService();
}, 60_000);
afterAll(async () => {
  await service.stop();
});

interface Example {
  readonly title: string;
  readonly request: Request;
}

function readExamples(origin: string): Example[] {
  const [head = "", ...sections] = text.split(/^###/m);
  const variables = new Map(
    [...head.matchAll(/^@(\w+) = (\S+)$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
  variables.set("api", origin);
  return sections.map((section) => {
    const filled = section.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const value = variables.get(name);
      if (value === undefined) throw new Error(`no variable of the file: ${name}`);
      return value;
    });
    const [lines = "", body] = filled.trim().split("\n\n");
    const [title = "", line = "", ...headers] = lines.split("\n");
    const [method = "", url = ""] = line.split(" ");
    const pairs = headers.map((header) => header.split(": ") as [string, string]);
    const init = { method, headers: pairs, ...(body !== undefined && { body }) };
    return { title, request: new Request(url, init) };
  });
}

test("ledger.http, twice", { timeout: 60_000 }, async () => {
  for (let round = 1; round <= 2; round++) {
    const examples = readExamples(service.origin);
    expect(examples.length).toBeGreaterThanOrEqual(12);
    for (const { title, request } of examples) {
      const { status } = await fetch(request);
      expect(`${title} (${status})`).toBe(`${title} (${title.split(": ").at(-1)})`);
    }
  }
});

const shells = ["sh", "bash", "zsh"].filter((shell) => spawnSync(shell, ["-c", ":"]).status === 0);

test.each(shells)("ledger.sh in %s", { timeout: 60_000 }, async (shell) => {
  const options = [`${folder}/ledger.sh`, service.origin];
  const { stdout } = await promisify(execFile)(shell, options);
  expect(stdout.match(/^(?:GET|POST) /gm)).toHaveLength(readExamples(service.origin).length);
});

test("the demo, twice", { timeout: 60_000 }, async () => {
  for (let round = 1; round <= 2; round++) {
    const command = [`${folder}/../scripts/demo.mjs`, "--url", service.origin];
    const ended = promisify(execFile)(process.execPath, command);
    const { stdout } = await ended.catch((error: { stdout: string }) => error);
    expect(stdout.match(/^ +OFF .*$/gm) ?? []).toEqual([]);
    expect(stdout).toMatch(/\nEverything adds up\.\n$/);
  }
});
