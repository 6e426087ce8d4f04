// npm run test:planted [-- --area NAME] [-- --only NAME[,NAME]]   plants faults one at a time
// npm run test:planted -- --slice 2/8       every eighth, from the second on
// npm run test:planted -- --slice tree/8    the eighth that the sources themselves select
// npm run test:planted -- --near            only the nearest tests, which are taken to pass without
//                                           any fault: for writing faults, and after `npm test`
// npm run test:planted -- --again           also what was caught before in the same sources
// npm run test:planted -- --list            names them all and runs nothing
// npm run test:planted -- --write-docs      writes the table of docs/testing.md, if all are caught
// What was caught is kept in dist/planted/, so that a run that was interrupted is resumed and areas
// are run one after the other. Exits with 1 if a fault is noticed by no test, by no near one, or
// cannot be run.
import { availableParallelism } from "node:os";
import { readArguments } from "../../scripts/usage.mjs";
import { allEquivalent, allFaults, type NamedFault } from "./all.ts";
import { failingCatchers, tryFault, type Finding } from "./catch.ts";
import { writeTable } from "./documentation.ts";
import { Kept } from "./kept.ts";
import { edited } from "./planted-fault.ts";
import { root, Sandbox } from "./sandbox.ts";
import { sliceOf } from "./slice.ts";

const usage = `usage: npm run test:planted -- [--area NAME] [--only NAME,...] [--slice N/M] [--near] [--again]
       [--list] [--write-docs] [--at-once N]`;

const { values } = readArguments(usage, {
  options: {
    area: { type: "string" },
    only: { type: "string" },
    slice: { type: "string" },
    near: { type: "boolean", default: false },
    again: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    "write-docs": { type: "boolean", default: false },
    "at-once": { type: "string", default: String(availableParallelism()) },
  },
});

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function selected(): readonly NamedFault[] {
  const names = values.only?.split(",");
  const chosen = allFaults.filter(
    ({ name, area }) =>
      (values.area === undefined || area === values.area) && (names?.includes(name) ?? true),
  );
  for (const name of names ?? []) {
    if (!chosen.some((fault) => fault.name === name)) throw new Error(`no such fault: ${name}`);
  }
  return values.slice === undefined ? chosen : sliceOf(chosen, values.slice);
}

function list(faults: readonly NamedFault[]): void {
  for (const { area, name, breaks } of faults) print(`${area}  ${name}: ${breaks}`);
  for (const { area, name, argument } of allEquivalent) {
    print(`${area}  ${name} (equivalent): ${argument}`);
  }
}

/** Works off `items`, one in each sandbox at a time. */
async function inSandboxes<T>(
  sandboxes: readonly Sandbox[],
  items: readonly T[],
  work: (sandbox: Sandbox, item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  await Promise.all(
    sandboxes.map(async (sandbox) => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) {
        await work(sandbox, item);
      }
    }),
  );
}

/** What fails without any fault can notice none. */
async function checkCatchers(
  sandbox: Sandbox,
  kept: Kept,
  faults: readonly NamedFault[],
): Promise<void> {
  const isUnknown = (catcher: string) => values.again || !kept.isSound(catcher);
  const namesOf = (catchers: readonly string[]) => [...new Set(catchers)].filter(isUnknown);
  const files = namesOf(faults.flatMap(({ caughtBy }) => ("command" in caughtBy ? [] : caughtBy)));
  const commands = namesOf(
    faults.flatMap(({ caughtBy }) => ("command" in caughtBy ? [caughtBy.command] : [])),
  );
  const failing = await failingCatchers(sandbox, files, commands);
  for (const catcher of [...files, ...commands]) {
    if (!failing.some(({ by }) => by.includes(catcher))) kept.keepSound(catcher);
  }
  if (failing.length === 0) return;
  throw new Error(`the catchers fail where nothing is planted: ${JSON.stringify(failing)}`);
}

function describe(fault: NamedFault, finding: Finding): string {
  const { name, breaks } = fault;
  switch (finding.outcome) {
    case "caught":
      return `${name}: caught by ${finding.first.by} ${finding.first.test ?? ""}`.trimEnd();
    case "caught_elsewhere":
      return `NOT NEAR ${name}: caught only by ${finding.first.by} ${finding.first.test ?? ""}`;
    case "survived":
      return `SURVIVED ${name}: ${breaks} (${fault.file})`;
    case "not_run":
      return `NOT RUN ${name}: ${finding.detail}`;
  }
}

/** Plants those of `faults` that nothing is known about, and adds to the findings. */
async function plant(
  faults: readonly NamedFault[],
  kept: Kept,
  findings: Map<NamedFault, Finding>,
): Promise<void> {
  const left = faults.filter((fault) => !findings.has(fault));
  const sandboxes: Sandbox[] = [];
  const removeAll = () => {
    for (const sandbox of sandboxes) sandbox.remove();
  };
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      removeAll();
      process.exit(130);
    });
  }
  try {
    const count = Math.max(1, Math.min(Number(values["at-once"]), left.length));
    while (sandboxes.length < count) sandboxes.push(new Sandbox());
    if (!values.near && sandboxes[0]) await checkCatchers(sandboxes[0], kept, faults);
    await inSandboxes(sandboxes, left, async (sandbox, fault) => {
      const finding = await tryFault(sandbox, fault, !values.near);
      findings.set(fault, finding);
      kept.keep(fault, finding);
      print(describe(fault, finding));
    });
  } finally {
    removeAll();
  }
}

/** What is known about `faults` from earlier runs. */
function knownOf(faults: readonly NamedFault[], kept: Kept): Map<NamedFault, Finding> {
  const known = new Map<NamedFault, Finding>();
  for (const fault of values.again ? [] : faults) {
    const finding = kept.finding(fault);
    if (finding) known.set(fault, finding);
  }
  if (known.size > 0) print(`${known.size} were caught before, in the same sources and tests`);
  return known;
}

async function main(): Promise<boolean> {
  const faults = selected();
  if (values.list) {
    list(faults);
    return true;
  }
  // Before anything is run: an edit that no longer fits the sources ends the run.
  for (const fault of faults) edited(root, fault);
  const kept = new Kept();
  const findings = knownOf(faults, kept);
  await plant(faults, kept, findings);
  const outcomes = [...findings.values()].map(({ outcome }) => outcome);
  const near = outcomes.filter((outcome) => outcome === "caught").length;
  const far = outcomes.filter((outcome) => outcome === "caught_elsewhere").length;
  const notRun = outcomes.filter((outcome) => outcome === "not_run").length;
  if (far > 0) print(`${far} of them caught by the whole suite only: they need a test nearby`);
  if (notRun > 0) print(`${notRun} of them could not be run`);
  if (values["write-docs"]) {
    if (near < allFaults.length) print("The table is written when all faults are caught nearby.");
    else await writeTable(allFaults, findings);
  }
  const survived = outcomes.length - near - far;
  print(`${outcomes.length} planted, ${near + far} caught, ${survived} survived`);
  return near === outcomes.length && near > 0;
}

process.exitCode = (await main()) ? 0 : 1;
