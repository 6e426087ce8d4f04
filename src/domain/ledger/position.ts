// An account's position: from net amounts and undecided legs to the figures that a client sees.
// Pure.
import { available, add, type Net, type Direction } from "./money.ts";

/** Minor units of one currency. `held`, `incoming`: undecided debits and credits. */
export interface Position {
  readonly currency: string;
  readonly balance: number;
  readonly available: number;
  readonly held: number;
  readonly incoming: number;
}

export interface OpenLeg {
  readonly direction: Direction;
  readonly currency: string;
  readonly amount: number;
}

/** The undecided amounts of one currency. */
export function heldAmounts(
  legs: readonly OpenLeg[],
  currency: string,
): { readonly debits: number; readonly credits: number } {
  let debits = 0;
  let credits = 0;
  for (const leg of legs) {
    if (leg.currency !== currency) continue;
    if (leg.direction === "debit") debits = add(debits, leg.amount);
    else credits = add(credits, leg.amount);
  }
  return { debits, credits };
}

/** One position for each currency ever held or now incoming, in alphabetical order. */
export function positionsOf(net: Net, legs: readonly OpenLeg[]): Position[] {
  const currencies = new Set([...Object.keys(net), ...legs.map((leg) => leg.currency)]);
  return [...currencies].toSorted().map((currency) => {
    const balance = net[currency] ?? 0;
    const { debits, credits } = heldAmounts(legs, currency);
    const free = available(balance, debits);
    return { currency, balance, available: free, held: debits, incoming: credits };
  });
}
