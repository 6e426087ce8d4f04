// What earlier runs have found, in dist/: a run of everything can be resumed, or be made one area
// after the other. Only what was caught nearby is kept, and only for the same sources and tests.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NamedFault } from "./all.ts";
import type { Finding } from "./catch.ts";
import { root } from "./sandbox.ts";
import { digestOfCatcher, digestOfSources } from "./tree-digest.ts";

export class Kept {
  readonly #folder = join(root, "dist", "planted", "kept");
  readonly #sources = digestOfSources().toString("hex");
  readonly #catchers = new Map<string, string>();

  constructor() {
    mkdirSync(this.#folder, { recursive: true });
  }

  /** What was found for this very edit and these catchers, as they are now. */
  finding(fault: NamedFault): Finding | undefined {
    return this.#read(this.#nameOf(fault)) as Finding | undefined;
  }

  keep(fault: NamedFault, finding: Finding): void {
    if (finding.outcome === "caught") this.#write(this.#nameOf(fault), finding);
  }

  /** Whether a test file or a command is known to pass where nothing is planted. */
  isSound(catcher: string): boolean {
    return this.#read(this.#soundName(catcher)) !== undefined;
  }

  keepSound(catcher: string): void {
    this.#write(this.#soundName(catcher), { catcher });
  }

  #nameOf({ name, file, find, replace, caughtBy, hangs }: NamedFault): string {
    const catchers = "command" in caughtBy ? [caughtBy.command] : caughtBy;
    return `${name}-${this.#digestOf([file, find, replace, hangs], catchers)}`;
  }

  #soundName(catcher: string): string {
    return `sound-${this.#digestOf([], [catcher])}`;
  }

  #digestOf(what: readonly unknown[], catchers: readonly string[]): string {
    const asTheyAre = catchers.map((catcher) => [catcher, this.#catcher(catcher)]);
    const text = JSON.stringify([what, asTheyAre, this.#sources]);
    return createHash("sha256").update(text).digest("hex").slice(0, 16);
  }

  #catcher(catcher: string): string {
    const digest = this.#catchers.get(catcher) ?? digestOfCatcher(catcher).toString("hex");
    this.#catchers.set(catcher, digest);
    return digest;
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
