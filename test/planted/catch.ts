// Whether the tests notice: runs test files or a command in a sandbox and says what failed first. A
// test that failed has noticed; a run in which no test could be run has not, and is reported.
import { readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import type { PlantedFault } from "./planted-fault.ts";
import type { Ended, Sandbox } from "./sandbox.ts";

/** Longer than any of the fast tests takes on a busy machine, in ms. */
const nearMaxMs = 240_000;
const wideMaxMs = 1_200_000;

/** What failed first: a test file and its test, or a command. */
export interface Catch {
  readonly by: string;
  readonly test?: string;
}

export type Finding =
  | { readonly outcome: "caught" | "caught_elsewhere"; readonly first: Catch }
  | { readonly outcome: "survived" }
  /** No test ran to its end: the edit does not load, or hangs. */
  | { readonly outcome: "not_run"; readonly detail: string };

interface JsonReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const reportName = "planted-report.json";

function readReport(sandbox: Sandbox): JsonReport | undefined {
  const path = join(sandbox.path, "dist", reportName);
  try {
    return JSON.parse(readFileSync(path, "utf8")) as JsonReport;
  } catch {
    return undefined;
  } finally {
    rmSync(path, { force: true });
  }
}

function tail({ exitCode, output }: Ended): string {
  const end = exitCode === null ? "took too long" : `exit code ${exitCode}`;
  return `${end}\n${output.split("\n").slice(-30).join("\n")}`;
}

async function runTests(
  sandbox: Sandbox,
  selection: readonly string[],
  limitMs: number,
): Promise<Finding> {
  const reporting = ["--reporter=json", `--outputFile=dist/${reportName}`];
  const command = ["vitest", "run", "--bail=1", ...reporting, ...selection];
  const ended = await sandbox.run(command, limitMs);
  const report = readReport(sandbox);
  for (const { name, assertionResults } of report?.testResults ?? []) {
    const failed = assertionResults.find(({ status }) => status === "failed");
    if (!failed) continue;
    const by = relative(sandbox.path, name);
    return { outcome: "caught", first: { by, test: failed.fullName } };
  }
  if (ended.exitCode === 0) return { outcome: "survived" };
  const messages = report?.testResults.map(({ message }) => message).filter(Boolean) ?? [];
  return { outcome: "not_run", detail: [...messages, tail(ended)].join("\n") };
}

async function runCommand(sandbox: Sandbox, command: string): Promise<Finding> {
  const ended = await sandbox.run(command.split(" "), nearMaxMs);
  if (ended.exitCode === null) return { outcome: "not_run", detail: tail(ended) };
  return ended.exitCode === 0
    ? { outcome: "survived" }
    : { outcome: "caught", first: { by: command } };
}

/** The nearest tests, as the sandbox is now. */
export function runNearest(sandbox: Sandbox, caughtBy: PlantedFault["caughtBy"]): Promise<Finding> {
  return "command" in caughtBy
    ? runCommand(sandbox, caughtBy.command)
    : runTests(sandbox, caughtBy, nearMaxMs);
}

/** Plants the fault and looks what notices: the nearest tests, or else, if `isWide`, any fast test
 *  at all. */
export async function tryFault(
  sandbox: Sandbox,
  fault: PlantedFault,
  isWide: boolean,
): Promise<Finding> {
  return sandbox.with(fault, async () => {
    const near = await runNearest(sandbox, fault.caughtBy);
    if (near.outcome !== "survived" || !isWide) return near;
    const projects = ["--project=domain", "--project=workers"];
    const wide = await runTests(sandbox, projects, wideMaxMs);
    return wide.outcome === "caught" ? { ...wide, outcome: "caught_elsewhere" } : wide;
  });
}
