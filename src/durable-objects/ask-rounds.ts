// The rounds of asks that an account has under way. Holds that are contested at the same time would
// ask the same logs about the same legs: they share a round, so that the cost of asking grows with
// time and not with the number of holds. Decides nothing: what is learned is up to the account.
import type { Learned } from "./inquiry.ts";

export interface Round {
  /** Rounds are numbered in the order in which they begin. */
  readonly number: number;
  readonly transactionIds: ReadonlySet<string>;
  readonly learned: Promise<Learned>;
}

export class AskRounds {
  #latest = 0;
  readonly #underWay = new Set<Round>();

  /** The number of the latest round: those that begin from now on have greater ones. */
  get latest(): number {
    return this.#latest;
  }

  /** A round later than `after` that is under way and asks about one of the transactions; else one
   *  that begins now, by `ask`. Rounds about other transactions, such as those of another payment
   *  reference, are not waited for. */
  join(transactionIds: readonly string[], after: number, ask: () => Promise<Learned>): Round {
    const isShared = (round: Round) =>
      round.number > after && transactionIds.some((id) => round.transactionIds.has(id));
    return [...this.#underWay].find(isShared) ?? this.#begin(transactionIds, ask);
  }

  #begin(transactionIds: readonly string[], ask: () => Promise<Learned>): Round {
    const number = ++this.#latest;
    const learned = ask().finally(() => this.#underWay.delete(round));
    const round: Round = { number, transactionIds: new Set(transactionIds), learned };
    this.#underWay.add(round);
    return round;
  }
}
