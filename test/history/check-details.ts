// What reading a transaction shows of its end and its reversals, against the ledgers.
import { endingOf, expiresAtOf, givenBack } from "./check-ends.ts";
import { intervalOf, type History, type Transaction } from "./history.ts";
import type { Lookup } from "./reads.ts";
import type { Report } from "./violations.ts";

export function checkDetails(history: History, report: Report): void {
  for (const transaction of history.transactions.values()) {
    for (const lookup of transaction.lookups) {
      if (lookup.status !== "committed") continue;
      checkEnd(lookup, transaction, history, report);
      checkReversals(lookup, transaction, history, report);
      checkAge(lookup, transaction, history, report);
    }
  }
}

function lineOf(history: History, { operation, transactionId }: Lookup): string {
  return `line ${history.lineOf.get(operation)}: ${transactionId}`;
}

function actOn(transaction: Transaction, id: string | undefined, { acts }: History) {
  return acts.get(transaction)?.find((act) => act.transaction.id === id);
}

function checkEnd(
  lookup: Lookup,
  transaction: Transaction,
  history: History,
  report: Report,
): void {
  if (!lookup.authorization) return;
  const { status, endedBy, expiresAt } = lookup.authorization;
  const end = actOn(transaction, endedBy, history);
  const isTrue = status === "open" ? endedBy === undefined : end && endingOf(end) === status;
  const line = lineOf(history, lookup);
  if (isTrue !== true) report("wrong_details", `${line} is ${status} by ${endedBy}`);
  if (expiresAtOf(transaction) !== Date.parse(expiresAt)) {
    report("wrong_details", `${line} expires at ${expiresAt} and at another time`);
  }
}

function checkReversals(
  lookup: Lookup,
  transaction: Transaction,
  history: History,
  report: Report,
): void {
  const { reversals = [], reversedAmount } = lookup;
  const untrue = reversals.filter(({ id, amount }) => {
    const act = actOn(transaction, id, history);
    return !act || (amount !== undefined && amount !== givenBack(act.variant));
  });
  const sum = reversals.reduce((total, { amount = 0 }) => total + amount, 0);
  const isWrongSum = reversedAmount !== undefined && reversedAmount !== sum;
  if (untrue.length === 0 && !isWrongSum) return;
  const shown = `${reversedAmount} by ${reversals.map(({ id }) => id).join()}`;
  report("wrong_details", `${lineOf(history, lookup)} is reversed by ${shown}`);
}

/** What was acknowledged before is shown. */
function checkAge(
  lookup: Lookup,
  transaction: Transaction,
  history: History,
  report: Report,
): void {
  const { operation, authorization, reversals = [] } = lookup;
  const shown = new Set([authorization?.endedBy, ...reversals.map(({ id }) => id)]);
  const { clockErrorMs = 0 } = history.header;
  for (const act of history.acts.get(transaction) ?? []) {
    const { acknowledged } = intervalOf(act.variant, act.transaction);
    if (acknowledged + clockErrorMs >= operation.invoked || shown.has(act.transaction.id)) continue;
    const missing = `${act.transaction.id} after its acknowledgement`;
    report("stale_read", `${lineOf(history, lookup)} does not show ${missing}`);
  }
}
