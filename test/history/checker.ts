// The checker: a recorded history in, everything that it is guilty of out.
import { checkAnswers } from "./check-answers.ts";
import { checkBatches } from "./check-batches.ts";
import { checkEnds } from "./check-ends.ts";
import { checkLedgers } from "./check-ledgers.ts";
import { checkOrder, intervalsOf } from "./check-order.ts";
import { checkReads } from "./check-reads.ts";
import { checkDetails } from "./check-details.ts";
import { checkTransactions } from "./check-transactions.ts";
import type { RecordedHistory } from "./format.ts";
import { interpret, intervalOf, decidedVariant, type History } from "./history.ts";
import { checkSerializability, type OrderFigures } from "./serialization.ts";
import type { Violation } from "./violations.ts";

export interface Verdict {
  readonly violations: readonly Violation[];
  readonly figures: OrderFigures & {
    readonly operations: number;
    readonly transactions: number;
    readonly committed: number;
    /** Answered 201 at least once. */
    readonly acknowledged: number;
    readonly reads: number;
    /** Reads with `inFlight`, which need not be serializable. */
    readonly inFlight: number;
  };
}

export function checkHistory(recorded: RecordedHistory): Verdict {
  const violations: Violation[] = [];
  const report = (name: Violation["name"], detail: string) =>
    void violations.push({ name, detail });
  const history = interpret(recorded);
  checkLedgers(history, report);
  checkTransactions(history, report);
  checkEnds(history, report);
  checkDetails(history, report);
  checkAnswers(history, report);
  checkBatches(history, report);
  checkReads(history, report);
  const intervals = intervalsOf(history);
  const guilty = checkOrder(history, intervals, report);
  const order = checkSerializability(history, intervals, guilty, report);
  return { violations, figures: { ...countsOf(history), ...order } };
}

function countsOf(history: History) {
  const asked = [...history.transactions.values()].filter(({ variants }) => variants.size > 0);
  const acknowledged = asked.filter((transaction) => {
    const variant = decidedVariant(transaction);
    return variant && intervalOf(variant, transaction).acknowledged < Infinity;
  });
  return {
    operations: history.operations.length,
    transactions: asked.length,
    committed: asked.filter(({ entries }) => entries.length > 0).length,
    acknowledged: acknowledged.length,
    reads: history.reads.length,
    inFlight: history.reads.filter(({ body }) => body.inFlight !== undefined).length,
  };
}
