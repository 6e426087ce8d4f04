// Invariants of value time: by the moment of its decision, a transaction is one thing at all past
// moments too, and nothing is dated before what it spends.
import type { Entry } from "../../../src/domain/ledger/entry.ts";
import type { AccountBook } from "../books.ts";
import { addTo, pileOf, signedAmount, type Sums } from "../sums.ts";
import type { Finding, Invariant, World } from "./invariant.ts";

function* findOtherTimes({ books, changed }: World): Iterable<Finding> {
  for (const { address, entries, seenEntries } of changed.accounts) {
    for (const { transactionId: subject, decidedAt } of entries.slice(seenEntries)) {
      const decided = books.transaction(subject)?.decidedTime;
      if (decidedAt === decided) continue;
      yield { what: `decided at ${decided}, and in ${address.id} at ${decidedAt}`, subject };
    }
  }
}

function byDecision(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const groups = [...Map.groupBy(entries, ({ decidedAt }) => decidedAt)];
  return groups.toSorted(([left], [right]) => left - right).map(([, group]) => group);
}

/** Whether the account posted something that was dated by a wrong clock: that is spent in the order
 *  in which it came. */
function isMisdated({ misdated }: World, { postedAs }: AccountBook): boolean {
  return [...misdated].some((id) => postedAs.has(id));
}

function* findSpentBeforehand(world: World): Iterable<Finding> {
  for (const book of world.changed.accounts) {
    if (book.address.class !== "wallet" || book.entries.length === book.seenEntries) continue;
    if (isMisdated(world, book)) continue;
    const piles: Sums = new Map();
    for (const group of byDecision(book.entries)) {
      for (const entry of group) addTo(piles, pileOf(entry), signedAmount(entry));
      for (const entry of group) {
        const free = piles.get(pileOf(entry)) ?? 0n;
        if (free >= 0n) continue;
        const what = `${free} ${pileOf(entry)} in ${book.address.id} at ${entry.decidedAt}`;
        yield { what, subject: entry.transactionId };
      }
    }
  }
}

/** From which moment on something that is decided has still to be posted. */
function firstUnsettled({ books }: World): number {
  let first = Infinity;
  for (const { open, state, decidedTime = Infinity } of books.transactions()) {
    if (open && state === "committed") first = Math.min(first, decidedTime);
  }
  return first;
}

/** Every moment of the past at which nothing is open, whenever one more is settled. */
function* findUnbalancedPast(world: World): Iterable<Finding> {
  const settled = world.changed.logs.some(({ changed }) => changed.some(({ open }) => !open));
  if (!settled) return;
  const moments = new Map<number, Sums>();
  for (const { tenant, entries } of world.books.accounts.values()) {
    for (const entry of entries) {
      const sums: Sums = moments.get(entry.decidedAt) ?? new Map<string, bigint>();
      moments.set(entry.decidedAt, sums);
      addTo(sums, `${entry.currency} of ${tenant}`, signedAmount(entry));
    }
  }
  const until = firstUnsettled(world);
  const totals: Sums = new Map();
  for (const [moment, sums] of [...moments].toSorted(([left], [right]) => left - right)) {
    if (moment >= until) return;
    for (const [money, sum] of sums) addTo(totals, money, sum);
    for (const [money, sum] of totals) {
      if (sum !== 0n) yield { what: `${sum} ${money} at ${moment}` };
    }
  }
}

function* findIgnoredClocks({ misdated, clocksJumped }: World): Iterable<Finding> {
  if (clocksJumped) return;
  for (const subject of misdated) yield { what: "a clock is called wrong", subject };
}

export const valueTimeInvariants: readonly Invariant[] = [
  {
    name: "decided-at-one-time",
    promise: "All entries of a transaction bear the time at which its log decided it.",
    holds: "always",
    find: findOtherTimes,
  },
  {
    name: "spent-after-received",
    promise:
      "At every past moment, by decisions, no bucket of a wallet is below 0; unless a clock was wrong.",
    holds: "always",
    find: findSpentBeforehand,
  },
  {
    name: "past-sums-are-zero",
    promise:
      "At every past moment, once what was decided until then is posted, all accounts add up to 0.",
    holds: "always",
    find: findUnbalancedPast,
  },
  {
    name: "right-clocks-are-followed",
    promise: "While no clock jumps, no decision leaves a posting of its accounts out of account.",
    holds: "at quiescence",
    find: findIgnoredClocks,
  },
];
