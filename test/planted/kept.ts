// What earlier runs have found, in dist/: a run of everything can be resumed, or be made one area
// after the other. Only what was caught nearby is kept, and only for the same sources and tests.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NamedFault } from "./all.ts";
import type { Finding } from "./catch.ts";
import { root } from "./sandbox.ts";
import { digestOfFiles } from "./tree-digest.ts";

const inTree = [
  "migrations",
  "package-lock.json",
  "src",
  "test",
  "vitest.config.ts",
  "wrangler.toml",
];

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}

export class Kept {
  readonly #folder: string;

  constructor() {
    const tree = digestOfFiles(inTree).toString("hex").slice(0, 16);
    this.#folder = join(root, "dist", "planted", `findings-${tree}`);
    mkdirSync(this.#folder, { recursive: true });
  }

  /** What was found for this very edit and these catchers. */
  finding(fault: NamedFault): Finding | undefined {
    return this.#read(this.#nameOf(fault)) as Finding | undefined;
  }

  keep(fault: NamedFault, finding: Finding): void {
    if (finding.outcome === "caught") this.#write(this.#nameOf(fault), finding);
  }

  /** Whether a test file or a command is known to pass where nothing is planted. */
  isSound(catcher: string): boolean {
    return this.#read(`sound-${digestOf(catcher)}`) !== undefined;
  }

  keepSound(catcher: string): void {
    this.#write(`sound-${digestOf(catcher)}`, { catcher });
  }

  #nameOf({ name, file, find, replace, caughtBy, hangs }: NamedFault): string {
    return `${name}-${digestOf([file, find, replace, caughtBy, hangs])}`;
  }

  #read(name: string): unknown {
    try {
      return JSON.parse(readFileSync(join(this.#folder, `${name}.json`), "utf8"));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  #write(name: string, value: unknown): void {
    writeFileSync(join(this.#folder, `${name}.json`), JSON.stringify(value));
  }
}
