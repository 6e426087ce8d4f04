// Tells one state of the working tree from another. The planted faults themselves do not count.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./sandbox.ts";

const plantedTests = join("test", "planted");

function filesOf(path: string): readonly string[] {
  const name = relative(root, path);
  if (name === plantedTests) return [];
  if (statSync(path).isFile()) return [name];
  return readdirSync(path)
    .toSorted()
    .flatMap((entry) => filesOf(join(path, entry)));
}

/** Of the names and contents of files. `names` are files or folders at the root. */
export function digestOfFiles(names: readonly string[]): Buffer {
  const hash = createHash("sha256");
  for (const file of names.flatMap((name) => filesOf(join(root, name)))) {
    const content = readFileSync(join(root, file));
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest();
}
