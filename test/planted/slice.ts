// A part of the faults: for a machine that has minutes and not half an hour. The same tree always
// selects the same part, and every change of the sources selects anew, so that in time all are run.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./sandbox.ts";

function numberOfTree(parts: number): number {
  const hash = createHash("sha256");
  for (const folder of ["migrations", "src"]) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
    for (const name of names.toSorted()) {
      if (/\.(?:sql|ts)$/.test(name)) hash.update(readFileSync(join(root, folder, name)));
    }
  }
  return hash.digest().readUInt32BE() % parts;
}

/** `slice`: `2/8`, or `tree/8`. Takes every eighth, so that each area has a share in each slice. */
export function sliceOf<T>(items: readonly T[], slice: string): readonly T[] {
  const [, number, of] = slice.match(/^([1-9]\d*|tree)\/([1-9]\d*)$/) ?? [];
  const parts = Number(of);
  if (number === undefined || (number !== "tree" && Number(number) > parts)) {
    throw new Error(`no such slice: ${slice}`);
  }
  const chosen = number === "tree" ? numberOfTree(parts) : Number(number) - 1;
  return items.filter((_, index) => index % parts === chosen);
}
