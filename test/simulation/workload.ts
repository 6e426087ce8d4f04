// What happens in a seed: who is opened when, who pays whom, what is read, frozen and repeated. A
// plan, drawn before the simulation starts: faults do not change it.
import { fingerprintUser } from "../../src/domain/fingerprint.ts";
import { userIdFor, walletIdOfUser } from "../../src/domain/ids.ts";
import { amountMax, historyLimitMax } from "../../src/domain/limits.ts";
import { submissionOf, type Submission } from "../../src/domain/protocol/transaction.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import type { HistoryFilter, OpenWalletCall } from "../../src/durable-objects/rpc/contract.ts";
import { keyIn, provider, referenceIn, shards } from "./keys.ts";
import type { Random } from "./random.ts";

export interface PlannedWallet {
  readonly tenant: string;
  readonly walletId: string;
  readonly alias: string;
  readonly opening: Pick<OpenWalletCall, "walletId" | "fingerprint" | "profile">;
}

/** Something that starts `atMs` after the beginning. */
export type Step = { readonly atMs: number } & (
  | { readonly kind: "open"; readonly wallet: PlannedWallet; readonly otherName: boolean }
  | { readonly kind: "submit"; readonly submission: Submission; readonly attemptsMax: number }
  | { readonly kind: "read_balance"; readonly wallet: PlannedWallet }
  | {
      readonly kind: "read_history";
      readonly wallet: PlannedWallet;
      readonly filter: HistoryFilter;
      readonly limit: number;
      readonly pagesMax: number;
    }
  | { readonly kind: "audit"; readonly wallet: PlannedWallet }
  | { readonly kind: "freeze"; readonly wallet: PlannedWallet; readonly frozen: boolean }
  | { readonly kind: "list_unsettled"; readonly tenant: string; readonly shard: number }
);

export interface Plan {
  readonly wallets: readonly PlannedWallet[];
  readonly steps: readonly Step[];
  /** The submissions by their id, the first content of each. */
  readonly submissions: ReadonlyMap<string, Submission>;
  readonly durationMs: number;
}

const currencies = ["USD", "EUR", "JPY"] as const;

function planWallets(random: Random, tenant: string, count: number): PlannedWallet[] {
  return Array.from({ length: count }, (_, index) => {
    const walletId = walletIdOfUser(userIdFor(tenant, `user-${index}`));
    const profile = { name: `User ${index}`, ...(random.chance(0.3) && { metadata: { n: "1" } }) };
    const opening = { walletId, profile, fingerprint: fingerprintUser(profile) };
    return { tenant, walletId, alias: `${tenant}-wallet-${index}`, opening };
  });
}

/** Another profile under the key of the same user. */
export function renamed(opening: PlannedWallet["opening"]): PlannedWallet["opening"] {
  const profile = { ...opening.profile, name: "Somebody else" };
  return { ...opening, profile, fingerprint: fingerprintUser(profile) };
}

interface Origin {
  readonly key: string;
  readonly sent: SentRequest;
}

const origins = new WeakMap<Submission, Origin>();

/** What a planned submission was made of. */
export function originOf(submission: Submission): Origin {
  const origin = origins.get(submission);
  if (!origin) throw new Error("the submission was not planned");
  return origin;
}

/** As the edge makes it of a request that names no currency. */
function plannedSubmission(tenant: string, key: string, sent: SentRequest): Submission {
  const submission = submissionOf(tenant, key, sent, "USD");
  origins.set(submission, { key, sent });
  return submission;
}

class Planner {
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

  /** One of few references, so that they collide; or one that nobody else uses. */
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
    const other = plannedSubmission(tenant, key, { ...sent, amount: random.integer(1, 9) });
    const delayMs = random.between(-1_000, 5_000);
    this.steps.push({ kind: "submit", submission: other, attemptsMax: 2, atMs: atMs + delayMs });
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

  /** Half of the reads come while somebody's money is on its way. */
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
          { type: "funding" },
          { direction: "credit", type: "transfer" },
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

interface Size {
  readonly operations: number;
  readonly walletsMax: number;
  readonly tenants: number;
  readonly long: boolean;
}

/** Most seeds are short; one in fourteen has wallets that live past their first checkpoint. */
function sizeOf(random: Random): Size {
  if (random.chance(1 / 14)) return { operations: 120, walletsMax: 2, tenants: 1, long: true };
  const tenants = random.chance(0.25) ? 2 : 1;
  return { operations: random.integer(6, 28), walletsMax: 5, tenants, long: false };
}

export function planWorkload(random: Random): Plan {
  const size = sizeOf(random);
  const planner = new Planner(random, random.pick([500, 3_000, 10_000, 40_000]));
  const wallets: PlannedWallet[] = [];
  const tenants = Array.from({ length: size.tenants }, (_, index) => `tenant-${index}`);
  for (const tenant of tenants) {
    const own = planWallets(random, tenant, random.integer(2, size.walletsMax));
    wallets.push(...own);
    own.forEach((wallet) => planner.open(wallet, size.long));
    for (const { walletId } of own) {
      const paymentReference = planner.reference(tenant, true);
      const amount = random.integer(100, 1_500);
      const sent = { type: "funding", walletId, amount, paymentReference, provider } as const;
      planner.submit(tenant, random.between(20, 300), sent);
    }
    for (let count = 0; count < size.operations / tenants.length; count++) {
      const from = random.pick(own);
      const to = random.pick(own.filter((wallet) => wallet !== from));
      const amount = planner.amount();
      const currency = planner.currency();
      const about = { amount, ...(currency !== "USD" && { currency }) };
      if (random.chance(0.3)) {
        const paymentReference = planner.reference(tenant, random.chance(0.3));
        const { walletId } = to;
        planner.submit(tenant, planner.someTime(), {
          type: "funding",
          walletId,
          ...about,
          paymentReference,
          provider,
        });
      } else {
        const ids = { fromWalletId: from.walletId, toWalletId: to.walletId };
        planner.submit(tenant, planner.someTime(), { type: "transfer", ...ids, ...about });
      }
    }
    if (random.chance(0.4)) planner.freeze(random.pick(own));
    if (random.chance(0.3)) planner.listUnsettled(tenant);
    if (random.chance(0.04)) planner.audit(random.pick(own));
  }
  const reads = Math.min(size.operations, random.integer(4, 24));
  for (let count = 0; count < reads; count++) {
    const atMs = planner.readTime();
    planner.read(random.pick(wallets), atMs);
    if (random.chance(0.5)) planner.read(random.pick(wallets), atMs + random.between(0, 40));
  }
  const { steps, submissions, durationMs } = planner;
  return { wallets, steps, submissions, durationMs };
}
