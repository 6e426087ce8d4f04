// The attempts that run in this instance, and the clients that wait for them. `advance()` is the
// only entry point, for a client's submission, its retries, the alarm and recovery alike.
import { isYoung } from "../../domain/protocol/clock-steps.ts";
import { attemptMaxMs } from "../../domain/limits.ts";
import { Attempt, type AttemptParts } from "./attempt.ts";
import type { StoredTransaction } from "./rows.ts";

interface Running {
  readonly startedAt: number;
  readonly done: Promise<void>;
}

export class SagaRunner {
  readonly #parts: AttemptParts;
  readonly #attempts = new Map<string, Running>();
  readonly #waiting = new Map<string, Set<(settled: StoredTransaction) => void>>();

  constructor(parts: AttemptParts) {
    this.#parts = parts;
  }

  /** Transactions that are being driven. */
  get inProgress(): number {
    return this.#attempts.size;
  }

  /** Drives a transaction, as its row was just read, as far as it goes now. Joins an attempt that
   *  is running, unless it is old enough to be hanging. Never throws: what failed is logged and
   *  left to the alarm. */
  advance(transaction: StoredTransaction, requestId: string): Promise<void> {
    const { id } = transaction;
    const now = this.#parts.clock.now();
    const running = this.#attempts.get(id);
    if (running && isYoung(running.startedAt, now, attemptMaxMs)) return running.done;
    const attempt = new Attempt(transaction, { requestId, startedAt: now }, this.#parts);
    const done = attempt.run().then((settled) => {
      if (this.#attempts.get(id)?.done === done) this.#attempts.delete(id);
      if (!settled) return;
      for (const resolve of this.#waiting.get(id) ?? []) resolve(settled);
      this.#waiting.delete(id);
    });
    this.#attempts.set(id, { startedAt: now, done });
    return done;
  }

  /** Resolves with the transaction when it settles; `forget` must be called in any case. */
  whenSettled(id: string): {
    readonly settled: Promise<StoredTransaction>;
    readonly forget: () => void;
  } {
    const { promise, resolve } = Promise.withResolvers<StoredTransaction>();
    const waiters = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, waiters.add(resolve));
    const forget = () => {
      waiters.delete(resolve);
      if (waiters.size === 0 && this.#waiting.get(id) === waiters) this.#waiting.delete(id);
    };
    return { settled: promise, forget };
  }
}
