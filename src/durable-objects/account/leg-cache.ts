// In-memory cache of an account instance: its held legs and the head of its ledger, as last
// written. A cache only: the triggers of the tables check every entry against the stored rows and
// would refuse one that was derived from a stale cache. Any failure clears it.
import type { LedgerHead } from "../../domain/ledger/entry.ts";
import type { RecordedLeg } from "../../domain/protocol/leg.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";

export class LegCache {
  readonly #held = new Map<string, RecordedLeg>();
  #head: LedgerHead | undefined;

  /** The leg, if it was put on hold by this instance and is not closed yet. */
  held(transactionId: string): RecordedLeg | undefined {
    return this.#held.get(transactionId);
  }

  /** The end of the ledger, if this instance has appended to it. */
  get head(): LedgerHead | undefined {
    return this.#head;
  }

  noteHeld({ transactionId, fingerprint, lines, origin }: Posting): void {
    const content = { transactionId, fingerprint, lines, ...(origin && { origin }) };
    this.#held.set(transactionId, { state: "held", ...content });
  }

  noteClosed(transactionId: string): void {
    this.#held.delete(transactionId);
  }

  noteHead({ sequence, hash, createdAt }: LedgerHead): void {
    this.#head = { sequence, hash, createdAt };
  }

  clear(): void {
    this.#held.clear();
    this.#head = undefined;
  }
}
