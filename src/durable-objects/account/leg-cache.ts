// In-memory cache of an account instance: its held legs and the head of its ledger, as last
// written. A cache only: the triggers of the tables check every entry against the stored rows and
// would refuse one that was derived from a stale cache. Any failure clears it.
import type { LedgerHead } from "../../domain/ledger/entry.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { StoredLeg } from "./store.ts";

export class Remembered {
  readonly #held = new Map<string, StoredLeg>();
  #end: LedgerHead | undefined;

  /** The leg, if it was put on hold by this instance and is not closed yet. */
  held(transactionId: string): StoredLeg | undefined {
    return this.#held.get(transactionId);
  }

  /** The end of the ledger, if this instance has appended to it. */
  get end(): LedgerHead | undefined {
    return this.#end;
  }

  noteHeld({ transactionId, fingerprint, direction, currency, amount }: Posting): void {
    const leg = { state: "held", transactionId, fingerprint, direction, currency, amount } as const;
    this.#held.set(transactionId, leg);
  }

  noteClosed(transactionId: string): void {
    this.#held.delete(transactionId);
  }

  noteEnd({ sequence, hash, createdAt }: LedgerHead): void {
    this.#end = { sequence, hash, createdAt };
  }

  forget(): void {
    this.#held.clear();
    this.#end = undefined;
  }
}
