// Durable commits of a running service, counted from outside: SQLite keeps a counter of commits in
// the shared memory file of each database (WalIndexHdr.iChange, four bytes at offset 8). workerd
// keeps one database for each object and one for the alarms of each class.
import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";

const counterOffset = 8;
const alarmFile = "metadata.sqlite-shm";

/** An object's files are closed 10 s after its last request: read more often than that. */
const pollMs = 4_000;

export interface Commits {
  readonly objects: number;
  /** The alarms' databases. In production an alarm is a row of its object's own. */
  readonly alarms: number;
}

/** Reads a counter; `file` tells a file from its successor of the same name. */
function readCounter(path: string): { readonly file: string; readonly count: number } | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    const { ino, birthtimeMs } = fstatSync(descriptor);
    const bytes = Buffer.alloc(4);
    const length = readSync(descriptor, bytes, 0, bytes.length, counterOffset);
    return { file: `${ino} ${birthtimeMs}`, count: length < 4 ? 0 : bytes.readUInt32LE(0) };
  } finally {
    closeSync(descriptor);
  }
}

export class CommitMeter {
  readonly #state: string;
  readonly #last = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #objects = 0;
  #alarms = 0;

  /** Counts from now on. `state`: the folder with one folder for each class of objects. */
  constructor(state: string) {
    this.#state = state;
    this.#poll();
    this.#objects = 0;
    this.#alarms = 0;
    this.#timer = setInterval(() => this.#poll(), pollMs);
  }

  #poll(): void {
    for (const folder of readdirSync(this.#state)) {
      for (const name of readdirSync(join(this.#state, folder))) {
        if (!name.endsWith("-shm")) continue;
        const counter = readCounter(join(this.#state, folder, name));
        if (!counter) continue;
        const more = counter.count - (this.#last.get(counter.file) ?? 0);
        this.#last.set(counter.file, counter.count);
        if (name === alarmFile) this.#alarms += more;
        else this.#objects += more;
      }
    }
  }

  /** Commits since the start. */
  stop(): Commits {
    clearInterval(this.#timer);
    this.#poll();
    return { objects: this.#objects, alarms: this.#alarms };
  }
}
