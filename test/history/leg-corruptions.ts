// The ways to damage legs of several lines, and the times of decisions.
import { idIn, type BadHistory, type Row } from "./bad-history.ts";
import {
  NothingToDamage,
  forgetTimes,
  found,
  lastTransfer,
  restoreBoth,
  walletOf,
  type Corruption,
} from "./corruptions.ts";

const split = "/transactions";

/** A split of which one wallet has several entries, one after the other, and others behind them. */
export function lastSplit(history: BadHistory): { first: Row; second: Row; entries: Row[] } {
  for (const answer of history.answers(201, split).toReversed()) {
    for (const { entries } of history.ledgers) {
      const [first, second] = entries.filter(({ transactionId }) => transactionId === idIn(answer));
      const isInside = first !== undefined && first.provider === undefined;
      if (isInside && second && second !== entries.at(-1)) return { first, second, entries };
    }
  }
  throw new NothingToDamage();
}

export const legCorruptions: readonly Corruption[] = [
  {
    what: "an entry of another transaction between two of a split",
    breaks: ["torn_leg"],
    damage(history) {
      const { second, entries } = lastSplit(history);
      const at = entries.indexOf(second);
      history.remove(entries, second);
      entries.splice(at + 1, 0, second);
      history.restore(walletOf(entries));
      forgetTimes(history);
    },
  },
  {
    what: "half of a leg: one of its entries is missing",
    breaks: ["half_transfer", "sum_not_zero"],
    damage(history) {
      const { second, entries } = lastSplit(history);
      history.remove(entries, second);
      history.restore(walletOf(entries));
      history.forgetLookups(second.transactionId);
    },
  },
  {
    what: "two sides of a transfer that were decided at different times",
    breaks: ["misdated_entry"],
    damage(history) {
      const made = lastTransfer(history);
      found(made.rows[0]).decidedAt = "2020-01-01T00:00:00.000Z";
      restoreBoth(history, made);
    },
  },
];
