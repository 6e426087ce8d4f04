// Protects: the diagrams that people read are the tables that the machine walks.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { withDiagrams } from "../../scripts/state-diagrams.ts";

it("README.md shows the saga and the leg machine as they are", () => {
  const readme = readFileSync(`${import.meta.dirname}/../../README.md`, "utf8");
  expect(withDiagrams(readme)).toBe(readme);
});
