// The results for people: a table on the terminal, and docs/benchmarks.md with its picture.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
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

const explanations = `
- **requests/s** counts successes (200, 201). **errors** are other statuses, time-outs and broken connections. Latencies are of successes, seen by the client.
- The load is closed: each connection sends its next request when the last one is answered. Every write has a fresh key.
- **money**: after each row, every unknown outcome is repeated with its key until it is known, the log has nothing open, and all wallets together hold what was paid in. When all rows are done the service is stopped and the files of all accounts must add up to zero.
- **commits/op**: durable commits of all objects for each operation, counted in SQLite's own counters. The alarm is one more commit here, because workerd keeps alarms in a database of their own; in production it is part of its object's commit.
- **floor**: [bench/floor.ts](../bench/floor.ts), the same objects and messages with no logic, unbatched, in alternating slices of the same run. **ratio** is requests/s divided by the floor's.
- Service and load generator share this machine, and all objects share one thread of one process: these figures are for comparison. In production every object has its own machine's share and its own disk.
- The ledgers of 10 to 1,000,000 entries are written into the wallets' files while the service is down ([bench/big-wallet.ts](../bench/big-wallet.ts)): valid chains, legs and checkpoints, without the log's rows, which reads do not need. History pages have 10 entries; half of them are the newest page, half lie anywhere.`;

/** Keeps the latest results in the documentation. */
export function publish(docs: string, rows: readonly Row[], options: readonly string[]): void {
  const command = ["npm run bench", ...(options.length > 0 ? ["--", ...options] : [])].join(" ");
  const version = (name: string) => execFileSync(name, ["--version"], { encoding: "utf8" }).trim();
  const processors = cpus();
  const sections = (["disk", "memory"] as const).flatMap((storage) => {
    const own = rows.filter((row) => row.storage === storage);
    return own.length === 0 ? [] : [`## ${titles[storage]}\n\n${markdownTable(own)}`];
  });
  const page = `# Benchmarks

\`${command}\`, ${new Date().toISOString().slice(0, 10)}, ${processors.length} x ${processors[0]?.model}, ${version("workerd")}. Written by the command itself.

![Requests per second of every scenario](benchmarks.svg)

${sections.join("\n\n")}

## How to read it
${explanations}
`;
  writeFileSync(join(docs, "benchmarks.md"), page);
  writeFileSync(join(docs, "benchmarks.svg"), draw(rows));
}
