// One attempt to settle a transaction: performs the steps that the saga asks for, one by one, until
// it is settled or the rest has to be left to the alarm. Every step goes by the row and writes by
// compare-and-set, so concurrent attempts on one transaction do no harm.
import { anchorOf } from "../../domain/ledger/entry.ts";
import { nextStep, postpone, type SagaState, type SagaStep } from "../../domain/protocol/saga.ts";
import { expirationOf, legsOf } from "../../domain/protocol/transaction.ts";
import { sleep } from "../../platform/clock.ts";
import { describeError, workLog, type WorkLog } from "../../platform/log.ts";
import type { AlarmClock } from "../alarm-clock.ts";
import type { GroupCommit } from "../group-commit.ts";
import { LegCalls, type LegCallParts, type LegReplies } from "./leg-calls.ts";
import type { SettledNotes } from "./settled-notes.ts";
import type { Anchors, StoredTransaction } from "./rows.ts";
import type { TransferLogStore } from "./store.ts";

export interface AttemptParts extends LegCallParts {
  readonly store: TransferLogStore;
  readonly notes: SettledNotes;
  readonly alarm: AlarmClock;
  readonly commits: GroupCommit;
  /** A number from 0 to 1, drawn anew for each call. */
  readonly random: () => number;
}

/** The accounts' reports of their entries, in the order of the legs; undefined where none came. */
function anchorsOf(replies: LegReplies | undefined): Anchors | undefined {
  if (!replies || replies.to === "hold") return undefined;
  const anchors = replies.settling.map((reply) =>
    reply?.acknowledged && reply.entryHash !== undefined ? anchorOf(reply.entryHash) : null,
  );
  return anchors.some((anchor) => anchor !== null) ? anchors : undefined;
}

export class Attempt {
  readonly #parts: AttemptParts;
  readonly #requestId: string;
  readonly #log: WorkLog;
  readonly #startedAt: number;
  /** The row as it is now, as far as this attempt knows. */
  #row: StoredTransaction;

  /** `row`: as it was just read. `startedAt` in ms since the epoch. */
  constructor(
    row: StoredTransaction,
    { requestId, startedAt }: { readonly requestId: string; readonly startedAt: number },
    parts: AttemptParts,
  ) {
    this.#row = row;
    this.#requestId = requestId;
    this.#log = workLog(parts.log, requestId);
    this.#startedAt = startedAt;
    this.#parts = parts;
  }

  /** The transaction as it settled; undefined where the rest is left to the alarm. Never throws:
   *  what failed is logged and left, too. */
  async run(): Promise<StoredTransaction | undefined> {
    const { clock } = this.#parts;
    try {
      const calls = new LegCalls(this.#row, legsOf(this.#row), this.#requestId, this.#parts);
      let replies: LegReplies | undefined;
      for (let rounds = 0; ;) {
        const time = { now: clock.now(), startedAt: this.#startedAt, rounds };
        const step = nextStep(this.#row, replies, time);
        switch (step.step) {
          case "call":
            replies = await (step.call === "hold"
              ? calls.hold()
              : calls.settle(step.call, this.#row));
            // Decisions that are due together, as those of a batch, share a commit.
            if (step.call === "hold") await this.#parts.commits.join(this.#row.id);
            continue;
          case "decide":
            await this.#decide(step);
            break;
          case "pause":
            await sleep(clock, step.pauseMs);
            this.#row = this.#parts.store.get(this.#row.id);
            rounds += 1;
            break;
          case "leave":
            await this.#leave(step.fault);
            return undefined;
          case "finished":
            return this.#finish(anchorsOf(replies));
        }
        replies = undefined;
      }
    } catch (error) {
      this.#logFailure(error);
      await this.#leave(false).catch((again: unknown) => this.#logFailure(again));
      return undefined;
    }
  }

  /** Compare-and-set, in one statement: decides only what is undecided still. The write confirms
   *  what was seen, or else the row is read again. */
  async #decide(step: Extract<SagaStep, { step: "decide" }>): Promise<void> {
    const { to, refusal, decidedAt, ignored } = step;
    const seen = this.#row;
    if (ignored !== undefined) this.#logClockAhead(ignored);
    const expiration = to === "committed" ? expirationOf(seen) : undefined;
    const decide = () => this.#parts.store.decide(seen.id, to, refusal, decidedAt);
    if (expiration ? await this.#decideUntil(expiration.at, decide) : decide()) {
      this.#logSaga(to);
      this.#row = { ...seen, state: to, decidedAt, ...(refusal && { refusal }) };
    } else this.#row = this.#parts.store.get(seen.id);
  }

  /** The decision, the end that is to come and its alarm: all or none. */
  #decideUntil(expiresAt: number, decide: () => boolean): Promise<boolean> {
    const { store, alarm } = this.#parts;
    return alarm.armWith(() => {
      const result = decide();
      if (!result) return { result };
      store.insertExpiration(this.#row.id, expiresAt);
      return { result, alarmAt: this.#alarmFor(expiresAt) };
    });
  }

  /** When the alarm has to come for what is due at `time`. Where it is late or lost, another row
   *  may have been waiting for it. */
  #alarmFor(time: number): number {
    const { store, alarm, clock } = this.#parts;
    const next = alarm.isSet() ? undefined : store.nextTransactionAt(clock.now());
    return Math.min(time, next ?? time);
  }

  /** Every account has acknowledged: now, or before this attempt, as its row says. */
  #finish(anchors: Anchors | undefined): StoredTransaction {
    const { notes, clock } = this.#parts;
    const { id, settledAt } = this.#row;
    if (settledAt === undefined) {
      const settlement = { settledAt: clock.now(), ...(anchors && { anchors }) };
      if (notes.note(id, settlement)) this.#logSaga("settled");
    }
    return this.#row;
  }

  /** Counts an attempt that did not settle and lets the alarm make the next one. */
  async #leave(fault: boolean): Promise<void> {
    const { store, alarm, notes, clock, random } = this.#parts;
    const { id } = this.#row;
    const left = await alarm.armWith(() => {
      const row = store.find(id);
      const isDone = row?.settledAt !== undefined || notes.has(id);
      if (!row || isDone) return { result: undefined };
      const later = postpone(row, { fault, now: clock.now(), random: random() });
      store.postpone(id, later);
      const { attempts, nextAttemptAt } = later;
      const becameStuck = later.stuck && !row.stuck;
      return { result: { attempts, becameStuck }, alarmAt: this.#alarmFor(nextAttemptAt) };
    });
    if (left?.becameStuck) this.#logStuck(left.attempts);
  }

  #logSaga(to: SagaState | "settled"): void {
    const { id: transactionId, state: from, attempts } = this.#row;
    const attempt = attempts + 1;
    this.#log("info", { event: "saga", transactionId, from, to, attempt });
  }

  #logClockAhead(ignored: number): void {
    const detail = `an account's newest decision is of the future: ${ignored} ms since the epoch`;
    this.#log("error", { event: "clock_ahead", transactionId: this.#row.id, detail });
  }

  #logStuck(attempts: number): void {
    const detail = `not settled after ${attempts} attempts`;
    this.#log("error", { event: "stuck", transactionId: this.#row.id, detail });
  }

  #logFailure(error: unknown): void {
    const detail = describeError(error);
    this.#log("error", { event: "unhandled", target: `advance ${this.#row.id}`, detail });
  }
}
