// All states that were found, each exactly once, numbered in the order of discovery. Open
// addressing over whole packed states: a hash only says where to look, so no two states are ever
// confused.

const slotsAtFirst = 1 << 12;

export class StateTable {
  readonly #words: number;
  #states: Uint32Array;
  #slots: Int32Array;
  #size = 0;

  constructor(words: number) {
    this.#words = words;
    this.#slots = new Int32Array(slotsAtFirst).fill(-1);
    this.#states = new Uint32Array((slotsAtFirst / 2) * words);
  }

  get size(): number {
    return this.#size;
  }

  /** All states, one after the other; valid until the next `add`. */
  get states(): Uint32Array {
    return this.#states;
  }

  /** The number of a state; a new one is added and gets the number `size` had before. */
  add(packed: Uint32Array): number {
    const mask = this.#slots.length - 1;
    let slot = hash(packed, 0, this.#words) & mask;
    for (;;) {
      const found = this.#slots[slot]!;
      if (found === -1) break;
      if (this.#isAt(found, packed)) return found;
      slot = (slot + 1) & mask;
    }
    const added = this.#size++;
    this.#slots[slot] = added;
    this.#states.set(packed, added * this.#words);
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    return added;
  }

  #isAt(index: number, packed: Uint32Array): boolean {
    const at = index * this.#words;
    for (let word = 0; word < this.#words; word++) {
      if (this.#states[at + word] !== packed[word]) return false;
    }
    return true;
  }

  #grow(): void {
    const length = this.#slots.length * 2;
    const states = new Uint32Array((length / 2) * this.#words);
    states.set(this.#states);
    this.#states = states;
    this.#slots = new Int32Array(length).fill(-1);
    for (let index = 0; index < this.#size; index++) {
      let slot = hash(states, index * this.#words, this.#words) & (length - 1);
      while (this.#slots[slot] !== -1) slot = (slot + 1) & (length - 1);
      this.#slots[slot] = index;
    }
  }
}

/** murmur3's mixing, word by word. */
function hash(words: Uint32Array, at: number, count: number): number {
  let mixed = 0;
  for (let index = at; index < at + count; index++) {
    let word = Math.imul(words[index]!, 0xcc9e2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    mixed ^= word;
    mixed = (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
  }
  mixed ^= mixed >>> 16;
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** A list of numbers below 2^31 that may become hundreds of millions long. */
export class NumberList {
  #numbers = new Int32Array(1 << 12);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Int32Array(this.#length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length++] = number;
  }

  at(index: number): number {
    return this.#numbers[index]!;
  }
}
