// Explorations in words: outcomes, counterexamples, and the line with the figures.
import type { Exploration, Violation } from "./explorer.ts";
import type { State } from "./layout.ts";
import { refusalOf } from "./refusals.ts";
import { LegIs, Row, Vote, type World } from "./world.ts";

const rowOutcomes: Readonly<Record<number, string>> = {
  [Row.committedSettled]: "committed",
  [Row.rejectedSettled]: "rejected",
};

/** What a state shows to have happened: transactions settled, and refusals voted. */
export function describeOutcome(world: World, state: State): string[] {
  const outcomes: string[] = [];
  const rows = world.transactions.map(({ row }) => rowOutcomes[state[row]!]);
  if (!rows.includes(undefined)) {
    outcomes.push(world.transactions.map(({ name }, at) => `${name} ${rows[at]}`).join(", "));
  }
  for (const leg of world.legs) {
    const { unwritten } = leg;
    const refused = Math.max(state[leg.refusal]!, state[leg.vote]! - Vote.no);
    if (refused > 0) outcomes.push(refusalOf(leg, refused).code);
    const isLeft = unwritten >= 0 && state[unwritten] === 1 && state[leg.state] === LegIs.held;
    if (isLeft) outcomes.push("held after a release that was not written");
  }
  return outcomes;
}

export function formatViolation({ promise, trace }: Violation): string {
  const width = String(trace.length).length;
  const lines = trace.map(({ label, changes }, index) => {
    const number = String(index + 1).padStart(width);
    const shown = changes.length === 0 ? "" : `\n${" ".repeat(width + 4)}${changes.join("; ")}`;
    return `  ${number}. ${label}${shown}`;
  });
  return [...lines, `  => ${promise}`].join("\n");
}

export function formatFigures({ states, transitions, depth, milliseconds }: Exploration): string {
  const count = (number: number) => number.toLocaleString("en-US");
  const seconds = (milliseconds / 1000).toFixed(1);
  const size = `${count(states)} states, ${count(transitions)} transitions`;
  return `${size}, depth ${depth}, ${seconds} s of CPU`;
}
