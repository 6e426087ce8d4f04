// Group commit of a busy object: messages of several transactions that arrive close together wait
// until earlier writes are durable and then run in one turn of the event loop. The platform commits
// all writes of a turn at once, so they share one commit. Each message still reads the state at its
// turn, is a sql transaction of its own, and is answered separately. An account groups the calls of
// its legs, a log shard the votes that its decisions wait for.
import type { Clock } from "../platform/clock.ts";
import type { ObjectStorage } from "../platform/storage.ts";

/** An object is busy when another transaction's message came no longer ago than this, in ms. */
const closeMs = 20;

export class GroupCommit {
  readonly #storage: ObjectStorage;
  readonly #clock: Clock;
  #lastAt = Number.NEGATIVE_INFINITY;
  #lastTransaction = "";
  #turn: Promise<void> | undefined;

  constructor(storage: ObjectStorage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /** Resolves when it is the message's turn; undefined: at once, since no other message waits. */
  join(transactionId: string): Promise<void> | undefined {
    const now = this.#clock.now();
    const isBusy = transactionId !== this.#lastTransaction && now - this.#lastAt <= closeMs;
    this.#lastAt = now;
    this.#lastTransaction = transactionId;
    return isBusy ? (this.#turn ??= this.#begin()) : this.#turn;
  }

  /** Ends in a later event, also where the sync fails at once: by then `#turn` is this turn, and
   *  the next message begins another one. */
  #begin(): Promise<void> {
    return this.#sync().finally(() => (this.#turn = undefined));
  }

  async #sync(): Promise<void> {
    await this.#storage.sync();
  }
}
