// The only source of chance in a simulation: a seeded generator (sfc32). Each purpose draws from a
// stream of its own, so that switching a fault off leaves the workload of the seed as it is.
import { createHash } from "node:crypto";

/** From the first to the second. */
export type Range = readonly [low: number, high: number];

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor(seed: number, stream: string) {
    const digest = createHash("sha256").update(`${seed}/${stream}`).digest();
    this.#a = digest.readInt32LE(0);
    this.#b = digest.readInt32LE(4);
    this.#c = digest.readInt32LE(8);
    this.#counter = digest.readInt32LE(12);
  }

  /** A number from 0 to 1, 1 excluded. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** A number from `low` to `high`, evenly. */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** A number from `low` to `high` whose magnitude is even: most of them are near `low`. */
  scaled(low: number, high: number): number {
    return low * (high / low) ** this.next();
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[Math.floor(this.next() * list.length)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  }
}
