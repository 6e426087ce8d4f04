// The ways to break a promise: each damages a clean history so that exactly the named promises are
// broken, the first of them being the point of it.
import { transactionIdFor } from "../../src/domain/ids.ts";
import { idIn, type BadHistory, type Row } from "./bad-history.ts";
import { tenant } from "./model-service.ts";
import type { ViolationName } from "./violations.ts";

export interface Corruption {
  readonly what: string;
  readonly breaks: readonly ViolationName[];
  readonly damage: (history: BadHistory) => void;
}

export const fund = "/transactions/fund";
export const transfer = "/transactions/transfer";

/** The clean history has nothing that could be damaged like this. */
export class NothingToDamage extends Error {}

export function found<T>(item: T | undefined): T {
  if (item === undefined) throw new NothingToDamage();
  return item;
}

/** A late transfer: nothing depends on its money, and nothing acts on it. */
export function lastTransfer(history: BadHistory): {
  id: string;
  from: Row[];
  to: Row[];
  rows: Row[];
} {
  const made = history.answers(201, transfer);
  const id = idIn(found(made.findLast((answer) => history.isUntouched(idIn(answer)))));
  const rows = history.rows(id);
  const debit = found(rows.find(({ row }) => row.direction === "debit"));
  const credit = found(rows.find(({ row }) => row.direction === "credit"));
  history.forgetLookups(id);
  return { id, from: debit.entries, to: credit.entries, rows: [debit.row, credit.row] };
}

export function walletOf(entries: readonly Row[]): string {
  return found(entries[0]).walletId;
}

export function restoreBoth(history: BadHistory, { from, to }: { from: Row[]; to: Row[] }): void {
  history.restore(walletOf(from), walletOf(to));
}

/** Those that are the wallet's only entry of their transaction. */
export function singleEntries(entries: readonly Row[]): readonly Row[] {
  const legs = Map.groupBy(entries, ({ transactionId }) => transactionId);
  return [...legs.values()].filter((rows) => rows.length === 1).flat();
}

/** The same of what acts on no other transaction. */
function ownEntries(entries: readonly Row[]): readonly Row[] {
  const own = ["funding", "transfer", "withdrawal"];
  return singleEntries(entries).filter(({ type }) => own.includes(type));
}

function firstDebit({ ledgers }: BadHistory): { debit: Row; entries: Row[] } {
  for (const { entries } of ledgers) {
    const debit = ownEntries(entries).find(({ direction }) => direction === "debit");
    if (debit) return { debit, entries };
  }
  throw new NothingToDamage();
}

/** Everything was asked for at once, as far as the clients can tell. */
export function forgetTimes(history: BadHistory): void {
  for (const operation of history.operations) operation.completed = operation.invoked + 1e6;
}

export const ledgerCorruptions: readonly Corruption[] = [
  {
    what: "half a transfer: the receiver's entry is missing",
    breaks: ["half_transfer", "sum_not_zero"],
    damage(history) {
      const made = lastTransfer(history);
      history.remove(made.to, found(made.rows[1]));
      restoreBoth(history, made);
    },
  },
  {
    what: "a lost acknowledgement: no trace of a transfer that was answered 201",
    breaks: ["lost_acknowledgement"],
    damage(history) {
      const made = lastTransfer(history);
      history.remove(made.from, found(made.rows[0]));
      history.remove(made.to, found(made.rows[1]));
      restoreBoth(history, made);
    },
  },
  {
    what: "a refused funding that took effect",
    breaks: ["refused_effect", "duplicate_reference"],
    damage(history) {
      const refused = found(history.answers(409, fund).at(-1));
      const { walletId, paymentReference, amount, currency, ...details } = refused.request as Row;
      history.insert(walletId, {
        ...details,
        transactionId: transactionIdFor(tenant, found(refused.key)),
        type: "funding",
        bucket: "available",
        direction: "credit",
        counterparty: "external:default",
        amount,
        currency: currency ?? "USD",
        provider: "default",
        ...(paymentReference !== undefined && { paymentReference }),
      });
      history.restore(walletId);
    },
  },
  {
    what: "one key, two entries",
    breaks: ["doubled_effect", "sum_not_zero"],
    damage(history) {
      const made = lastTransfer(history);
      const credit = found(made.rows[1]);
      made.to.splice(made.to.indexOf(credit), 0, { ...credit });
      restoreBoth(history, made);
    },
  },
  {
    what: "entries of a transaction that was never asked for",
    breaks: ["phantom_entry"],
    damage(history) {
      const made = lastTransfer(history);
      const transactionId = transactionIdFor(tenant, "never-sent");
      const amount = 1;
      for (const row of made.rows) history.insert(row.walletId, { ...row, transactionId, amount });
      restoreBoth(history, made);
    },
  },
  {
    what: "an entry in a wallet that the transfer does not name",
    breaks: ["phantom_entry", "half_transfer"],
    damage(history) {
      const made = lastTransfer(history);
      const credit = found(made.rows[1]);
      const names = [walletOf(made.from), walletOf(made.to)];
      const other = found(history.ledgers.find(({ walletId }) => !names.includes(walletId)));
      history.remove(made.to, credit);
      history.insert(other.walletId, credit);
      history.restore(...names, other.walletId);
    },
  },
  {
    what: "a wrong amount, on both sides",
    breaks: ["wrong_amount"],
    damage(history) {
      const made = lastTransfer(history);
      for (const row of made.rows) row.amount -= 1;
      restoreBoth(history, made);
    },
  },
  {
    what: "a receiver who gets more than the sender pays",
    breaks: ["unbalanced", "wrong_amount", "sum_not_zero"],
    damage(history) {
      const made = lastTransfer(history);
      found(made.rows[1]).amount += 1;
      restoreBoth(history, made);
    },
  },
  {
    what: "an entry with another counterparty",
    breaks: ["wrong_entry"],
    damage(history) {
      const made = lastTransfer(history);
      found(made.rows[1]).counterparty = walletOf(made.to);
      restoreBoth(history, made);
    },
  },
  {
    what: "a payment reference that funds twice",
    breaks: ["duplicate_reference"],
    damage(history) {
      const references = new Set<unknown>();
      const funded = history.answers(201, fund).filter(({ request }) => {
        const { paymentReference } = request as Row;
        const fresh = !references.has(paymentReference);
        references.add(paymentReference);
        return fresh;
      });
      const [first, second] = [found(funded.at(-2)), found(funded.at(-1))];
      const { paymentReference } = first.request as { paymentReference: string };
      for (const { row, entries } of history.rows(idIn(second))) {
        row.paymentReference = paymentReference;
        history.restore(walletOf(entries));
      }
      for (const operation of history.operations.filter(({ key }) => key === second.key)) {
        (operation.request as Row).paymentReference = paymentReference;
        if (operation.status === 201 || operation.status === 202) {
          history.edit(operation, (body) => (body.paymentReference = paymentReference));
        }
      }
    },
  },
  {
    what: "a debit before the money came in",
    breaks: ["negative_balance"],
    damage(history) {
      const { debit, entries } = firstDebit(history);
      const walletId = walletOf(entries);
      history.remove(entries, debit);
      entries.unshift(debit);
      history.restore(walletId);
      forgetTimes(history);
    },
  },
  {
    what: "a balance beyond the exact range",
    breaks: ["balance_over_limit"],
    damage(history) {
      const { entries, walletId } = found(history.ledgers[0]);
      const isWanted = ({ type, transactionId }: Row) =>
        type === "funding" && history.isUntouched(transactionId);
      const credit = found(entries.find(isWanted));
      const request = history.operations.filter(
        ({ key }) => key !== undefined && transactionIdFor(tenant, key) === credit.transactionId,
      );
      credit.amount = Number.MAX_SAFE_INTEGER;
      for (const operation of request) {
        (operation.request as Row).amount = credit.amount;
        if (operation.status !== 201 && operation.status !== 202) continue;
        history.edit(operation, (body) => {
          body.amount = credit.amount;
          for (const leg of body.legs) leg.amount = credit.amount;
        });
      }
      history.restore(walletId);
    },
  },
  {
    what: "an order that contradicts the acknowledgements",
    breaks: ["order_inversion"],
    damage(history) {
      const { entries, walletId } = found(history.ledgers[0]);
      const credits = ownEntries(entries).filter(({ direction }) => direction === "credit");
      const last = found(credits.at(-1));
      history.remove(entries, last);
      entries.unshift(last);
      history.restore(walletId);
    },
  },
  {
    what: "a gap in the sequences",
    breaks: ["sequence_gap", "broken_chain"],
    damage(history) {
      const { entries, walletId } = found(history.ledgers[0]);
      history.restore(walletId);
      for (const row of entries.slice(5)) row.sequence += 1;
    },
  },
  {
    what: "an entry that was changed after it was hashed",
    breaks: ["broken_chain", "wrong_entry"],
    damage(history) {
      found(found(history.ledgers[1]).entries[3]).description = "rewritten";
    },
  },
  {
    what: "an entry older than the one before",
    breaks: ["time_reversed", "broken_chain", "misdated_entry"],
    damage(history) {
      found(found(history.ledgers[1]).entries[4]).createdAt = "2020-01-01T00:00:00.000Z";
    },
  },
  {
    what: "a balanceAfter that is not the sum",
    breaks: ["wrong_balance_after"],
    damage(history) {
      const { entries, walletId } = found(history.ledgers[0]);
      history.restore(walletId);
      found(entries[7]).balanceAfter += 1;
    },
  },
  {
    what: "a hold that is left at the end",
    breaks: ["leftover_hold"],
    damage(history) {
      const ledger = found(history.ledgers[0]);
      ledger.balance = (ledger.balance ?? "").replaceAll('"incoming":0', '"incoming":5');
    },
  },
  {
    what: "a transaction that never settles",
    breaks: ["unsettled"],
    damage(history) {
      history.end.unsettled = [idIn(found(history.answers(202, transfer)[0]))];
    },
  },
];
