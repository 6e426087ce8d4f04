// Performs the steps of the saga's table for one transaction. `advance()` is the only entry point,
// for a client's submission, its retries, the alarm and recovery alike. Every step starts from the
// row and writes by compare-and-set, so concurrent runners of one transaction do no harm.
import { anchorOf } from "../../domain/ledger/entry.ts";
import { isYoung } from "../../domain/protocol/clock-steps.ts";
import type { Refusal } from "../../domain/errors.ts";
import { attemptMaxMs, attemptsUntilStuck } from "../../domain/limits.ts";
import { holdDelayMs, settleDelayMs } from "../../domain/protocol/retry-policy.ts";
import {
  nextAction,
  tally,
  transition,
  type SagaEvent,
  type SagaState,
} from "../../domain/protocol/saga.ts";
import { sleep } from "../../platform/clock.ts";
import { describeError } from "../../platform/log.ts";
import type { Acknowledged } from "./settled-notes.ts";
import type { AlarmClock } from "../alarm-clock.ts";
import { LegCalls, type Acknowledgements, type LegCallParts } from "./leg-calls.ts";
import type { Anchors, StoredTransaction, TransferLogStore } from "./store.ts";

export interface SagaRunnerParts extends LegCallParts {
  readonly store: TransferLogStore;
  readonly acknowledged: Acknowledged;
  readonly alarm: AlarmClock;
  /** A number from 0 to 1, drawn anew for each call. */
  readonly random: () => number;
}

interface Attempt {
  readonly startedAt: number;
  readonly done: Promise<void>;
}

/** The outcome of one step: go on at once from the row as it is now, pause and go on, or leave the
 *  rest to the alarm. */
type Step =
  | "finished"
  | { readonly now: StoredTransaction }
  | { readonly pauseMs: number }
  | { readonly fault: boolean };

/** The accounts' reports of their entries, in the order of the legs; undefined where none came. */
function anchorsOf(answers: Acknowledgements): Anchors | undefined {
  const anchors = answers.map((answer) =>
    answer?.acknowledged && answer.entryHash !== undefined ? anchorOf(answer.entryHash) : null,
  );
  return anchors.some((anchor) => anchor !== null) ? anchors : undefined;
}

export class SagaRunner {
  readonly #parts: SagaRunnerParts;
  readonly #attempts = new Map<string, Attempt>();
  readonly #waiting = new Map<string, Set<(settled: StoredTransaction) => void>>();

  constructor(parts: SagaRunnerParts) {
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
    const done = this.#attempt(transaction, requestId, now).finally(() => {
      if (this.#attempts.get(id)?.done === done) this.#attempts.delete(id);
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

  async #attempt(seen: StoredTransaction, requestId: string, startedAt: number): Promise<void> {
    const { id } = seen;
    try {
      await this.#walk(seen, requestId, startedAt);
    } catch (error) {
      this.#logFailure(id, requestId, error);
      await this.#postpone(id, requestId, false).catch((again: unknown) =>
        this.#logFailure(id, requestId, again),
      );
    }
  }

  /** Step by step to the end, or until the rest has to be left to the alarm. */
  async #walk(seen: StoredTransaction, requestId: string, startedAt: number): Promise<void> {
    const calls = new LegCalls(seen, requestId, this.#parts);
    let transaction = seen;
    for (let round = 1; ; round++) {
      const step = await this.#step(transaction, calls, requestId, round);
      if (step === "finished") return;
      if ("now" in step) {
        transaction = step.now;
        continue;
      }
      const pauseMs = "pauseMs" in step ? step.pauseMs : undefined;
      if (pauseMs === undefined || !this.#hasTimeFor(pauseMs, startedAt)) {
        await this.#postpone(seen.id, requestId, "fault" in step && step.fault);
        return;
      }
      await sleep(this.#parts.clock, pauseMs);
      transaction = this.#read(seen.id);
    }
  }

  #read(id: string): StoredTransaction {
    const transaction = this.#parts.store.find(id);
    if (!transaction) throw new Error("no such transaction");
    return transaction;
  }

  #logFailure(id: string, requestId: string, error: unknown): void {
    const detail = describeError(error);
    this.#parts.log("error", { event: "unhandled", requestId, target: `advance ${id}`, detail });
  }

  /** Whether an attempt may still pause; no longer where the clock was put back meanwhile. */
  #hasTimeFor(pauseMs: number, startedAt: number): boolean {
    return isYoung(startedAt, this.#parts.clock.now(), attemptMaxMs - pauseMs);
  }

  /** Does the next thing that the table asks for, once. `seen`: the row as it is now. */
  async #step(
    seen: StoredTransaction,
    calls: LegCalls,
    requestId: string,
    round: number,
  ): Promise<Step> {
    const action = nextAction(seen, this.#parts.clock.now());
    switch (action) {
      case "answer":
        this.#announce(seen);
        return "finished";
      case "expire":
        return { now: this.#decide(seen, "expired", requestId, { code: "transaction_expired" }) };
      case "hold": {
        const outcome = tally(await calls.requestHolds());
        if (outcome.event === "no_decision") return { pauseMs: holdDelayMs(round) };
        const refusal = outcome.event === "some_no" ? outcome.refusal : undefined;
        return { now: this.#decide(seen, outcome.event, requestId, refusal) };
      }
      case "post":
      case "release": {
        const answers = await calls.settle(action);
        if (answers.every((answer) => answer?.acknowledged)) {
          this.#acknowledge(seen, requestId, anchorsOf(answers));
          return "finished";
        }
        const fault = answers.some(
          (answer) => answer?.acknowledged === false && answer.reason === "fault",
        );
        return { fault };
      }
    }
  }

  /** Compare-and-set, in one statement: decides only what is undecided still. Returns the row as it
   *  is afterwards: the write has confirmed what was seen, or else it is read again. */
  #decide(
    seen: StoredTransaction,
    event: SagaEvent,
    requestId: string,
    refusal?: Refusal,
  ): StoredTransaction {
    const { store, clock } = this.#parts;
    const { to } = transition(seen.state, event);
    const decidedAt = clock.now();
    if (!store.decide(seen.id, to, refusal, decidedAt)) return this.#read(seen.id);
    this.#log(seen, to, requestId);
    return { ...seen, state: to, decidedAt, ...(refusal && { refusal }) };
  }

  #acknowledge(seen: StoredTransaction, requestId: string, anchors: Anchors | undefined): void {
    transition(seen.state, "acknowledged");
    const { acknowledged, clock } = this.#parts;
    const settlement = { settledAt: clock.now(), ...(anchors && { anchors }) };
    if (acknowledged.note(seen.id, settlement)) this.#log(seen, "settled", requestId);
    this.#announce(seen);
  }

  #log(seen: StoredTransaction, to: SagaState | "settled", requestId: string): void {
    const { id: transactionId, state: from } = seen;
    const attempt = seen.attempts + 1;
    this.#parts.log("info", { event: "saga", requestId, transactionId, from, to, attempt });
  }

  /** Ends an attempt that did not settle: counts it and lets the alarm make the next one. */
  async #postpone(id: string, requestId: string, fault: boolean): Promise<void> {
    const { store, alarm, acknowledged, clock, log, random } = this.#parts;
    const postponed = await alarm.armWith(() => {
      const row = store.find(id);
      const isDone = row?.settledAt !== undefined || acknowledged.has(id);
      if (!row || isDone) return { result: undefined };
      const attempts = row.attempts + 1;
      const delayed = clock.now() + settleDelayMs(attempts, random());
      const time = row.state === "preparing" ? Math.min(delayed, row.deadline) : delayed;
      const stuck = row.stuck || fault || attempts >= attemptsUntilStuck;
      store.postpone(id, attempts, time, stuck);
      // Where the alarm is late or lost, another row may have been waiting for it.
      const alarmAt = alarm.isSet() ? time : (store.nextDueAt(clock.now()) ?? time);
      return { result: { attempts, becameStuck: stuck && !row.stuck }, alarmAt };
    });
    if (!postponed?.becameStuck) return;
    const detail = `not settled after ${postponed.attempts} attempts`;
    log("error", { event: "stuck", requestId, transactionId: id, detail });
  }

  #announce(settled: StoredTransaction): void {
    for (const resolve of this.#waiting.get(settled.id) ?? []) resolve(settled);
    this.#waiting.delete(settled.id);
  }
}
