// Performs what the saga's table says, for one transaction: `advance()` is the only door, for a
// client's submission, its retries, the alarm and recovery alike. Every step re-reads its row and
// writes by compare-and-set, so runners that overtake each other do no harm.
import type { Refusal } from "../domain/errors.ts";
import { attemptMaxMs, attemptsUntilStuck } from "../domain/limits.ts";
import { holdDelayMs, settleDelayMs } from "../domain/retry-policy.ts";
import { nextAction, tally, transition, type SagaEvent, type SagaState } from "../domain/saga.ts";
import { sleep } from "../platform/clock.ts";
import { describeError } from "../platform/log.ts";
import type { ObjectStorage } from "../platform/storage.ts";
import type { AlarmClock } from "./alarm-clock.ts";
import { requestHolds, settleLegs, type LegCallParts } from "./leg-calls.ts";
import type { StoredTransaction, TransferLogStore } from "./transfer-log-store.ts";

export interface SagaRunnerParts extends LegCallParts {
  readonly storage: ObjectStorage;
  readonly store: TransferLogStore;
  readonly alarm: AlarmClock;
  /** A number from 0 to 1, drawn anew for each call. */
  readonly random: () => number;
}

interface Attempt {
  readonly startedAt: number;
  readonly done: Promise<void>;
}

/** What one step left to do: go on at once, pause and go on, or leave the rest to the alarm. */
type Step = "again" | "finished" | { readonly pauseMs: number } | { readonly fault: boolean };

export class SagaRunner {
  readonly #parts: SagaRunnerParts;
  readonly #attempts = new Map<string, Attempt>();
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(parts: SagaRunnerParts) {
    this.#parts = parts;
  }

  /** Drives a transaction as far as it goes now. Joins an attempt that is running, unless it is old
   *  enough to be hanging. Never throws: what failed is logged and left to the alarm. */
  advance(id: string, requestId: string): Promise<void> {
    const now = this.#parts.clock.now();
    const running = this.#attempts.get(id);
    if (running && now - running.startedAt < attemptMaxMs) return running.done;
    const done = this.#attempt(id, requestId, now).finally(() => {
      if (this.#attempts.get(id)?.done === done) this.#attempts.delete(id);
    });
    this.#attempts.set(id, { startedAt: now, done });
    return done;
  }

  /** Resolves when the transaction settles; `forget` must be called in any case. */
  whenSettled(id: string): { readonly settled: Promise<void>; readonly forget: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiters = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, waiters.add(resolve));
    const forget = () => {
      waiters.delete(resolve);
      if (waiters.size === 0 && this.#waiting.get(id) === waiters) this.#waiting.delete(id);
    };
    return { settled: promise, forget };
  }

  async #attempt(id: string, requestId: string, startedAt: number): Promise<void> {
    try {
      await this.#walk(id, requestId, startedAt);
    } catch (error) {
      this.#logFailure(id, requestId, error);
      await this.#postpone(id, requestId, false).catch((again: unknown) =>
        this.#logFailure(id, requestId, again),
      );
    }
  }

  /** Step by step to the end, or until the rest has to be left to the alarm. */
  async #walk(id: string, requestId: string, startedAt: number): Promise<void> {
    for (let round = 1; ; round++) {
      const step = await this.#step(id, requestId, round);
      if (step === "finished") return;
      if (step === "again") continue;
      const pauseMs = "pauseMs" in step ? step.pauseMs : undefined;
      if (pauseMs === undefined || this.#age(startedAt) + pauseMs >= attemptMaxMs) {
        await this.#postpone(id, requestId, "fault" in step && step.fault);
        return;
      }
      await sleep(this.#parts.clock, pauseMs);
    }
  }

  #logFailure(id: string, requestId: string, error: unknown): void {
    const detail = describeError(error);
    this.#parts.log("error", { event: "unhandled", requestId, target: `advance ${id}`, detail });
  }

  #age(startedAt: number): number {
    return this.#parts.clock.now() - startedAt;
  }

  /** Does the next thing that the table asks for, once. */
  async #step(id: string, requestId: string, round: number): Promise<Step> {
    const transaction = this.#parts.store.find(id);
    if (!transaction) throw new Error("no such transaction");
    const action = nextAction(transaction, this.#parts.clock.now());
    switch (action) {
      case "answer":
        this.#announce(id);
        return "finished";
      case "expire":
        this.#apply(transaction, "expired", requestId, { code: "transaction_expired" });
        return "again";
      case "hold": {
        const outcome = tally(await requestHolds(transaction, requestId, this.#parts));
        if (outcome.event === "no_decision") return { pauseMs: holdDelayMs(round) };
        const refusal = outcome.event === "some_no" ? outcome.refusal : undefined;
        this.#apply(transaction, outcome.event, requestId, refusal);
        return "again";
      }
      case "post":
      case "release": {
        const answers = await settleLegs(transaction, action, requestId, this.#parts);
        if (answers.every((answer) => answer?.acknowledged)) {
          this.#apply(transaction, "acknowledged", requestId);
          return "again";
        }
        const fault = answers.some(
          (answer) => answer?.acknowledged === false && answer.reason === "fault",
        );
        return { fault };
      }
    }
  }

  /** Compare-and-set: writes only if the row is still as it was when the event was decided. */
  #apply(seen: StoredTransaction, event: SagaEvent, requestId: string, refusal?: Refusal): void {
    const { storage, store, clock, log } = this.#parts;
    const { id, state: from } = seen;
    const { to } = transition(from, event);
    const applied = storage.transactionSync(() => {
      const row = store.find(id);
      if (!row || row.state !== from || row.settledAt !== undefined) return false;
      if (event === "acknowledged") store.settle(id, clock.now());
      else store.decide(id, to, refusal, clock.now());
      return true;
    });
    if (!applied) return;
    const next: SagaState | "settled" = event === "acknowledged" ? "settled" : to;
    const attempt = seen.attempts + 1;
    log("info", { event: "saga", requestId, transactionId: id, from, to: next, attempt });
  }

  /** Ends an attempt that did not settle: counts it and lets the alarm make the next one. */
  async #postpone(id: string, requestId: string, fault: boolean): Promise<void> {
    const { store, alarm, clock, log, random } = this.#parts;
    const postponed = await alarm.armWith(() => {
      const row = store.find(id);
      if (!row || row.settledAt !== undefined) return { result: undefined };
      const attempts = row.attempts + 1;
      const delayed = clock.now() + settleDelayMs(attempts, random());
      const time = row.state === "preparing" ? Math.min(delayed, row.deadline) : delayed;
      const stuck = row.stuck || fault || attempts >= attemptsUntilStuck;
      store.postpone(id, attempts, time, stuck);
      return { result: { attempts, becameStuck: stuck && !row.stuck }, alarmAt: time };
    });
    if (!postponed?.becameStuck) return;
    const detail = `not settled after ${postponed.attempts} attempts`;
    log("error", { event: "stuck", requestId, transactionId: id, detail });
  }

  #announce(id: string): void {
    for (const resolve of this.#waiting.get(id) ?? []) resolve();
    this.#waiting.delete(id);
  }
}
