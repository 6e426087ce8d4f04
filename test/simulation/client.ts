// Clients, as the edge lets them reach the objects: they wait a limited time, repeat what failed
// under the same key, and write down what they were told.
import { fingerprintFreeze } from "../../src/domain/fingerprint.ts";
import { freezeIdFor, logShardOf, walletAddress } from "../../src/domain/ids.ts";
import { callMaxMs } from "../../src/domain/limits.ts";
import type { Batch } from "../../src/domain/protocol/batch.ts";
import type { Submission } from "../../src/domain/protocol/transaction.ts";
import { protocolVersions, type NotFound } from "../../src/durable-objects/rpc/contract.ts";
import type {
  SubmitBatchResult,
  SubmitResult,
} from "../../src/durable-objects/transfer-log/contract.ts";
import type {
  BalanceReading,
  HistoryCall,
  HistoryPage,
  OpenWalletCall,
  OpenWalletResult,
} from "../../src/durable-objects/wallet/contract.ts";
import { CallFailed } from "../../src/durable-objects/rpc/stubs.ts";
import { sleep, type Clock } from "../../src/platform/clock.ts";
import { answersIn, isFinal, type Audited, type History } from "./history.ts";
import type { Callee, Caller } from "./network.ts";
import { callWithLimit, type Directory } from "./production.ts";
import type { Random, Range } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

const pauseMs: Range = [50, 3_000];

export interface ClientParts {
  readonly scheduler: Scheduler;
  readonly directory: Directory;
  readonly random: Random;
  readonly history: History;
}

export interface WalkOptions {
  readonly filter: HistoryCall["filter"];
  readonly limit: number;
  readonly pagesMax: number;
}

export class Client {
  readonly #parts: ClientParts;
  readonly #caller: Caller;
  readonly #clock: Clock;

  constructor(name: string, parts: ClientParts) {
    const { scheduler } = parts;
    this.#parts = parts;
    this.#caller = { name, isAlive: () => true, send: (message) => message() };
    this.#clock = {
      now: () => Math.floor(scheduler.now),
      after: (delayMs, fire) => scheduler.schedule(delayMs, "", fire),
    };
  }

  /** Submits until the answer is final, at most `attemptsMax` times. */
  async submit(submission: Submission, attemptsMax: number): Promise<void> {
    const { directory, history } = this.#parts;
    const log = directory.log(logShardOf(submission.id));
    const principal = this.#caller.name;
    const call = { ...this.#about(submission.tenant), principal, submission };
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const beganAt = this.#step;
      const result = await this.#call<SubmitResult>(log, "submit", call);
      if (result) {
        history.answers.push({ submission, result, beganAt, endedAt: this.#step });
        if (isFinal(result)) return;
      }
      await this.pause();
    }
  }

  /** The same for a batch, until the answers of all its items are final. */
  async submitBatch(batch: Batch, attemptsMax: number): Promise<void> {
    const { directory, history } = this.#parts;
    const log = directory.log(logShardOf(batch.id));
    const call = { ...this.#about(batch.tenant), principal: this.#caller.name, batch };
    history.sentBatches.add(batch);
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const beganAt = this.#step;
      const result = await this.#call<SubmitBatchResult>(log, "submitBatch", call);
      if (result) {
        const answered = { batch, result, beganAt, endedAt: this.#step };
        history.batches.push(answered);
        history.answers.push(...answersIn(answered));
        if (isFinal(result)) return;
      }
      await this.pause();
    }
  }

  async open(
    tenant: string,
    opening: Pick<OpenWalletCall, "walletId" | "fingerprint" | "profile">,
    attemptsMax: number,
  ): Promise<void> {
    const { walletId, fingerprint } = opening;
    const wallet = this.#wallet(tenant, walletId);
    const call = { ...this.#about(tenant), ...opening };
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const beganAt = this.#step;
      const result = await this.#call<OpenWalletResult>(wallet, "open", call);
      if (result) {
        const answer = result.ok ? JSON.stringify(result.user) : result.problem;
        const endedAt = this.#step;
        this.#parts.history.openings.push({ walletId, fingerprint, answer, beganAt, endedAt });
        return;
      }
      await this.pause();
    }
  }

  /** Freezes a wallet, or thaws it, until that is answered. */
  async freeze(
    tenant: string,
    walletId: string,
    frozen: boolean,
    attemptsMax: number,
  ): Promise<void> {
    const principal = this.#caller.name;
    const act = { frozen, reason: "simulated" };
    const freezeId = freezeIdFor(tenant, walletId, principal);
    const asked = { ...this.#about(tenant), walletId, freezeId, principal, ...act };
    const call = { ...asked, fingerprint: fingerprintFreeze(act) };
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      if (await this.#call(this.#wallet(tenant, walletId), "freeze", call)) return;
      await this.pause();
    }
  }

  async readBalance(tenant: string, walletId: string): Promise<BalanceReading | undefined> {
    const beganAt = this.#step;
    const wallet = this.#wallet(tenant, walletId);
    const call = { ...this.#about(tenant), walletId };
    const reading = await this.#call<BalanceReading | NotFound>(wallet, "readBalance", call);
    if (!reading?.ok) return undefined;
    const endedAt = this.#step;
    this.#parts.history.readings.push({
      kind: "balance",
      tenant,
      walletId,
      reading,
      beganAt,
      endedAt,
    });
    return reading;
  }

  async readHistory(tenant: string, walletId: string, walk: WalkOptions): Promise<void> {
    const beganAt = this.#step;
    const { filter, limit, pagesMax } = walk;
    const call = { ...this.#about(tenant), walletId, filter, limit };
    const pages: HistoryPage[] = [];
    let before: number | undefined;
    let firstEndedAt = beganAt;
    while (pages.length < pagesMax) {
      const asked = before === undefined ? call : { ...call, before };
      const wallet = this.#wallet(tenant, walletId);
      const page = await this.#call<HistoryPage | NotFound>(wallet, "readHistory", asked);
      if (!page?.ok) break;
      if (pages.length === 0) firstEndedAt = this.#step;
      pages.push(page);
      if (page.nextBefore === null) break;
      before = page.nextBefore;
    }
    if (pages.length === 0) return;
    this.#parts.history.readings.push({
      kind: "history",
      tenant,
      walletId,
      filter,
      pages,
      complete: pages.at(-1)?.nextBefore === null,
      beganAt,
      firstEndedAt,
      endedAt: this.#step,
    });
  }

  async audit(tenant: string, walletId: string): Promise<void> {
    await this.auditOf(this.#wallet(tenant, walletId), walletId, tenant, { walletId });
  }

  /** The audit of any object. */
  async auditOf(to: Callee, subject: string, tenant: string, about: object): Promise<void> {
    const report = await this.ask<Audited["report"] | NotFound>(to, "audit", tenant, about);
    if (report && !("problem" in report)) this.#parts.history.audits.push({ subject, report });
  }

  /** Any call whose answer is looked at elsewhere, or not at all. */
  async ask<T>(to: Callee, method: string, tenant: string, about: object): Promise<T | undefined> {
    return this.#call<T>(to, method, { ...this.#about(tenant), ...about });
  }

  get name(): string {
    return this.#caller.name;
  }

  get #step(): number {
    return this.#parts.scheduler.step;
  }

  #about(tenant: string) {
    return { protocol: protocolVersions.before, requestId: this.#caller.name, tenant };
  }

  #wallet(tenant: string, walletId: string): Callee {
    return this.#parts.directory.account(tenant, walletAddress(walletId));
  }

  pause(): Promise<void> {
    return sleep(this.#clock, this.#parts.random.scaled(...pauseMs));
  }

  async #call<T>(to: Callee, method: string, argument: object): Promise<T | undefined> {
    const { network } = this.#parts.directory;
    const call = () => network.call<T>(this.#caller, to, method, argument);
    try {
      return await callWithLimit(this.#clock, call, 2 * callMaxMs);
    } catch (error) {
      if (error instanceof CallFailed) return undefined;
      throw error;
    }
  }
}
