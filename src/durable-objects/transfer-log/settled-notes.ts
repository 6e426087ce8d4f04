// Transactions that every account has acknowledged and whose rows do not say so yet. `settled_at`
// only saves work, so it is written with the shard's next write or before its next read, not in a
// commit of its own. After a crash the accounts are asked to acknowledge again.
import type { ObjectStorage } from "../../platform/storage.ts";
import type { Settlement } from "./rows.ts";
import type { TransferLogStore } from "./store.ts";

export class SettledNotes {
  readonly #storage: ObjectStorage;
  readonly #store: TransferLogStore;
  readonly #unwritten = new Map<string, Settlement>();

  constructor(storage: ObjectStorage, store: TransferLogStore) {
    this.#storage = storage;
    this.#store = store;
  }

  /** Notes it, and says whether that was news. */
  note(id: string, settlement: Settlement): boolean {
    if (this.#unwritten.has(id)) return false;
    this.#unwritten.set(id, settlement);
    return true;
  }

  /** Whether a transaction is acknowledged everywhere; false also where its row says it. */
  has(id: string): boolean {
    return this.#unwritten.has(id);
  }

  /** Brings the rows up to date. Every row by a statement of its own that may be repeated: where
   *  the sql transaction around it is rolled back, the note is still there. */
  write(): readonly string[] {
    const ids = [...this.#unwritten.keys()];
    for (const [id, settlement] of this.#unwritten) this.#store.settle(id, settlement);
    return ids;
  }

  /** What was written is durable no later than any answer that leaves from now on. */
  forget(written: readonly string[]): void {
    for (const id of written) this.#unwritten.delete(id);
  }

  /** Before a read that shows what is settled, where no other write is due. */
  flush(): void {
    if (this.#unwritten.size > 0) this.forget(this.#storage.transactionSync(() => this.write()));
  }
}
