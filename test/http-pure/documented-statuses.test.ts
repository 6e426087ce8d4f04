// Guarantee: every status that docs/openapi.json lists for an operation has a test of that name, in
// the operation's folder or in one of those for what all routes, or all writes, have in common.
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import document from "../../docs/openapi.json" with { type: "json" };

const tests = `${import.meta.dirname}/../http`;

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, unknown>>;
}

const operations = Object.entries(
  document.paths as unknown as Readonly<Record<string, Readonly<Record<string, Operation>>>>,
).flatMap(([, methods]) => Object.entries(methods));

function foldersOf(method: string, { operationId }: Operation): string[] {
  const own = operationId.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return [own, "any-route", ...(method === "post" ? ["any-write"] : [])];
}

const cases = operations.flatMap(([method, operation]) =>
  Object.keys(operation.responses).map((status) => ({ method, operation, status })),
);

test("there is something to look for", () => {
  expect(operations.length).toBeGreaterThanOrEqual(13);
  expect(cases.length).toBeGreaterThanOrEqual(60);
});

test.each(cases)("$operation.operationId $status", ({ method, operation, status }) => {
  const files = foldersOf(method, operation).map(
    (folder) => `${tests}/${folder}/${status}.test.ts`,
  );
  expect(files.filter((file) => existsSync(file))).not.toEqual([]);
});
