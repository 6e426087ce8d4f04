// A verdict, for people to read.
import type { Verdict } from "./checker.ts";
import { promises } from "./violations.ts";

const shownMax = 40;
const detailLengthMax = 600;

export function describeVerdict({ violations, figures }: Verdict, durationMs: number): string {
  const found = violations
    .slice(0, shownMax)
    .map(({ name, detail }) => `${name}: ${detail.slice(0, detailLengthMax)}\n  ${promises[name]}`);
  if (violations.length > shownMax) found.push(`... and ${violations.length - shownMax} more`);
  return [
    ...found,
    `${figures.transactions} transactions: ${figures.committed} committed, ` +
      `${figures.acknowledged} of them acknowledged; ${figures.crossed} concurrent ones stand in ` +
      "different orders in different ledgers, which is allowed",
    `${figures.reads} reads, ${figures.inFlight} of them with inFlight`,
    `order: ${figures.nodes} nodes, ${figures.edges} edges; ${Math.round(durationMs)} ms`,
    `${figures.operations} operations, ${violations.length} violations`,
  ].join("\n");
}
