// What a run can put under load. A scenario makes one operation after the other; the floor serves
// the same operations where the scenario moves money and nothing else.
import { encodeCursor } from "../src/http/cursor.ts";
import type { Operation } from "./load.ts";
import { funding, transfer, type BigWallet, type Population } from "./population.ts";

export const scenarioNames = [
  "uniform",
  "zipf",
  "hot-receiver",
  "hot-sender",
  "fund",
  "balance",
  "history",
  "mixed",
] as const;

export type ScenarioName = (typeof scenarioNames)[number];

export interface Scenario {
  readonly name: ScenarioName;
  /** Of the one wallet that is read. */
  readonly entries?: number;
  readonly writes: boolean;
  readonly hasFloor: boolean;
  readonly next: () => Operation;
}

/** Rows of one page: also the smallest of the big wallets fills it. */
const pageLimit = 10;

const zipfExponent = 1;
const readShare = 0.8;

const uniformly = (count: number) => Math.floor(Math.random() * count);

/** Draws ranks 0 .. count - 1, the first most often, with weights 1 / rank^exponent. */
function zipf(count: number, exponent: number): () => number {
  let sum = 0;
  const cumulated = Array.from({ length: count }, (_, rank) => (sum += (rank + 1) ** -exponent));
  return () => {
    const drawn = Math.random() * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulated[middle]! < drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Two different ones: the second is drawn until it differs. */
function twoOf(wallets: readonly string[], from: () => number, to: () => number): Operation {
  const sender = from();
  let receiver = to();
  while (receiver === sender) receiver = to();
  return transfer(wallets[sender]!, wallets[receiver]!);
}

function readBalance(walletId: string): Operation {
  return { method: "GET", path: `/wallets/${walletId}/balance` };
}

/** Half of them the newest page, half of them a page anywhere in the ledger. */
function readHistory({ walletId, entries }: BigWallet): Operation {
  const path = `/transactions?walletId=${walletId}&limit=${pageLimit}`;
  if (Math.random() < 0.5) return { method: "GET", path };
  const before = pageLimit + 1 + uniformly(entries - pageLimit + 1);
  const cursor = encodeCursor({ tenant: "main", walletId, filter: {} }, before);
  return { method: "GET", path: `${path}&cursor=${cursor}` };
}

/** The scenarios of one name: one, or one for each of the big wallets. */
export function scenariosOf(name: ScenarioName, { wallets, big }: Population): Scenario[] {
  const any = () => uniformly(wallets.length);
  const hot = () => 0;
  const other = () => 1 + uniformly(wallets.length - 1);
  const moving = (next: () => Operation): Scenario[] => [
    { name, writes: true, hasFloor: true, next },
  ];
  switch (name) {
    case "uniform":
      return moving(() => twoOf(wallets, any, any));
    case "zipf": {
      const draw = zipf(wallets.length, zipfExponent);
      return moving(() => twoOf(wallets, draw, draw));
    }
    case "hot-receiver":
      return moving(() => twoOf(wallets, other, hot));
    case "hot-sender":
      return moving(() => twoOf(wallets, hot, other));
    case "fund":
      return moving(() => funding(wallets[any()]!, 1));
    case "balance":
      return big.map((one) => ({
        name,
        entries: one.entries,
        writes: false,
        hasFloor: false,
        next: () => readBalance(one.walletId),
      }));
    case "history":
      return big.map((one) => ({
        name,
        entries: one.entries,
        writes: false,
        hasFloor: false,
        next: () => readHistory(one),
      }));
    case "mixed":
      return [{ name, writes: true, hasFloor: false, next: () => mixed(wallets) }];
  }
}

function mixed(wallets: readonly string[]): Operation {
  const any = () => uniformly(wallets.length);
  const drawn = Math.random();
  if (drawn >= readShare) return twoOf(wallets, any, any);
  const walletId = wallets[any()]!;
  if (drawn < readShare / 2) return readBalance(walletId);
  return { method: "GET", path: `/transactions?walletId=${walletId}` };
}
