// Whether the tests notice: runs test files or a command in a sandbox and says what failed first. A
// test that failed has noticed; a run in which no test could be run has not, and is reported. A test
// that took too long has noticed only where the fault is that something does not end.
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
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

interface FailedTest extends Catch {
  readonly tookTooLong: boolean;
}

export interface TestRun {
  readonly ended: Ended;
  readonly failed: readonly FailedTest[];
  /** Of files that could not be loaded. */
  readonly messages: readonly string[];
}

const reportName = "planted-report.json";
const timedOut = /\b(?:Test|Hook) timed out in \d+ms/;
const notLoaded = /SyntaxError|ERR_MODULE_NOT_FOUND/;

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
): Promise<TestRun> {
  const reporting = ["--reporter=json", `--outputFile=dist/${reportName}`];
  const ended = await sandbox.run(["vitest", "run", ...reporting, ...selection], limitMs);
  const results = readReport(sandbox)?.testResults ?? [];
  const failed = results.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === "failed")
      .map(({ fullName, failureMessages = [] }) => ({
        by: relative(sandbox.path, name),
        test: fullName,
        tookTooLong: failureMessages.some((message) => timedOut.test(message)),
      })),
  );
  return { ended, failed, messages: results.map(({ message }) => message).filter(Boolean) };
}

/** What a run of tests with a fault planted says about it. */
export function judged({ ended, failed, messages }: TestRun, hangs: boolean): Finding {
  const noticed = failed.find(({ tookTooLong }) => hangs || !tookTooLong);
  if (noticed) return { outcome: "caught", first: { by: noticed.by, test: noticed.test ?? "" } };
  if (failed.length === 0 && ended.exitCode === 0) return { outcome: "survived" };
  const late = failed.map(({ by, test }) => `${by} ${test}: took too long`);
  return { outcome: "not_run", detail: [...late, ...messages, tail(ended)].join("\n") };
}

async function runCommand(sandbox: Sandbox, command: string, hangs: boolean): Promise<Finding> {
  const ended = await sandbox.run(command.split(" "), nearMaxMs);
  if (ended.exitCode === 0) return { outcome: "survived" };
  const isCaught = ended.exitCode === null ? hangs : !notLoaded.test(ended.output);
  return isCaught
    ? { outcome: "caught", first: { by: command } }
    : { outcome: "not_run", detail: tail(ended) };
}

/** Which of the catchers, test files and commands, fail as the sandbox is now: with nothing planted
 *  none may. A file of which a test failed is tried once more: one of many may have been late. */
export async function failingCatchers(
  sandbox: Sandbox,
  files: readonly string[],
  commands: readonly string[],
): Promise<readonly Catch[]> {
  const failing: Catch[] = [];
  if (files.length > 0) {
    const first = await runTests(sandbox, files, wideMaxMs);
    const doubtful = first.failed.length > 0 ? first.failed.map(({ by }) => by) : files;
    if (first.ended.exitCode !== 0) {
      const again = await runTests(sandbox, [...new Set(doubtful)], wideMaxMs);
      failing.push(...again.failed);
      if (again.ended.exitCode !== 0 && again.failed.length === 0) {
        failing.push({ by: doubtful.join(" "), test: tail(again.ended) });
      }
    }
  }
  for (const command of commands) {
    const { exitCode } = await sandbox.run(command.split(" "), nearMaxMs);
    if (exitCode !== 0) failing.push({ by: command });
  }
  return failing;
}

/** One file after the other: a run that is cut short while another file starts breaks the runner. */
async function runFiles(
  sandbox: Sandbox,
  files: readonly string[],
  hangs: boolean,
): Promise<Finding> {
  let noticedNothing: Finding = { outcome: "survived" };
  for (const file of files) {
    const finding = judged(await runTests(sandbox, ["--bail=1", file], nearMaxMs), hangs);
    if (finding.outcome === "caught") return finding;
    if (finding.outcome === "not_run") noticedNothing = finding;
  }
  return noticedNothing;
}

/** Plants the fault and looks what notices: the nearest tests, or else, if `isWide`, any fast test
 *  at all. */
export async function tryFault(
  sandbox: Sandbox,
  fault: PlantedFault,
  isWide: boolean,
): Promise<Finding> {
  const { caughtBy, hangs = false } = fault;
  return sandbox.with(fault, async () => {
    const near =
      "command" in caughtBy
        ? await runCommand(sandbox, caughtBy.command, hangs)
        : await runFiles(sandbox, caughtBy, hangs);
    if (near.outcome !== "survived" || !isWide) return near;
    const projects = ["--project=domain", "--project=workers"];
    const wide = judged(await runTests(sandbox, projects, wideMaxMs), hangs);
    return wide.outcome === "caught" ? { ...wide, outcome: "caught_elsewhere" } : wide;
  });
}
