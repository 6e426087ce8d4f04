// A part of the faults: for a machine that has minutes and not half an hour. The same tree always
// selects the same part, and every change of the sources selects anew, so that in time all are run.
import { digestOfFiles } from "./tree-digest.ts";

const numberOfTree = () => digestOfFiles(["migrations", "src"]).readUInt32BE();

/** `slice`: `2/8`, or `tree/8`. Takes every eighth, so that each area has a share in each slice. */
export function sliceOf<T>(items: readonly T[], slice: string): readonly T[] {
  const [, number, of] = slice.match(/^([1-9]\d*|tree)\/([1-9]\d*)$/) ?? [];
  const parts = Number(of);
  if (number === undefined || (number !== "tree" && Number(number) > parts)) {
    throw new Error(`no such slice: ${slice}`);
  }
  const chosen = number === "tree" ? numberOfTree() % parts : Number(number) - 1;
  return items.filter((_, index) => index % parts === chosen);
}
