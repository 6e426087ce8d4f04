// Draws single steps of a plan: keys and references that collide, amounts, times, repeats.
import { allOperations, isReversible } from "../operations/all.ts";
import { amountMax, historyLimitMax } from "../../src/domain/limits.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { batchOf, type Batch } from "../../src/domain/protocol/batch.ts";
import { submissionOf, type Submission } from "../../src/domain/protocol/transaction.ts";
import type { HistoryFilter } from "../../src/durable-objects/wallet/contract.ts";
import { keyIn, referenceIn, shards } from "./keys.ts";
import type { Random } from "./random.ts";
import type { PlannedWallet, Step } from "./workload.ts";

const currencies = ["USD", "EUR", "JPY"] as const;

interface Origin {
  readonly key: string;
  readonly sent: SentRequest;
  /** Its place in the batch of that key. */
  readonly index?: number;
}

const origins = new WeakMap<Submission, Origin>();

/** What a planned submission was made of. */
export function originOf(submission: Submission): Origin {
  const origin = origins.get(submission);
  if (!origin) throw new Error("the submission was not planned");
  return origin;
}

/** As the edge makes it of a request that names no currency. */
export function plannedSubmission(tenant: string, key: string, sent: SentRequest): Submission {
  const submission = submissionOf(tenant, key, sent, "USD");
  origins.set(submission, { key, sent });
  return submission;
}

/** The same for requests that are sent together. */
function plannedBatch(tenant: string, key: string, sent: readonly SentRequest[]): Batch {
  const batch = batchOf(tenant, key, sent, "USD");
  for (const [index, one] of sent.entries()) {
    const item = batch.items[index];
    if (item) origins.set(item, { key, sent: one, index });
  }
  return batch;
}

/** What a step asks for, by itself or in a batch. */
function submissionsOf(step: Step): readonly Submission[] {
  if (step.kind === "submit_batch") return step.batch.items;
  return step.kind === "submit" ? [step.submission] : [];
}

export class Planner {
  readonly steps: Step[] = [];
  readonly submissions = new Map<string, Submission>();
  readonly durationMs: number;
  readonly #random: Random;
  readonly #logShards: readonly number[];
  readonly #externalShards: readonly number[];
  readonly #usedKeys = new Map<string, number>();
  readonly #currencies: readonly string[];
  #references = 0;

  constructor(random: Random, durationMs: number) {
    this.#random = random;
    this.durationMs = durationMs;
    this.#logShards = shards.slice(0, random.integer(1, shards.length));
    this.#externalShards = shards.slice(0, random.integer(1, 2));
    this.#currencies = currencies.slice(0, random.integer(1, currencies.length));
  }

  someTime(): number {
    return this.#random.between(0, this.durationMs);
  }

  #newKey(tenant: string): string {
    const shard = this.#random.pick(this.#logShards);
    const index = this.#usedKeys.get(`${tenant}/${shard}`) ?? 0;
    this.#usedKeys.set(`${tenant}/${shard}`, index + 1);
    return keyIn(tenant, shard, index);
  }

  /** One of few references, so that they collide; or one that is used once. */
  reference(tenant: string, fresh: boolean): string {
    const shard = this.#random.pick(this.#externalShards);
    const index = fresh ? 4 + this.#references++ : this.#random.integer(0, 2);
    return referenceIn(tenant, shard, index);
  }

  amount(): number {
    const { chance, integer } = {
      chance: (probability: number) => this.#random.chance(probability),
      integer: (low: number, high: number) => this.#random.integer(low, high),
    };
    if (chance(0.06)) return amountMax - integer(0, 500);
    if (chance(0.06)) return integer(2 ** 51, 2 ** 52);
    return integer(1, 400);
  }

  currency(): string {
    return this.#random.chance(0.7) ? "USD" : this.#random.pick(this.#currencies);
  }

  #details() {
    if (!this.#random.chance(0.3)) return {};
    const description = this.#random.pick(["rent", "Zoë's lunch", "ein \u{1F389}"]);
    return { description, ...(this.#random.chance(0.5) && { metadata: { order: "17", a: "b" } }) };
  }

  /** A submission under a new key: by one client or several, and sometimes, under the same key,
   *  another content. */
  submit(tenant: string, atMs: number, sent: SentRequest): void {
    const random = this.#random;
    const key = this.#newKey(tenant);
    const submission = plannedSubmission(tenant, key, { ...sent, ...this.#details() });
    this.submissions.set(submission.id, submission);
    const clients = random.chance(0.7) ? 1 : random.integer(2, 3);
    for (let client = 0; client < clients; client++) {
      const delayMs = client === 0 ? 0 : random.scaled(1, 10_000);
      const attemptsMax = random.integer(1, 6);
      this.steps.push({ kind: "submit", submission, attemptsMax, atMs: atMs + delayMs });
    }
    if (!random.chance(0.06)) return;
    const other = plannedSubmission(tenant, key, { ...sent, description: "other" });
    const delayMs = random.between(-1_000, 5_000);
    this.steps.push({ kind: "submit", submission: other, attemptsMax: 2, atMs: atMs + delayMs });
  }

  /** Requests together under a new key, by one client or two. Sometimes the key is used for another
   *  batch, too, or for `alone`, before or after. */
  submitBatch(
    tenant: string,
    atMs: number,
    sent: readonly SentRequest[],
    alone: SentRequest | undefined,
  ): void {
    const random = this.#random;
    const key = this.#newKey(tenant);
    const detailed = sent.map((one) => ({ ...one, ...this.#details() }));
    const add = (batch: Batch, delayMs: number) =>
      this.steps.push({
        kind: "submit_batch",
        batch,
        attemptsMax: random.integer(1, 6),
        atMs: atMs + delayMs,
      });
    const batch = plannedBatch(tenant, key, detailed);
    add(batch, 0);
    if (random.chance(0.3)) add(batch, random.scaled(1, 10_000));
    const other = random.chance(0.15) && this.#otherBatch(tenant, key, detailed);
    if (other) add(other, random.between(-1_000, 5_000));
    const single = alone && random.chance(0.15) && plannedSubmission(tenant, key, alone);
    if (single) {
      const delayMs = random.between(-1_000, 5_000);
      this.steps.push({ kind: "submit", submission: single, attemptsMax: 2, atMs: atMs + delayMs });
    }
    // What acts on an item relies on what it is.
    if (other || single) return;
    for (const item of batch.items) this.submissions.set(item.id, item);
  }

  /** In another order, with an item more, or with one less. */
  #otherBatch(tenant: string, key: string, sent: readonly SentRequest[]): Batch | undefined {
    const changed = [sent.toReversed(), [...sent, ...sent.slice(0, 1)], sent.slice(1)];
    const [batch, other] = [sent, this.#random.pick(changed)].map((one) =>
      plannedBatch(tenant, key, one),
    );
    const isOther = other && other.items.length > 0 && other.fingerprint !== batch?.fingerprint;
    return isOther ? other : undefined;
  }

  /** One that was planned before, and when it begins. */
  earlier(
    tenant: string,
    isWanted = isReversible,
  ): { readonly submission: Submission; readonly atMs: number } | undefined {
    const own = this.steps
      .flatMap((step) => submissionsOf(step).map((submission) => ({ submission, atMs: step.atMs })))
      .filter((one) => one.submission.tenant === tenant);
    const known = own.filter(({ submission: { id, request } }) => {
      return isWanted(request) && this.submissions.get(id)?.request === request;
    });
    return known.length === 0 ? undefined : this.#random.pick(known);
  }

  /** `early`: before anything else. Otherwise some are opened late, and some never. */
  open(wallet: PlannedWallet, early: boolean): void {
    const random = this.#random;
    if (!early && random.chance(0.04)) return;
    const late = !early && random.chance(0.25);
    const atMs = late ? this.someTime() : random.between(0, 50);
    const openings = random.integer(1, 2);
    for (let count = 0; count < openings; count++) {
      const otherName = count > 0 && random.chance(0.3);
      this.steps.push({ kind: "open", wallet, otherName, atMs: atMs + count * 20 });
    }
  }

  /** Half of the reads come while money is on its way. */
  readTime(): number {
    const busy = this.#random.chance(0.5);
    const submitted = this.steps.filter((step) => step.kind === "submit");
    if (!busy || submitted.length === 0) return this.someTime();
    return this.#random.pick(submitted).atMs + this.#random.scaled(5, 500);
  }

  read(wallet: PlannedWallet, atMs: number): void {
    const random = this.#random;
    if (random.chance(0.6)) {
      this.steps.push({ kind: "read_balance", wallet, atMs });
      return;
    }
    const filtered = random.chance(0.4);
    const filter: HistoryFilter = !filtered
      ? {}
      : random.pick<HistoryFilter>([
          { currency: "USD" },
          { direction: "debit" },
          ...allOperations.map(({ type, staysInside }) =>
            staysInside ? ({ direction: "credit", type } as const) : { type },
          ),
        ]);
    const limit = Math.min(random.integer(1, 20), historyLimitMax);
    const pagesMax = random.integer(1, 8);
    this.steps.push({ kind: "read_history", wallet, filter, limit, pagesMax, atMs });
  }

  freeze(wallet: PlannedWallet): void {
    const atMs = this.someTime();
    this.steps.push({ kind: "freeze", wallet, frozen: true, atMs });
    if (!this.#random.chance(0.7)) return;
    const thawedAtMs = atMs + this.#random.scaled(10, this.durationMs);
    this.steps.push({ kind: "freeze", wallet, frozen: false, atMs: thawedAtMs });
  }

  audit(wallet: PlannedWallet): void {
    this.steps.push({ kind: "audit", wallet, atMs: this.someTime() });
  }

  listUnsettled(tenant: string): void {
    const shard = this.#random.pick(this.#logShards);
    this.steps.push({ kind: "list_unsettled", tenant, shard, atMs: this.someTime() });
  }
}
