// Per-isolate cache of API key records. An entry is valid for `keyCacheMaxMs`, which bounds how
// long a revoked key still works. Unknown keys are never cached: a new key works at once, and
// guessing does not evict known keys. An entry with a time in the future, by a clock that was
// ahead, is read again: no step of a clock keeps a revoked key alive.
import { isYoung } from "../../domain/protocol/clock-steps.ts";
import { keyCacheBridgeMaxMs, keyCacheMaxMs, keyCacheSizeMax } from "../../domain/limits.ts";
import type { KeyRecord } from "../../durable-objects/key-ring/contract.ts";
import type { Clock } from "../../platform/clock.ts";

interface Remembered {
  readonly key: KeyRecord;
  /** When the read was sent, not when its answer came: the answer may be that old. */
  readonly readAt: number;
}

export class KeyCache {
  readonly #clock: Clock;
  readonly #remembered = new Map<string, Remembered>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async find(
    keyId: string,
    read: () => Promise<KeyRecord | undefined>,
  ): Promise<KeyRecord | undefined> {
    const readAt = this.#clock.now();
    const known = this.#remembered.get(keyId);
    if (known && isYoung(known.readAt, readAt, keyCacheMaxMs)) return known.key;
    try {
      return this.#note(keyId, await read(), readAt);
    } catch (error) {
      // A ring that does not answer must not lock out the holders of its keys at once.
      const now = this.#clock.now();
      if (known && isYoung(known.readAt, now, keyCacheBridgeMaxMs)) return known.key;
      throw error;
    }
  }

  /** Keeps the newer of two readings: answers may come out of order, and a revoked key must not
   *  become valid again because an older answer was slow. */
  #note(keyId: string, key: KeyRecord | undefined, readAt: number): KeyRecord | undefined {
    const kept = this.#remembered.get(keyId);
    if (kept && (kept.readAt > readAt || (kept.key.revoked && !key?.revoked))) return kept.key;
    this.#remembered.delete(keyId);
    if (key) this.#remember(keyId, { key, readAt });
    return key;
  }

  #remember(keyId: string, remembered: Remembered): void {
    // A Map iterates in insertion order: the first entry is the oldest.
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size >= keyCacheSizeMax && oldest !== undefined) {
      this.#remembered.delete(oldest);
    }
    this.#remembered.set(keyId, remembered);
  }
}
