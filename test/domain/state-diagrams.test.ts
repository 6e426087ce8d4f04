// Guarantee: the diagrams that people read are the tables that the machine walks.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { withDiagrams } from "../../scripts/state-diagrams.ts";

it("docs/architecture.md shows the saga and the leg machine as they are", () => {
  const page = readFileSync(`${import.meta.dirname}/../../docs/architecture.md`, "utf8");
  expect(withDiagrams(page)).toBe(page);
});
