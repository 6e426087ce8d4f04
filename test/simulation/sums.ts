// Sums of lines, exact at any size: of a currency, or of what lies in one of its buckets.
import type { Line } from "../../src/domain/ledger/line.ts";

/** Signed sums: per currency, or per pile of it. BigInt: an observer's sums may leave the range of
 *  the ledger's. */
export type Sums = Map<string, bigint>;

export function addTo(sums: Sums, name: string, amount: bigint): void {
  sums.set(name, (sums.get(name) ?? 0n) + amount);
}

export function signedAmount(line: Pick<Line, "direction" | "amount">): bigint {
  return line.direction === "credit" ? BigInt(line.amount) : -BigInt(line.amount);
}

/** What lines bring in a currency, less what they take. */
export function netIn(lines: readonly Line[], currency: string): bigint {
  const own = lines.filter((line) => line.currency === currency);
  return own.reduce((sum, line) => sum + signedAmount(line), 0n);
}

export function currenciesOf(lines: readonly Line[]): ReadonlySet<string> {
  return new Set(lines.map(({ currency }) => currency));
}

/** Money of one currency in one bucket. */
export function pileOf({ bucket, currency }: Pick<Line, "bucket" | "currency">): string {
  return `${bucket} ${currency}`;
}
