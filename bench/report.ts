// The results for people: a table on the terminal, and docs/benchmarks.md with its picture.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { draw, nameOf } from "./chart.ts";
import type { Row } from "./measure.ts";

interface Column {
  readonly title: string;
  readonly width: number;
  readonly text: (row: Row) => string;
}

function optional(value: number | undefined, digits: number): string {
  return value === undefined ? "" : value.toFixed(digits);
}

const columns: readonly Column[] = [
  { title: "scenario", width: 20, text: nameOf },
  { title: "conns", width: 5, text: (row) => String(row.concurrency) },
  { title: "requests/s", width: 10, text: (row) => row.requestsPerSecond.toFixed(1) },
  { title: "p50 ms", width: 7, text: (row) => row.p50Ms.toFixed(2) },
  { title: "p95 ms", width: 7, text: (row) => row.p95Ms.toFixed(2) },
  { title: "p99 ms", width: 7, text: (row) => row.p99Ms.toFixed(2) },
  { title: "errors", width: 6, text: (row) => String(row.errors) },
  { title: "money", width: 9, text: (row) => (row.conserved ? "conserved" : "LOST") },
  { title: "commits/op", width: 10, text: (row) => optional(row.commitsPerOperation, 2) },
  { title: "floor/s", width: 7, text: (row) => optional(row.floorRequestsPerSecond, 1) },
  { title: "ratio", width: 5, text: (row) => optional(row.ratioToFloor, 2) },
  {
    title: "floor's commits, object requests",
    width: 32,
    text: ({ floorCommitsPerOperation: commits, floorObjectRequestsPerOperation: requests }) =>
      commits === undefined ? "" : `${optional(commits, 2)}, ${optional(requests, 2)}`,
  },
];

export const headings = columns.map(({ title, width }) => title.padEnd(width)).join("  ");

export function tableRow(row: Row): string {
  return columns.map(({ text, width }) => text(row).padEnd(width)).join("  ");
}

function markdownTable(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map((_, index) => (index === 0 ? "---" : "---:"))),
    ...rows.map((row) => line(columns.map(({ text }) => text(row)))),
  ].join("\n");
}

const titles = { disk: "On a disk", memory: "On a memory file system" } as const;

/** The comparison with a service on PostgreSQL, where its own command has left one. */
function peerSection(): string[] {
  const folder = join(import.meta.dirname, "peer-postgres");
  const results = join(folder, "results.md");
  if (!existsSync(results)) return [];
  const texts = [results, join(folder, "how-to-read.md")].map((file) => readFileSync(file, "utf8"));
  return ["## Beside PostgreSQL", ...texts];
}

/** The command as it is told in the documentation. */
export function commandOf(options: readonly string[]): string {
  const told = options.filter((text, index) => ![text, options[index - 1]].includes("--json"));
  return ["npm run bench --", ...told].join(" ");
}

/** Keeps the latest results in the documentation. */
export function publish(docs: string, rows: readonly Row[], options: readonly string[]): void {
  const version = (name: string) => execFileSync(name, ["--version"], { encoding: "utf8" }).trim();
  const processors = cpus();
  const sections = (["disk", "memory"] as const).flatMap((storage) => {
    const own = rows.filter((row) => row.storage === storage);
    return own.length === 0 ? [] : [`## ${titles[storage]}\n\n${markdownTable(own)}`];
  });
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${processors.length} x ${processors[0]?.model}, ${version("workerd")}`;
  const page = [
    "# Benchmarks",
    `\`${commandOf(options)}\`, ${date}, ${machine}. Written by the command itself.`,
    "![Requests per second of every scenario](benchmarks.svg)",
    ...sections,
    readFileSync(join(import.meta.dirname, "how-to-read.md"), "utf8"),
    ...peerSection(),
  ].join("\n\n");
  const file = join(docs, "benchmarks.md");
  writeFileSync(file, page);
  execFileSync("prettier", ["--write", file], { stdio: "ignore" });
  writeFileSync(join(docs, "benchmarks.svg"), draw(rows));
}
