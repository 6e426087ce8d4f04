// npm run test:planted [-- --area NAME] [-- --only NAME[,NAME]]   plants faults one at a time
// npm run test:planted -- --slice 2/8       every eighth, from the second on
// npm run test:planted -- --slice tree/8    the eighth that the sources themselves select
// npm run test:planted -- --near            only the nearest tests: for writing faults, unchecked
// npm run test:planted -- --list            names them all and runs nothing
// npm run test:planted -- --write-docs      runs all and writes the table of docs/testing.md
// Exits with 1 if a fault is noticed by no test, by no near one, or cannot be run.
import { availableParallelism } from "node:os";
import { readArguments } from "../../scripts/usage.mjs";
import { allEquivalent, allFaults, type NamedFault } from "./all.ts";
import { runNearest, tryFault, type Finding } from "./catch.ts";
import { writeTable } from "./documentation.ts";
import { edited } from "./planted-fault.ts";
import { root, Sandbox } from "./sandbox.ts";
import { sliceOf } from "./slice.ts";

const usage = `usage: npm run test:planted -- [--area NAME] [--only NAME,...] [--slice N/M] [--near]
       [--list] [--write-docs] [--at-once N]`;

const { values } = readArguments(usage, {
  options: {
    area: { type: "string" },
    only: { type: "string" },
    slice: { type: "string" },
    near: { type: "boolean", default: false },
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
  sandboxes: readonly Sandbox[],
  faults: readonly NamedFault[],
): Promise<void> {
  const files = faults.flatMap(({ caughtBy }) => ("command" in caughtBy ? [] : caughtBy));
  const commands = faults.flatMap(({ caughtBy }) => ("command" in caughtBy ? [caughtBy] : []));
  const together = files.length > 0 ? [[...new Set(files)]] : [];
  const byText = new Map(commands.map((caughtBy) => [caughtBy.command, caughtBy]));
  await inSandboxes(sandboxes, [...together, ...byText.values()], async (sandbox, caughtBy) => {
    let finding = await runNearest(sandbox, caughtBy);
    // Once more: on a busy machine one test of many may have taken too long.
    if (finding.outcome !== "survived") finding = await runNearest(sandbox, caughtBy);
    if (finding.outcome === "survived") return;
    throw new Error(`the catchers fail where nothing is planted: ${JSON.stringify(finding)}`);
  });
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

function removeAll(sandboxes: readonly Sandbox[]): never {
  for (const sandbox of sandboxes) sandbox.remove();
  process.exit(130);
}

async function main(): Promise<boolean> {
  const faults = selected();
  if (values.list) {
    list(faults);
    return true;
  }
  // Before anything is run: an edit that no longer fits the sources ends the run.
  for (const fault of faults) edited(root, fault);
  const count = Math.max(1, Math.min(Number(values["at-once"]), faults.length));
  const sandboxes = Array.from({ length: count }, () => new Sandbox());
  process.on("SIGINT", () => removeAll(sandboxes)).on("SIGTERM", () => removeAll(sandboxes));
  const findings = new Map<NamedFault, Finding>();
  try {
    if (!values.near) await checkCatchers(sandboxes, faults);
    await inSandboxes(sandboxes, faults, async (sandbox, fault) => {
      const finding = await tryFault(sandbox, fault, !values.near);
      findings.set(fault, finding);
      print(describe(fault, finding));
    });
  } finally {
    for (const sandbox of sandboxes) sandbox.remove();
  }
  const outcomes = [...findings.values()].map(({ outcome }) => outcome);
  const near = outcomes.filter((outcome) => outcome === "caught").length;
  const far = outcomes.filter((outcome) => outcome === "caught_elsewhere").length;
  if (far > 0) print(`${far} of them caught by the whole suite only: they need a test nearby`);
  if (values["write-docs"] && near === allFaults.length) await writeTable(findings);
  const survived = outcomes.length - near - far;
  print(`${outcomes.length} planted, ${near + far} caught, ${survived} survived`);
  return near === outcomes.length && near > 0;
}

process.exitCode = (await main()) ? 0 : 1;
