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

const leash = join(import.meta.dirname, "leash.ts");

export class Sandbox {
  readonly path: string;
  /** The process group of the command that runs, or ran last. */
  #running: number | undefined;

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

  /** Runs a command in the copy, without a shell. All its processes are ended with it, after
   *  `limitMs` at the latest, and when this process ends. */
  run(command: readonly string[], limitMs: number): Promise<Ended> {
    const bin = join(root, "node_modules", ".bin");
    const child = spawn(process.execPath, [leash, ...command], {
      cwd: this.path,
      detached: true,
      // The leash ends when its standard input does.
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, PATH: `${bin}:${process.env["PATH"]}`, NO_COLOR: "1" },
    });
    this.#running = child.pid;
    let output = "";
    const note = (piece: Buffer) => void (output = `${output}${piece.toString()}`.slice(-20_000));
    child.stdout.on("data", note);
    child.stderr.on("data", note);
    return new Promise((done, failed) => {
      let tookTooLong = false;
      const timer = setTimeout(() => {
        tookTooLong = true;
        this.#end();
      }, limitMs);
      child.on("error", failed);
      // What the command left behind holds the pipes open: it is ended first.
      child.on("exit", () => this.#end());
      child.on("close", (exitCode) => {
        clearTimeout(timer);
        done({ exitCode: tookTooLong ? null : (exitCode ?? 1), output });
      });
    });
  }

  /** Ends what runs in it and deletes the copy. */
  remove(): void {
    this.#end();
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Ends the processes of the running command. A group that has ended already is gone. */
  #end(): void {
    if (this.#running === undefined) return;
    try {
      process.kill(-this.#running, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
