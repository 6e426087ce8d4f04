// The table of planted faults in docs/testing.md, by what noticed them first.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { allEquivalent, type NamedFault } from "./all.ts";
import type { Finding } from "./catch.ts";
import { root } from "./sandbox.ts";

const begin = "<!-- planted faults: written by `npm run test:planted -- --write-docs` -->";
const end = "<!-- end of planted faults -->";

function tableOf(
  faults: readonly NamedFault[],
  findings: ReadonlyMap<NamedFault, Finding>,
): string {
  const caught = faults.flatMap((fault) => {
    const finding = findings.get(fault);
    return finding?.outcome === "caught" ? [{ fault, by: finding.first.by }] : [];
  });
  const byCatcher = [...Map.groupBy(caught, ({ by }) => by)].toSorted(
    ([left, some], [right, others]) => others.length - some.length || (left < right ? -1 : 1),
  );
  const rows = byCatcher.map(([by, noticed]) => {
    const areas = new Set(noticed.map(({ fault }) => fault.area));
    return `| \`${by}\` | ${noticed.length} | ${[...areas].toSorted().join(", ")} |`;
  });
  const equivalent = allEquivalent.map(({ name, file, argument }) => {
    return `- \`${name}\` in \`${file}\`: ${argument}`;
  });
  return [
    `${caught.length} faults, each noticed by the tests that are named as the nearest.`,
    "",
    "| noticed first by | faults | areas |",
    "| --- | --- | --- |",
    ...rows,
    "",
    `Edits that change nothing anybody could observe (${equivalent.length}):`,
    "",
    ...equivalent,
  ].join("\n");
}

export async function writeTable(
  faults: readonly NamedFault[],
  findings: ReadonlyMap<NamedFault, Finding>,
): Promise<void> {
  const path = join(root, "docs", "testing.md");
  const text = readFileSync(path, "utf8");
  const [before, after] = [text.split(begin)[0], text.split(end)[1]];
  if (before === undefined || after === undefined) throw new Error("the table has lost its place");
  const written = `${before}${begin}\n\n${tableOf(faults, findings)}\n\n${end}${after}`;
  writeFileSync(path, await format(written, { parser: "markdown" }));
}
