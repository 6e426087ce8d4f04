// Draws splits: up to twenty postings over up to ten wallets, in several currencies, some of them
// from outside or to outside. Big ones and small ones; a wallet pays or receives in a currency,
// never both.
import { amountMax } from "../../src/domain/limits.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { provider } from "./keys.ts";
import type { Random } from "./random.ts";

type SentSplit = Extract<SentRequest, { readonly type: "split" }>;
type SentPosting = SentSplit["postings"][number];

const outside = "external";
const postingsMax = 20;
const walletsMax = 10;

/** How the planner draws what any operation has. */
interface Source {
  amount(): number;
  currency(): string;
  reference(fresh: boolean): string;
}

/** What the postings so far do to each wallet in each currency. */
class Piles {
  readonly #piles = new Map<string, { readonly pays: boolean; sum: number }>();

  /** False where a wallet would both pay and receive, or its sum leave the range. */
  add({ from, to, amount, currency = "USD" }: SentPosting): boolean {
    const [paying, receiving] = [`${from} ${currency}`, `${to} ${currency}`];
    if (!this.#fits(paying, true, amount) || !this.#fits(receiving, false, amount)) return false;
    this.#count(paying, true, amount);
    this.#count(receiving, false, amount);
    return true;
  }

  #fits(name: string, pays: boolean, amount: number): boolean {
    const pile = this.#piles.get(name);
    return !pile || (pile.pays === pays && pile.sum <= amountMax - amount);
  }

  #count(name: string, pays: boolean, amount: number): void {
    this.#piles.set(name, { pays, sum: (this.#piles.get(name)?.sum ?? 0) + amount });
  }
}

function some(random: Random, wallets: readonly string[]): readonly string[] {
  const left = [...wallets];
  const count = Math.min(left.length, random.integer(2, walletsMax));
  return Array.from({ length: count }, () =>
    left.splice(random.integer(0, left.length - 1), 1),
  ).flat();
}

export function drawSplit(random: Random, source: Source, wallets: readonly string[]): SentSplit {
  const taking = some(random, wallets);
  const side = random.pick(["none", "none", "from", "to"] as const);
  const piles = new Piles();
  const isModest = random.chance(0.8);
  const drawn = Array.from({ length: Math.floor(random.scaled(1, postingsMax + 1)) }, () => {
    const to = random.pick(taking);
    const others = taking.filter((wallet) => wallet !== to);
    const from = random.pick(others);
    const crossing = side !== "none" && random.chance(0.6) ? { [side]: outside } : {};
    // Most wallets have dollars only.
    const currency = "from" in crossing || random.chance(0.1) ? source.currency() : "USD";
    const amount = isModest ? random.integer(1, 20) : source.amount();
    return { from, to, ...crossing, amount, ...(currency !== "USD" && { currency }) };
  });
  const postings = drawn.filter((posting) => piles.add(posting));
  const reference = source.reference(random.chance(0.5));
  return {
    type: "split",
    postings,
    ...(postings.some(({ from }) => from === outside) && { paymentReference: reference, provider }),
    ...(postings.some(({ to }) => to === outside) && { payoutReference: reference, provider }),
  };
}
