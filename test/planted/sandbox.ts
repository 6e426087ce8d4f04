// A scratch copy of the tree, in which a fault can be planted without touching the working tree.
// Installed packages are shared by a link. The planted faults themselves are left out: the test
// that compares them with the sources would notice every one.
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { edited, type PlantedFault } from "./planted-fault.ts";

export const root = resolve(import.meta.dirname, "../..");

const notCopied = new Set([
  ".git",
  ".wrangler",
  "coverage",
  "dist",
  "node_modules",
  join("test", "planted"),
]);

/** How a command ended: `exitCode` is null where it was ended because it took too long. */
export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

export class Sandbox {
  readonly path: string;

  constructor() {
    const parent = join(root, "dist", "planted");
    mkdirSync(parent, { recursive: true });
    this.path = mkdtempSync(join(parent, "tree-"));
    const filter = (source: string) => !notCopied.has(relative(root, source));
    for (const name of readdirSync(root)) {
      const from = join(root, name);
      if (filter(from)) cpSync(from, join(this.path, name), { recursive: true, filter });
    }
    symlinkSync(join(root, "node_modules"), join(this.path, "node_modules"), "dir");
    // What the documentation page loads: the Worker's configuration names the folder.
    cpSync(join(root, "dist", "docs"), join(this.path, "dist", "docs"), { recursive: true });
  }

  /** Plants the fault for as long as `work` takes. */
  async with<T>(fault: PlantedFault, work: () => Promise<T>): Promise<T> {
    const path = join(this.path, fault.file);
    const sound = readFileSync(path, "utf8");
    writeFileSync(path, edited(this.path, fault));
    try {
      return await work();
    } finally {
      writeFileSync(path, sound);
    }
  }

  /** Runs a command in the copy, without a shell, and ends all its processes after `limitMs`. */
  run(command: readonly string[], limitMs: number): Promise<Ended> {
    const [program = "", ...parameters] = command;
    const bin = join(root, "node_modules", ".bin");
    const child = spawn(program, parameters, {
      cwd: this.path,
      // A group of its own: a test runner leaves processes behind when it alone is ended.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PATH: `${bin}:${process.env["PATH"]}`, NO_COLOR: "1" },
    });
    let output = "";
    const note = (piece: Buffer) => void (output = `${output}${piece.toString()}`.slice(-20_000));
    child.stdout.on("data", note);
    child.stderr.on("data", note);
    return new Promise((done, failed) => {
      const timer = setTimeout(() => endGroup(child.pid), limitMs);
      child.on("error", failed);
      child.on("close", (exitCode) => {
        clearTimeout(timer);
        endGroup(child.pid);
        done({ exitCode, output });
      });
    });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Ends a process and all that it started. A group that has ended already is gone. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
