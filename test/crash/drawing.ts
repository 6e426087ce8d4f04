// What the clients of the crash test ask for, drawn from random numbers: hot wallets, a ring of
// poor ones, overdrafts, references that race, two currencies, ends and reversals of whatever was
// asked for before. Sends nothing.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { transactionIdFor } from "../../src/domain/ids.ts";
import type { Random } from "../history/random.ts";
import {
  drawRequest,
  earlierOf,
  isAuthorization,
  isReversible,
  operationOf,
  pathOf,
} from "../operations/all.ts";
import type { Earlier } from "../operations/operation.ts";
import type { Edit } from "../planted/planted-fault.ts";
import * as oracle from "../oracle/reckoning.ts";
import { batchOf, writeOf, type Write } from "./recording-client.ts";

const hotWallets = 3;
/** Poor wallets that pass most of what they have around in a ring: most debits race others. */
const ringStart = 10;
const ringLength = 4;
/** Turns in which clients fund with the same payment reference, so that they race for it. */
const turnsPerReference = 6;
/** From how many of the newest transactions those are taken that others act on: half of the time
 *  from the few that are perhaps still undecided, so that their ends race. */
const recentCount = 400;
const newestCount = 40;
/** The share of ends and reversals that name another transaction than the right one. */
const mistakenShare = 0.05;
/** In seconds: most authorizations expire during the test, unless they are ended before; the others
 *  are open at its end. */
export const expiresSoonMax = 8;
const expiresLateMin = 1_800;
const expiresLateMax = 7_200;
/** Items of a batch. */
const batchMax = 12;
/** A second is enough here, and not a minute: lives are short, and so is the test. */
export const shortAuthorizations: readonly Edit[] = [
  {
    name: "short-authorizations",
    file: "src/domain/limits.ts",
    find: "expiresInMinSeconds = 60",
    replace: "expiresInMinSeconds = 1",
  },
];

/** The turn of a client: `name` is its own, `turn` its number. */
interface Turn {
  readonly name: string;
  readonly turn: number;
}

/** What was asked for in a tenant before. */
export class Asked {
  readonly #tenant: string;
  readonly #earlier: { readonly id: string; readonly sent: SentRequest }[] = [];

  constructor(tenant: string) {
    this.#tenant = tenant;
  }

  add({ key, sent, items = [] }: Write): void {
    const id = transactionIdFor(this.#tenant, key);
    if (sent) this.#earlier.push({ id, sent });
    for (const [index, item] of items.entries()) {
      this.#earlier.push({ id: oracle.batchItemId(this.#tenant, id, index), sent: item });
    }
  }

  /** One of the wanted, whatever has become of it. */
  pick(random: Random, isWanted: (sent: SentRequest) => boolean): Earlier | undefined {
    const recent = this.#earlier.slice(-(random.chance(0.5) ? newestCount : recentCount));
    const wanted = recent.filter(({ sent }) => isWanted(sent));
    if (wanted.length === 0) return undefined;
    const { id, sent } = random.pick(wanted);
    return earlierOf(id, sent);
  }

  /** The id of any transaction, or of none. */
  anyId(random: Random, name: string): string {
    const any = this.#earlier.at(random.integer(0, this.#earlier.length - 1));
    if (!any || random.chance(0.5)) return transactionIdFor(this.#tenant, `never ${name}`);
    return any.id;
  }
}

export function drawWallet(random: Random, wallets: readonly string[]): string {
  const hot = random.chance(0.5);
  return random.pick(hot ? wallets.slice(0, hotWallets) : wallets);
}

export function drawWrite(
  random: Random,
  { wallets, asked }: { readonly wallets: readonly string[]; readonly asked: Asked },
  { name, turn }: Turn,
): Write {
  const ring = random.chance(0.4);
  const poor = ring ? random.integer(2_500, 5_000) : random.integer(1, 1_500);
  let overdraft = false;
  const shared = `shared-${Math.floor(turn / turnsPerReference)}`;
  const sent = drawRequest(random.next(), {
    wallet: () => drawWallet(random, wallets),
    pair: () => {
      overdraft = random.chance(0.05);
      return drawPair(random, wallets, ring);
    },
    payment: () => ({ paymentReference: random.chance(0.4) ? shared : `pay-${name}` }),
    details: () => ({
      amount: overdraft ? 1_000_000_000 : poor,
      ...(random.chance(0.2) && { currency: "EUR" }),
      ...(random.chance(0.2) && { description: `Turn ${name}, naïve` }),
      ...(random.chance(0.1) && { metadata: { order: name, "1": "first" } }),
    }),
    expiresIn: () =>
      random.chance(0.7)
        ? random.integer(1, expiresSoonMax)
        : random.integer(expiresLateMin, expiresLateMax),
    earlier: () => asked.pick(random, isReversible),
    authorized: () => asked.pick(random, isAuthorization),
  });
  const write = writeOf(`${sent.type}-${name}`, sent);
  const originId = operationOf(sent).originOf(sent);
  if (originId === undefined || !random.chance(mistakenShare)) return write;
  const { key, request } = write;
  return { url: pathOf(sent).replace(originId, asked.anyId(random, name)), key, request };
}

/** A payroll, or a few of whatever else is asked for. */
export function drawBatch(
  random: Random,
  material: { readonly wallets: readonly string[]; readonly asked: Asked },
  { name, turn }: Turn,
): Write {
  const { wallets } = material;
  const count = random.integer(2, batchMax);
  if (random.chance(0.5)) {
    const fromWalletId = drawWallet(random, wallets);
    const others = wallets.filter((wallet) => wallet !== fromWalletId);
    const wages = Array.from({ length: count }, (): SentRequest => {
      const amount = random.integer(1, 50);
      return { type: "transfer", fromWalletId, toWalletId: random.pick(others), amount };
    });
    return batchOf(`payroll-${name}`, wages);
  }
  const items = Array.from({ length: count }, (_, index) => {
    return drawWrite(random, material, { name: `${name}-${index}`, turn }).sent ?? [];
  });
  return batchOf(`batch-${name}`, items.flat());
}

function drawPair(random: Random, wallets: readonly string[], ring: boolean) {
  const place = random.integer(0, ringLength - 1);
  const inRing = (index: number) => wallets[ringStart + (index % ringLength)] ?? "";
  const fromWalletId = ring ? inRing(place) : drawWallet(random, wallets);
  let toWalletId = ring ? inRing(place + 1) : drawWallet(random, wallets);
  while (toWalletId === fromWalletId) toWalletId = random.pick(wallets);
  return { fromWalletId, toWalletId };
}
