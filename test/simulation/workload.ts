// What happens in a seed: who is opened when, who pays whom, what is read, frozen and repeated. A
// plan, drawn before the simulation starts: faults do not change it.
import { fingerprintUser } from "../../src/domain/fingerprint.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { userIdFor, walletIdOfUser } from "../../src/domain/ids.ts";
import type { Batch } from "../../src/domain/protocol/batch.ts";
import type { Submission } from "../../src/domain/protocol/transaction.ts";
import type { HistoryFilter, OpenWalletCall } from "../../src/durable-objects/wallet/contract.ts";
import { drawBatch } from "./batch-plan.ts";
import { drawRequest, earlierOf, isAuthorization } from "../operations/all.ts";
import { provider } from "./keys.ts";
import { Planner } from "./planner.ts";
import type { Random } from "./random.ts";
import { drawSplit } from "./split-plan.ts";

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
  | { readonly kind: "submit_batch"; readonly batch: Batch; readonly attemptsMax: number }
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

interface Size {
  readonly operations: number;
  readonly walletsMax: number;
  readonly tenants: number;
  readonly long: boolean;
}

/** So much later, authorizations are over. */
const expiredMs = 130_000;

/** Most seeds are short; one in fourteen has wallets that live past their first checkpoint. */
function sizeOf(random: Random): Size {
  if (random.chance(1 / 14)) return { operations: 120, walletsMax: 2, tenants: 1, long: true };
  const tenants = random.chance(0.25) ? 2 : 1;
  const walletsMax = random.chance(0.2) ? 10 : 5;
  return { operations: random.integer(6, 28), walletsMax, tenants, long: false };
}

interface Drawn {
  readonly sent: SentRequest;
  /** When it makes sense, at the earliest. */
  readonly afterMs: number;
}

/** Of any operation, between the tenant's own wallets. */
function drawSent(
  random: Random,
  planner: Planner,
  tenant: string,
  own: readonly PlannedWallet[],
): Drawn {
  const from = random.pick(own);
  const to = random.pick(own.filter((wallet) => wallet !== from));
  const amount = planner.amount();
  const currency = planner.currency();
  const about = { amount, ...(currency !== "USD" && { currency }) };
  let afterMs = 0;
  const before = (earlier: ReturnType<Planner["earlier"]>) => {
    if (!earlier) return undefined;
    afterMs = earlier.atMs + random.scaled(1_000, 20_000);
    return earlierOf(earlier.submission.id, earlier.submission.request);
  };
  const sent = drawRequest(random.next(), {
    wallet: () => to.walletId,
    pair: () => ({ fromWalletId: from.walletId, toWalletId: to.walletId }),
    payment: () => {
      return { paymentReference: planner.reference(tenant, random.chance(0.3)), provider };
    },
    details: () => about,
    earlier: () => before(planner.earlier(tenant)),
    authorized: () => before(planner.earlier(tenant, isAuthorization)),
  });
  return { sent, afterMs };
}

/** `isKnown`: whether all releases that run know such a request; others are not asked for. Without
 *  it there is one release. */
export function planWorkload(random: Random, isKnown?: (sent: SentRequest) => boolean): Plan {
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
      const { sent, afterMs } = drawSent(random, planner, tenant, own);
      const atMs = Math.max(afterMs, planner.someTime());
      if (isKnown?.(sent) ?? true) planner.submit(tenant, atMs, sent);
    }
    for (let count = random.integer(0, 5); count > 0; count--) {
      const source = {
        amount: () => planner.amount(),
        currency: () => planner.currency(),
        reference: (fresh: boolean) => planner.reference(tenant, fresh),
      };
      const ids = own.map(({ walletId }) => walletId);
      const [atMs, sent] = [planner.someTime(), drawSplit(random, source, ids)];
      if (isKnown?.(sent) ?? true) planner.submit(tenant, atMs, sent);
    }
    if (random.chance(0.4)) planner.freeze(random.pick(own));
    if (random.chance(0.3)) planner.listUnsettled(tenant);
    if (random.chance(0.04)) planner.audit(random.pick(own));
  }
  // After all else: what they act on may be anything.
  for (const [tenant, own] of Map.groupBy(wallets, (wallet) => wallet.tenant)) {
    for (let count = random.integer(0, 3); count > 0; count--) {
      const draw = () => drawSent(random, planner, tenant, own);
      const ids = own.map(({ walletId }) => walletId);
      const drawn = drawBatch(random, ids, draw).filter(({ sent }) => isKnown?.(sent) ?? true);
      if (drawn.length === 0) continue;
      const laterMs = random.chance(0.1) ? expiredMs : 0;
      const atMs = laterMs + Math.max(planner.someTime(), ...drawn.map(({ afterMs }) => afterMs));
      // A release that knows no batches does not answer, but fails where a key is a batch's.
      const alone = isKnown ? undefined : draw().sent;
      const items = drawn.map(({ sent }) => sent);
      planner.submitBatch(tenant, atMs, items, alone);
    }
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
