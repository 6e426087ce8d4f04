// Shares questions to the logs among contested holds. Holds that are contested at the same time
// would ask the same logs about the same legs: they share a round, so that the cost grows with time
// and not with the number of holds. Decides nothing; the account acts on the answers.
import type { LegContent } from "../../domain/protocol/leg.ts";
import type { Learned } from "./ask-logs.ts";

export interface Round {
  /** Rounds are numbered in the order in which they begin. */
  readonly number: number;
  readonly transactionIds: ReadonlySet<string>;
  readonly learned: Promise<Learned>;
}

type Ask = (legs: readonly LegContent[]) => Promise<Learned>;

export class AskRounds {
  #latest = 0;
  readonly #underWay = new Set<Round>();

  /** The number of the latest round: those that begin from now on have greater ones. */
  get latest(): number {
    return this.#latest;
  }

  /** A round later than `after` that is under way and asks about one of these legs; else one
   *  that begins now, by `ask`. Rounds about other legs, such as those of another payment
   *  reference, are not waited for. */
  join(legs: readonly LegContent[], after: number, ask: Ask): Round {
    const isShared = ({ number, transactionIds }: Round) =>
      number > after && legs.some(({ transactionId }) => transactionIds.has(transactionId));
    return [...this.#underWay].find(isShared) ?? this.#begin(legs, ask);
  }

  #begin(legs: readonly LegContent[], ask: Ask): Round {
    const number = ++this.#latest;
    const transactionIds = new Set(legs.map(({ transactionId }) => transactionId));
    const learned = ask(legs).finally(() => this.#underWay.delete(round));
    const round: Round = { number, transactionIds, learned };
    this.#underWay.add(round);
    return round;
  }
}
