// Invariants of legs: all lines of a transaction in one account, posted together or not at all; and
// of what they claim.
import type { Entry } from "../../../src/domain/ledger/entry.ts";
import type { AccountLine } from "../../../src/domain/ledger/line.ts";
import type { SqlRow } from "../../../src/platform/storage.ts";
import { legsIn, type AccountBook, type Books } from "../books.ts";
import { addTo, type Sums } from "../sums.ts";
import type { Finding, Invariant, World } from "./invariant.ts";

/** What a log recorded for an account, in the order in which it has to be posted. */
function recordedLines({ books }: World, book: AccountBook, id: string): readonly AccountLine[] {
  const transaction = books.transaction(id);
  for (const [account, lines] of transaction ? legsIn(transaction) : []) {
    if (transaction && books.bookOf(transaction, account) !== book) continue;
    const debits = lines.filter(({ direction }) => direction === "debit");
    return [...debits, ...lines.filter(({ direction }) => direction === "credit")];
  }
  return [];
}

function posts(entry: Entry, line: AccountLine | undefined): boolean {
  return (
    entry.bucket === line?.bucket &&
    entry.direction === line.direction &&
    entry.amount === line.amount &&
    entry.currency === line.currency &&
    entry.counterparty === line.counterparty
  );
}

/** Entries of one transaction that stand next to each other. */
function* runsOf(entries: readonly Entry[]): Iterable<readonly Entry[]> {
  let run: Entry[] = [];
  for (const entry of entries) {
    if (run[0] && run[0].transactionId !== entry.transactionId) {
      yield run;
      run = [];
    }
    run.push(entry);
  }
  if (run.length > 0) yield run;
}

function* findPartialLegs(world: World): Iterable<Finding> {
  for (const book of world.changed.accounts) {
    for (const run of runsOf(book.entries.slice(book.seenEntries))) {
      const subject = run[0]?.transactionId ?? "";
      const lines = recordedLines(world, book, subject);
      const isWhole =
        run.length === lines.length &&
        run.every((entry, index) => entry.line === index + 1 && posts(entry, lines[index])) &&
        new Set(run.map(({ createdAt }) => createdAt)).size === 1;
      if (isWhole) continue;
      const what = `${run.length} entries of ${book.address.id} are not its ${lines.length} lines`;
      yield { what, subject };
    }
  }
}

interface ClaimRow extends SqlRow {
  key: string;
  transaction_id: string;
  amount: number;
}

function claimsIn({ object }: AccountBook): readonly ClaimRow[] {
  const isThere = object.disk.query("SELECT 1 FROM sqlite_master WHERE name = 'claims'").length > 0;
  return isThere ? object.disk.query<ClaimRow>("SELECT * FROM claims") : [];
}

/** What the lines of a posted origin have put into the account: in the first currency that came. */
export function creditsOf(book: AccountBook, origin: string): bigint {
  const own = book.entries.filter(({ transactionId }) => transactionId === origin);
  const all = own.filter(({ direction }) => direction === "credit");
  const credits = all.filter(({ currency }) => currency === all[0]?.currency);
  return credits.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}

function capacityOf(book: AccountBook, key: string): bigint {
  return key.startsWith("origin:") ? creditsOf(book, key.slice("origin:".length)) : 1n;
}

function isStanding(book: AccountBook, books: Books, id: string): boolean {
  return book.isHeld(id) || (book.postedAs.has(id) && books.transaction(id) !== undefined);
}

function* findExcessClaims({ books, changed }: World): Iterable<Finding> {
  for (const book of changed.accounts) {
    const used: Sums = new Map();
    for (const { key, transaction_id: subject, amount } of claimsIn(book)) {
      addTo(used, key, BigInt(amount));
      if (!isStanding(book, books, subject)) yield { what: `claims ${key} without a leg`, subject };
    }
    for (const [key, sum] of used) {
      if (sum > capacityOf(book, key)) yield { what: `${sum} of ${key}`, subject: book.address.id };
    }
  }
}

export const legInvariants: readonly Invariant[] = [
  {
    name: "legs-are-whole",
    promise:
      "Of a leg all entries are there or none: next to each other, at one time, as its log recorded.",
    holds: "always",
    find: findPartialLegs,
  },
  {
    name: "claims-within-capacity",
    promise: "The claims of a key, held and posted, stay within its capacity; each has a leg.",
    holds: "always",
    find: findExcessClaims,
  },
];
