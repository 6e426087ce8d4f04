// Draws the state diagrams in docs/architecture.md from the tables of the production code, so that they cannot
// tell another story. `node scripts/state-diagrams.ts` rewrites them; a test compares.
import { readFileSync, writeFileSync } from "node:fs";
import { legTransitions } from "../src/domain/protocol/leg.ts";
import { initialState, sagaCalls, sagaTransitions } from "../src/domain/protocol/saga.ts";

function diagram(arrows: readonly string[]): string {
  return ["```mermaid", "stateDiagram-v2", ...arrows.map((arrow) => `  ${arrow}`), "```"].join(
    "\n",
  );
}

/** The saga of a transaction, as the transfer log walks it. */
export function sagaDiagram(): string {
  const arrows = sagaTransitions.map(({ from, event, to }) =>
    to === "settled"
      ? `${from} --> [*]: ${event} / answer`
      : `${from} --> ${to}: ${event} / ${sagaCalls[to]}`,
  );
  return diagram([`[*] --> ${initialState}: submitted / ${sagaCalls[initialState]}`, ...arrows]);
}

/** A leg, as both kinds of accounts walk it. What contradicts the record has no arrow: it is an
 *  integrity fault and changes nothing. */
export function legDiagram(): string {
  const arrows: string[] = [];
  for (const [state, commands] of Object.entries(legTransitions)) {
    for (const [command, next] of Object.entries<string | Record<string, string>>(commands)) {
      if (typeof next === "object") {
        for (const [vote, to] of Object.entries(next)) {
          arrows.push(`${state} --> ${to}: ${command} / ${vote.toUpperCase()}`);
        }
      } else if (next !== "fault") arrows.push(`${state} --> ${next}: ${command}`);
    }
  }
  return diagram(arrows);
}

/** The page with everything between `<!-- NAME:begin -->` and `<!-- NAME:end -->` drawn anew. */
export function withDiagrams(page: string): string {
  const drawn = { saga: sagaDiagram(), leg: legDiagram() };
  return Object.entries(drawn).reduce((text, [name, content]) => {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`the page has no place for the diagram ${name}`);
    return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
  }, page);
}

if (import.meta.main) {
  const file = `${import.meta.dirname}/../docs/architecture.md`;
  writeFileSync(file, withDiagrams(readFileSync(file, "utf8")));
}
