// How a state is kept. While it is worked on, a state is one byte for each field; in the table it
// is packed into as few 32-bit words as the fields need. The names of fields and values are what
// traces are written in. The packing is exact, so two states are equal when their words are.

/** One byte for each field, in the order in which the fields were added. */
export type State = Uint8Array;

interface Field {
  readonly name: string;
  /** What each number means; `undefined`: the number itself. */
  readonly values: readonly string[] | undefined;
  readonly bits: number;
  readonly word: number;
  readonly shift: number;
}

export class Layout {
  readonly #fields: Field[] = [];
  #word = 0;
  #used = 0;

  /** Adds a field, returns its index. `values`: the names of 0, 1, 2 ...; or the largest number. */
  add(name: string, values: readonly string[] | number): number {
    const max = typeof values === "number" ? values : values.length - 1;
    const bits = 32 - Math.clz32(Math.max(max, 1));
    if (this.#used + bits > 32) {
      this.#word += 1;
      this.#used = 0;
    }
    const names = typeof values === "number" ? undefined : values;
    this.#fields.push({ name, values: names, bits, word: this.#word, shift: this.#used });
    this.#used += bits;
    return this.#fields.length - 1;
  }

  /** A field that is yes or no. */
  flag(name: string): number {
    return this.add(name, ["no", "yes"]);
  }

  get words(): number {
    return this.#word + 1;
  }

  blank(): State {
    return new Uint8Array(this.#fields.length);
  }

  pack(state: State, into: Uint32Array): void {
    into.fill(0);
    let index = 0;
    for (const { word, shift } of this.#fields) {
      into[word]! |= state[index]! << shift;
      index += 1;
    }
  }

  unpack(from: Uint32Array, at: number, into: State): void {
    let index = 0;
    for (const { word, shift, bits } of this.#fields) {
      into[index] = (from[at + word]! >>> shift) & ((1 << bits) - 1);
      index += 1;
    }
  }

  /** What differs between two states, in words. */
  difference(before: State, after: State): string[] {
    return this.#fields.flatMap(({ name, values }, index) => {
      const [was, is] = [before[index] ?? 0, after[index] ?? 0];
      if (was === is) return [];
      return [`${name}: ${values?.[was] ?? was} -> ${values?.[is] ?? is}`];
    });
  }
}
