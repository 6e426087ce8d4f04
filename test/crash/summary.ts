// The figures of a crash test, for people to read.
import type { Resolution } from "./settling.ts";
import type { ViolationName } from "../history/violations.ts";

/** Violations that mean: something acknowledged, or seen, is gone. */
export const lostNames: ReadonlySet<string> = new Set<ViolationName>([
  "lost_acknowledgement",
  "half_transfer",
  "vanished_entry",
]);

/** Violations that mean: something happened more often than it was asked for. */
export const doubledNames: ReadonlySet<string> = new Set<ViolationName>([
  "doubled_effect",
  "duplicate_reference",
  "refused_effect",
  "phantom_entry",
]);

/** How long after the restart that followed its creation a transaction settled, in ms; undefined if
 *  it settled before any restart. */
function settleMs(
  { createdAt, settledAt }: Resolution,
  startedAt: readonly number[],
): number | undefined {
  if (createdAt === undefined || settledAt === undefined) return undefined;
  const restart = startedAt.find((time) => time > createdAt);
  return restart === undefined || settledAt < restart ? undefined : settledAt - restart;
}

export function describeUnknown(
  unknown: { readonly count: number; readonly unresolved: number },
  abandoned: readonly Resolution[],
  startedAt: readonly number[],
  settledMs: number,
): string {
  const counts = Object.entries(Object.groupBy(abandoned, ({ status }) => status))
    .map(([status, group]) => `${group.length} ${status}`)
    .join(", ");
  const times = abandoned
    .flatMap((resolution) => settleMs(resolution, startedAt) ?? [])
    .toSorted((left, right) => left - right);
  const seconds = (time: number | undefined) => `${((time ?? 0) / 1_000).toFixed(1)} s`;
  return [
    `${unknown.count} unknown outcomes, ${unknown.unresolved} unresolved in the end; ` +
      `${abandoned.length} of them were left to the service: ${counts || "none"}`,
    `${times.length} of those were interrupted by a kill and settled by themselves after the ` +
      `restart: median ${seconds(times[Math.floor(times.length / 2)])}, ` +
      `longest ${seconds(times.at(-1))}; all at rest ${seconds(settledMs)} after the last`,
  ].join("\n");
}
