// An account's position: from net amounts and undecided legs to the figures that a client sees.
// Pure.
import type { Bucket, Line } from "./line.ts";
import { add, signed } from "./money.ts";

/** Net amounts of one currency, in minor units. */
export type Amounts = Readonly<Record<Bucket, number>>;

/** The same for each currency. */
export type Net = Readonly<Record<string, Amounts>>;

export const nothing: Amounts = { available: 0, reserved: 0 };

/** A signed amount in a pile of money. */
export type Move = readonly [Bucket, currency: string, amount: number];

/** Net amounts while they are added up, in place: histories are long. */
export class RunningNet {
  readonly #sums = new Map<string, Record<Bucket, number>>();

  constructor(net: Net) {
    for (const [currency, amounts] of Object.entries(net)) this.#sums.set(currency, { ...amounts });
  }

  /** Returns what its pile holds afterwards. */
  add([bucket, currency, amount]: Move): number {
    const sum = this.#sums.get(currency) ?? { ...nothing };
    sum[bucket] = add(sum[bucket], amount);
    this.#sums.set(currency, sum);
    return sum[bucket];
  }

  net(): Net {
    return Object.fromEntries(this.#sums);
  }
}

export function moveOf({ bucket, direction, amount, currency }: Line): Move {
  return [bucket, currency, signed(direction, amount)];
}

/** What all moves together have moved. */
export function addMoves(net: Net, moves: Iterable<Move>): Net {
  const running = new RunningNet(net);
  for (const move of moves) running.add(move);
  return running.net();
}

/** What all lines together have moved. */
export function addLines(net: Net, lines: Iterable<Line>): Net {
  return addMoves(net, Array.from(lines, moveOf));
}

export function balanceOf({ available, reserved }: Amounts): number {
  return add(available, reserved);
}

/** What undecided legs would do to one currency of an account, in minor units. */
export interface Undecided {
  /** Debits of `available`: spent already, as far as others are concerned. */
  readonly debits: number;
  /** What enters the account, moves between its own buckets left out. */
  readonly incoming: number;
}

/** What a leg brings into its account in one currency, less what it takes. Not money that is there:
 *  a sum that may be negative. */
export function netOf(lines: readonly Line[], currency: string): number {
  let net = 0;
  for (const line of lines) {
    if (line.currency === currency) net = add(net, signed(line.direction, line.amount));
  }
  return net;
}

/** The sum of a leg's debits of `available`. */
export function debitsOf(lines: readonly Line[], currency: string): number {
  const debits = lines.filter(
    (line) =>
      line.currency === currency && line.bucket === "available" && line.direction === "debit",
  );
  return debits.reduce((sum, { amount }) => add(sum, amount), 0);
}

export function undecidedOf(
  legs: readonly { readonly lines: readonly Line[] }[],
  currency: string,
): Undecided {
  let debits = 0;
  let incoming = 0;
  for (const { lines } of legs) {
    debits = add(debits, debitsOf(lines, currency));
    incoming = add(incoming, Math.max(0, netOf(lines, currency)));
  }
  return { debits, incoming };
}

/** Minor units of one currency. `held`: reserved, and undecided debits of what was available.
 *  `incoming`: net credits of undecided legs. */
export interface Position {
  readonly currency: string;
  readonly balance: number;
  readonly available: number;
  readonly reserved: number;
  readonly held: number;
  readonly incoming: number;
}

/** One position for each currency ever held or now incoming, in alphabetical order. */
export function positionsOf(
  net: Net,
  legs: readonly { readonly lines: readonly Line[] }[],
): Position[] {
  const lines = legs.flatMap((leg) => leg.lines);
  const currencies = new Set([...Object.keys(net), ...lines.map(({ currency }) => currency)]);
  return [...currencies].toSorted().map((currency) => {
    const amounts = net[currency] ?? nothing;
    const { debits, incoming } = undecidedOf(legs, currency);
    return {
      currency,
      balance: balanceOf(amounts),
      available: add(amounts.available, -debits),
      reserved: amounts.reserved,
      held: add(amounts.reserved, debits),
      incoming,
    };
  });
}
