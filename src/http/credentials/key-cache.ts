// API keys as this isolate last read them from their rings. What is remembered is believed for
// `keyCacheMaxMs`, which bounds how long a revoked key still works. Unknown keys are not kept: a
// new key works at once, and guessing does not push known keys out. What was read in the future, by
// a clock that was ahead, is read again: no step of a clock keeps a revoked key alive.
import { isYoung } from "../../domain/protocol/clock-steps.ts";
import { keyCacheBridgeMaxMs, keyCacheMaxMs, keyCacheSizeMax } from "../../domain/limits.ts";
import type { KeyRecord } from "../../durable-objects/key-ring/contract.ts";
import type { Clock } from "../../platform/clock.ts";

interface Remembered {
  readonly key: KeyRecord;
  /** When it was asked for, not when the answer came: the answer may be older than it looks. */
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
      // A ring that cannot be asked does not at once lock out the holders of its keys.
      const now = this.#clock.now();
      if (known && isYoung(known.readAt, now, keyCacheBridgeMaxMs)) return known.key;
      throw error;
    }
  }

  /** Keeps the newer of two readings and believes it: answers may come out of order, and a key that
   *  was seen revoked must not be believed again because an older answer was slow. */
  #note(keyId: string, key: KeyRecord | undefined, readAt: number): KeyRecord | undefined {
    const kept = this.#remembered.get(keyId);
    if (kept && (kept.readAt > readAt || (kept.key.revoked && !key?.revoked))) return kept.key;
    this.#remembered.delete(keyId);
    if (key) this.#remember(keyId, { key, readAt });
    return key;
  }

  #remember(keyId: string, remembered: Remembered): void {
    // A Map lists its entries in the order of their insertion: the first is the oldest.
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size >= keyCacheSizeMax && oldest !== undefined) {
      this.#remembered.delete(oldest);
    }
    this.#remembered.set(keyId, remembered);
  }
}
