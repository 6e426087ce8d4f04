// Tells one state of the working tree from another. The planted faults themselves do not count.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "./sandbox.ts";

const plantedTests = join("test", "planted");

/** The files of a file or folder, relative to the root, in a certain order. */
function filesOf(name: string): readonly string[] {
  if (name === plantedTests) return [];
  if (statSync(join(root, name)).isFile()) return [name];
  const entries = readdirSync(join(root, name)).toSorted();
  return entries.flatMap((entry) => filesOf(join(name, entry)));
}

/** Of the names and contents of files. `names`: files or folders, relative to the root. */
export function digestOfFiles(names: Iterable<string>): Buffer {
  const hash = createHash("sha256");
  for (const file of [...names].flatMap(filesOf)) {
    const content = readFileSync(join(root, file));
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest();
}

/** The sources, and of the tests what is not code: golden files and the like. */
export function digestOfSources(): Buffer {
  const settings = ["package-lock.json", "vitest.config.ts", "wrangler.toml"];
  const data = filesOf("test").filter((file) => !file.endsWith(".ts"));
  return digestOfFiles(["migrations", "src", ...settings, ...data]);
}

/** A test file and all that it imports, directly or not. */
export function withImports(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(join(root, file), "utf8");
  for (const [, path = ""] of text.matchAll(/(?:from|import)\s*\(?"(\.[^"?]+\.ts)/g)) {
    withImports(relative(root, join(root, dirname(file), path)), found);
  }
  return found;
}

/** What decides, besides the sources, what a test file or a command notices. */
export function digestOfCatcher(catcher: string): Buffer {
  return digestOfFiles(catcher.endsWith(".test.ts") ? withImports(catcher) : ["test"]);
}
