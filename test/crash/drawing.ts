// What the clients of the crash test ask for, drawn from random numbers: hot wallets, a ring of
// poor ones, overdrafts, payment references that race, two currencies. Sends nothing.
import type { Random } from "../history/random.ts";
import { drawRequest, pathOf } from "../operations/all.ts";
import type { Write } from "./recording-client.ts";

const hotWallets = 3;
/** Poor wallets that pass most of what they have around in a ring: most debits race others. */
const ringStart = 10;
const ringLength = 4;
/** Turns in which clients fund with the same payment reference, so that they race for it. */
const turnsPerReference = 6;

/** The turn of a client: `name` is its own, `turn` its number. */
interface Turn {
  readonly name: string;
  readonly turn: number;
}

export function drawWallet(random: Random, wallets: readonly string[]): string {
  const hot = random.chance(0.5);
  return random.pick(hot ? wallets.slice(0, hotWallets) : wallets);
}

export function drawWrite(random: Random, wallets: readonly string[], { name, turn }: Turn): Write {
  const ring = random.chance(0.4);
  const poor = ring ? random.integer(2_500, 5_000) : random.integer(1, 1_500);
  let overdraft = false;
  const shared = `shared-${Math.floor(turn / turnsPerReference)}`;
  const { type, ...request } = drawRequest(random.next(), {
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
  });
  return { url: pathOf({ type }), key: `${type}-${name}`, request };
}

function drawPair(random: Random, wallets: readonly string[], ring: boolean) {
  const place = random.integer(0, ringLength - 1);
  const inRing = (index: number) => wallets[ringStart + (index % ringLength)] ?? "";
  const fromWalletId = ring ? inRing(place) : drawWallet(random, wallets);
  let toWalletId = ring ? inRing(place + 1) : drawWallet(random, wallets);
  while (toWalletId === fromWalletId) toWalletId = random.pick(wallets);
  return { fromWalletId, toWalletId };
}
