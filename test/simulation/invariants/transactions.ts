// Invariants between logs and accounts: a transaction is one thing, although it lies in several
// objects.
import type { LegState } from "../../../src/domain/protocol/leg-state.ts";
import type { SqlRow } from "../../../src/platform/storage.ts";
import { legsIn, referenceOf, type AccountBook } from "../books.ts";
import { addTo, signedAmount, type Sums } from "../sums.ts";
import type { Finding, Invariant, World } from "./invariant.ts";

function stateIn(book: AccountBook | undefined, id: string): LegState {
  if (book?.postedAs.has(id)) return "posted";
  return book?.isHeld(id) ? "held" : "none";
}

function* findEntriesWithoutCommit({ books, changed }: World): Iterable<Finding> {
  for (const book of changed.accounts) {
    for (const { transactionId: subject } of book.entries.slice(book.seenEntries)) {
      const state = books.transaction(subject)?.state ?? "unknown to its log";
      if (state !== "committed")
        yield { what: `posted in ${book.address.id} and ${state}`, subject };
    }
  }
}

function* findCommittedWithoutLegs({ books, changed }: World): Iterable<Finding> {
  for (const transaction of changed.logs.flatMap((log) => log.changed)) {
    if (transaction.state !== "committed") continue;
    for (const account of legsIn(transaction).keys()) {
      const state = stateIn(books.bookOf(transaction, account), transaction.id);
      const settled = !transaction.open;
      if (state === "none" || (settled && state !== "posted")) {
        const what = `committed${settled ? " and settled" : ""}, its leg in ${account}: ${state}`;
        yield { what, subject: transaction.id };
      }
    }
  }
}

/** Per tenant and currency, what the accounts hold and what committed transactions still owe them. */
function totals({ books }: World, withUnposted: boolean): Sums {
  const sums: Sums = new Map();
  for (const book of books.accounts.values()) {
    for (const [currency, sum] of book.sums) addTo(sums, `${currency} of ${book.tenant}`, sum);
  }
  if (!withUnposted) return sums;
  for (const transaction of books.transactions()) {
    if (!transaction.open || transaction.state !== "committed") continue;
    for (const [account, lines] of legsIn(transaction)) {
      if (books.bookOf(transaction, account)?.postedAs.has(transaction.id)) continue;
      for (const line of lines) {
        addTo(sums, `${line.currency} of ${transaction.tenant}`, signedAmount(line));
      }
    }
  }
  return sums;
}

function findUnbalanced(withUnposted: boolean) {
  return function* find(world: World): Iterable<Finding> {
    if (world.changed.accounts.length + world.changed.logs.length === 0) return;
    for (const [money, sum] of totals(world, withUnposted)) {
      if (sum !== 0n) yield { what: `${sum} ${money}` };
    }
  };
}

/** How much later than the first open transaction is due the alarm may be, in ms: the guard of a run
 *  that is at work, and a clock that jumped back. */
const alarmSlackMs = 30_000 + 70_000;

function* findUnalarmed({ changed }: World): Iterable<Finding> {
  for (const { object, openCount } of changed.logs) {
    if (openCount === 0 || object.alarmDropped) continue;
    const { alarm } = object.disk;
    const about = `${object.name} has ${openCount} open transactions`;
    if (alarm === null) yield { what: `${about} and no alarm` };
    const query = "SELECT min(next_attempt_at) AS due FROM transactions WHERE open = 1";
    const due = object.disk.query<{ due: number }>(query)[0]?.due ?? Infinity;
    // Of a clock that was ahead and was put back, the alarm stays where it was set until the next start.
    if ((alarm ?? 0) > Math.max(due, object.latestNow()) + alarmSlackMs) {
      yield { what: `${about}, due at ${due}, and its alarm comes at ${alarm}` };
    }
  }
}

function* findUnsettled({ books }: World): Iterable<Finding> {
  for (const { id, open, state } of books.transactions()) {
    if (open) yield { what: `still ${state}`, subject: id };
  }
}

function* findDoubleCredits({ books }: World): Iterable<Finding> {
  const credited = new Map<string, string>();
  for (const transaction of books.transactions()) {
    const reference = referenceOf(transaction);
    if (reference === undefined || transaction.state !== "committed") continue;
    const other = credited.get(reference);
    if (other) yield { what: `${reference} is credited by ${other} too`, subject: transaction.id };
    credited.set(reference, transaction.id);
  }
  for (const book of books.accounts.values()) {
    if (book.address.class !== "external-account" || book.entries.length === 0) continue;
    const claims = book.object.disk.query<SqlRow & { transaction_id: string }>(
      "SELECT transaction_id FROM claims",
    );
    const claimants = new Set(claims.map((claim) => claim.transaction_id));
    // A reversal shows the payment of its original, which has claimed it.
    const own = book.entries.filter(({ origin }) => origin === undefined);
    const missing = own.find((entry) => !claimants.has(entry.transactionId));
    const undone = claims.find((claim) => !book.postedAs.has(claim.transaction_id));
    const subject = missing?.transactionId ?? undone?.transaction_id;
    if (subject) yield { what: `claims and entries of ${book.address.id} differ`, subject };
  }
}

export const transactionInvariants: readonly Invariant[] = [
  {
    name: "only-commits-are-posted",
    promise: "A rejected or undecided transaction has no entry anywhere.",
    holds: "always",
    find: findEntriesWithoutCommit,
  },
  {
    name: "commits-have-all-legs",
    promise: "A committed transaction has all its legs, held or posted; once settled, posted.",
    holds: "always",
    find: findCommittedWithoutLegs,
  },
  {
    name: "money-is-conserved",
    promise:
      "Per tenant and currency, entries and committed legs that are not posted yet add up to 0.",
    holds: "always",
    find: findUnbalanced(true),
  },
  {
    name: "unfinished-work-has-an-alarm",
    promise: "A log shard with open transactions has an alarm, soon enough, that survives a crash.",
    holds: "always",
    find: findUnalarmed,
  },
  {
    name: "sums-are-zero",
    promise: "Per tenant and currency, the entries of all accounts add up to 0.",
    holds: "at quiescence",
    find: findUnbalanced(false),
  },
  {
    name: "everything-settles",
    promise: "No transaction stays open once faults have stopped.",
    holds: "at quiescence",
    find: findUnsettled,
  },
  {
    name: "one-credit-per-reference",
    promise: "A payment reference is credited by at most one transaction.",
    holds: "at quiescence",
    find: findDoubleCredits,
  },
];
