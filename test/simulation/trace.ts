// What happened, line by line, and its digest: two runs of one seed have the same digest or the
// simulation is not deterministic. Ids are shortened where a person reads.
import { createHash, type Hash } from "node:crypto";

const shownMax = 150;

export class Trace {
  readonly lines: string[] = [];
  readonly #hash: Hash = createHash("sha256");
  readonly #aliases = new Map<string, string>();

  record(line: string): void {
    this.#hash.update(line).update("\n");
    this.lines.push(line);
  }

  /** `id` is shown as `alias` from now on. */
  name(id: string, alias: string): void {
    if (!this.#aliases.has(id)) this.#aliases.set(id, alias);
  }

  /** 64 hexadecimal digits. Call once, at the end. */
  digest(): string {
    return this.#hash.digest("hex");
  }

  /** With ids shortened. */
  readable(text: string): string {
    return text.replace(
      /\b(?:txn|wal|usr)_[0-9A-Z]{26}\b/g,
      (id) => this.#aliases.get(id) ?? `${id.slice(0, 8)}…`,
    );
  }

  /** The lines about `subject` (an id), or all of them: the last `count`, shortened. */
  tail(count: number, subject?: string): string[] {
    const about = subject ? this.lines.filter((line) => line.includes(subject)) : this.lines;
    return about.slice(-count).map((line) => {
      const text = this.readable(line);
      return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
    });
  }
}
