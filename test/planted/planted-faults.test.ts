// Guarantee: the list of planted faults does not rot. Each still fits the sources, exactly once, and
// names tests that exist; the area files are all listed. The tool leaves no process behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { crashFaults, editsOf } from "../crash/planted-faults.ts";
import { shortKeyCache } from "../crash/key-holder.ts";
import { allEquivalent, allFaults } from "./all.ts";
import { judged, type TestRun } from "./catch.ts";
import { edited } from "./planted-fault.ts";
import { root } from "./sandbox.ts";
import { sliceOf } from "./slice.ts";
import { withImports } from "./tree-digest.ts";

test.each([...allFaults, ...allEquivalent])("$area: $name fits the sources", (edit) => {
  expect(edited(root, edit)).not.toBe(readFileSync(join(root, edit.file), "utf8"));
});

test.each(crashFaults)("the crash loop's %s fits the sources", (name) => {
  for (const edit of [...shortKeyCache, ...editsOf(name)]) {
    expect(edited(root, edit)).not.toBe(readFileSync(join(root, edit.file), "utf8"));
  }
});

test("each has a name of its own", () => {
  const names = [...allFaults, ...allEquivalent].map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(names.filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))).toEqual([]);
});

test("the tests that have to notice exist, and are fast ones", () => {
  const files = allFaults.flatMap(({ caughtBy }) => ("command" in caughtBy ? [] : caughtBy));
  const missing = files.filter((file) => !existsSync(join(root, file)) || /service/.test(file));
  expect(missing).toEqual([]);
  expect(allFaults.filter(({ caughtBy }) => !("command" in caughtBy) && !caughtBy.length)).toEqual(
    [],
  );
});

test("every file of faults is listed", () => {
  const list = readFileSync(join(import.meta.dirname, "all.ts"), "utf8");
  const files = readdirSync(join(import.meta.dirname, "faults"));
  expect(files.filter((file) => !list.includes(`"./faults/${file}"`))).toEqual([]);
});

test("an edit that is found nowhere, or twice, is refused", () => {
  const edit = { name: "rotten", file: "src/domain/protocol/saga.ts", replace: "" };
  expect(() => edited(root, { ...edit, find: "no such text" })).toThrow("found 0 times");
  expect(() => edited(root, { ...edit, find: "const" })).toThrow(/found \d+ times/);
});

test("the slices together are everything, each once", () => {
  const numbers = Array.from({ length: 21 }, (_, index) => index);
  const slices = [1, 2, 3, 4].map((number) => sliceOf(numbers, `${number}/4`));
  expect(slices.flat().toSorted((left, right) => left - right)).toEqual(numbers);
  expect(slices).toContainEqual(sliceOf(numbers, "tree/4"));
  expect(() => sliceOf(numbers, "5/4")).toThrow("no such slice");
});

test("a test that took too long has noticed only that something does not end", () => {
  const late = { by: "a.test.ts", test: "ends", tookTooLong: true };
  const run: TestRun = { ended: { exitCode: 1, output: "" }, failed: [late], messages: [] };
  expect(judged(run, false).outcome).toBe("not_run");
  expect(judged(run, true).outcome).toBe("caught");
  const wrong = { by: "b.test.ts", test: "is right", tookTooLong: false };
  expect(judged({ ...run, failed: [late, wrong] }, false)).toEqual({
    outcome: "caught",
    first: { by: "b.test.ts", test: "is right" },
  });
});

test("a run that ended without a failed test has noticed nothing, and is not a survivor", () => {
  const ended = { exitCode: null, output: "" };
  expect(judged({ ended, failed: [], messages: ["does not load"] }, false)).toEqual({
    outcome: "not_run",
    detail: "does not load\ntook too long\n",
  });
  expect(judged({ ended: { exitCode: 0, output: "" }, failed: [], messages: [] }, true)).toEqual({
    outcome: "survived",
  });
});

test("what a command has started ends when the tool is gone", async () => {
  const forever = "setInterval(() => undefined, 1e6)";
  const parent = `
    const { spawn } = require("node:child_process");
    spawn(process.execPath, ["-e", ${JSON.stringify(`console.log("up"); ${forever}`)}], {
      stdio: "inherit",
    });
    ${forever}`;
  const leash = join(import.meta.dirname, "leash.ts");
  const child = spawn(process.execPath, [leash, process.execPath, "-e", parent], {
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.stdin.end();
  // All that hold its output open have ended.
  await once(child, "close");
  expect(child.signalCode).toBe("SIGKILL");
});

test("what a catcher notices depends on all that it imports", () => {
  const files = withImports("test/durable-objects/account/currencies.test.ts");
  // One that the test names itself, and one that only the first one names.
  expect([...files]).toContain("test/support/ledger.ts");
  expect([...files]).toContain("src/domain/operations/all.ts");
});
