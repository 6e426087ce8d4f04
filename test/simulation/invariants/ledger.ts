// Invariants of single accounts: what each ledger promises by itself.
import { amountMax, openLegsMax } from "../../../src/domain/limits.ts";
import type { FreezeScope } from "../../../src/domain/admission/rule.ts";
import { linesOfRow, type LegRow } from "../../../src/durable-objects/account/rows.ts";
import type { SqlRow } from "../../../src/platform/storage.ts";
import { entryHash, genesis } from "../../oracle/reckoning.ts";
import type { AccountBook, HeldLeg } from "../books.ts";
import { addTo, currenciesOf, netIn, pileOf, signedAmount, type Sums } from "../sums.ts";
import type { Finding, Invariant, World } from "./invariant.ts";

/** What held legs take from each pile. */
function heldDebits(book: AccountBook): Sums {
  const sums: Sums = new Map();
  for (const line of book.held.flatMap(({ lines }) => lines)) {
    if (line.direction === "debit") addTo(sums, pileOf(line), BigInt(line.amount));
  }
  return sums;
}

/** What held legs bring into the account in each currency. */
function heldIncome(book: AccountBook): Sums {
  const sums: Sums = new Map();
  for (const { lines } of book.held) {
    for (const currency of currenciesOf(lines)) {
      const net = netIn(lines, currency);
      if (net > 0n) addTo(sums, currency, net);
    }
  }
  return sums;
}

function changedWallets({ changed }: World): readonly AccountBook[] {
  return changed.accounts.filter(({ address }) => address.class === "wallet");
}

function* findOverdrawn(world: World): Iterable<Finding> {
  for (const book of changedWallets(world)) {
    const running: Sums = new Map();
    const check = (pile: string, free: bigint, when: string): Finding[] =>
      free >= 0n ? [] : [{ what: `${free} ${pile} ${when}`, subject: book.address.id }];
    for (const entry of book.entries) {
      const pile = pileOf(entry);
      addTo(running, pile, signedAmount(entry));
      if (entry.sequence <= book.seenEntries) continue;
      yield* check(pile, running.get(pile) ?? 0n, `after entry ${entry.sequence}`);
    }
    for (const [pile, held] of heldDebits(book)) {
      yield* check(pile, (running.get(pile) ?? 0n) - held, "with held debits");
    }
  }
}

function* findOverLimit(world: World): Iterable<Finding> {
  for (const book of changedWallets(world)) {
    const credits = heldIncome(book);
    for (const currency of new Set([...book.sums.keys(), ...credits.keys()])) {
      const sum = (book.sums.get(currency) ?? 0n) + (credits.get(currency) ?? 0n);
      if (sum > BigInt(amountMax)) {
        yield { what: `${sum} ${currency} with held credits`, subject: book.address.id };
      }
    }
  }
}

function* findBrokenChain({ changed }: World): Iterable<Finding> {
  for (const book of changed.accounts) {
    for (const [index, entry] of book.entries.entries()) {
      if (index < book.seenEntries) continue;
      const subject = book.address.id;
      const before = book.entries[index - 1];
      const previousHash = before?.hash ?? genesis(book.tenant, book.address);
      const broken =
        (entry.sequence !== index + 1 && "sequence") ||
        (entry.previousHash !== previousHash && "previous hash") ||
        (entry.hash !== entryHash(previousHash, entry) && "hash") ||
        (before && entry.createdAt < before.createdAt && "time") ||
        (entry.createdAt < entry.decidedAt && "decision");
      if (broken) yield { what: `${broken} of entry ${entry.sequence}`, subject };
    }
  }
}

/** Whether a freeze stops what a leg does to the account: one of debits lets through what ends or
 *  reverses another transaction. */
export function isStopped(freeze: FreezeScope, { lines, origin }: HeldLeg): boolean {
  const nets = [...currenciesOf(lines)].map((currency) => netIn(lines, currency));
  const stopsDebits = freeze === "all" || (freeze === "debits" && origin === undefined);
  const stopsCredits = freeze === "credits" || freeze === "all";
  return nets.some((net) => (net < 0n && stopsDebits) || (net > 0n && stopsCredits));
}

function* findDebitsWhileFrozen(world: World): Iterable<Finding> {
  for (const { freeze, freezeBefore, newlyHeld, address } of changedWallets(world)) {
    for (const leg of newlyHeld) {
      if (!isStopped(freeze, leg) || !isStopped(freezeBefore, leg)) continue;
      yield { what: `${address.id} is frozen and holds it`, subject: leg.transactionId };
    }
  }
}

function* findCrowded({ changed }: World): Iterable<Finding> {
  for (const { held, address } of changed.accounts) {
    if (held.length > openLegsMax) yield { what: `${held.length} open legs`, subject: address.id };
  }
}

interface CheckpointRow extends SqlRow {
  sequence: number;
  sums: string;
  decided_at: number;
  lag: number;
}

interface CurrencySums {
  available: bigint;
  reserved: bigint;
  debited: bigint;
}

/** A checkpoint of these entries, with its currencies in alphabetical order. */
function reckoned(entries: AccountBook["entries"]): string {
  const sums = new Map<string, CurrencySums>();
  for (const entry of entries) {
    const { currency, bucket, direction } = entry;
    const one = sums.get(currency) ?? { available: 0n, reserved: 0n, debited: 0n };
    one[bucket] += signedAmount(entry);
    const isSpent = direction === "debit" && bucket === "available" && entry.origin === undefined;
    if (isSpent) one.debited += BigInt(entry.amount);
    sums.set(currency, one);
  }
  const shown = [...sums].map(([currency, { available, reserved, debited }]) => [
    currency,
    { available: Number(available), reserved: Number(reserved), debited: String(debited) },
  ]);
  const decidedAt = Math.max(...entries.map((entry) => entry.decidedAt));
  const lag = Math.max(...entries.map((entry) => entry.createdAt - entry.decidedAt));
  return JSON.stringify([byName(shown), decidedAt, lag]);
}

function byName(pairs: readonly unknown[][]): unknown[][] {
  return pairs.toSorted(([left], [right]) => (String(left) < String(right) ? -1 : 1));
}

function* findWrongCheckpoints({ books }: World): Iterable<Finding> {
  for (const book of books.wallets()) {
    if (book.entries.length === 0) continue;
    const query = "SELECT * FROM checkpoints ORDER BY sequence";
    for (const row of book.object.disk.query<CheckpointRow>(query)) {
      const sums = Object.entries(JSON.parse(row.sums) as Record<string, unknown>);
      const kept = JSON.stringify([byName(sums), row.decided_at, row.lag]);
      const expected = reckoned(book.entries.slice(0, row.sequence));
      if (kept === expected) continue;
      const what = `checkpoint ${row.sequence}: ${kept} instead of ${expected}`;
      yield { what, subject: book.address.id };
    }
  }
}

function* findUnresolvedLegs({ books }: World): Iterable<Finding> {
  for (const book of books.accounts.values()) {
    if (!book.object.disk.query("SELECT 1 FROM sqlite_master WHERE name = 'legs'").length) continue;
    const legs = book.object.disk.query<LegRow>("SELECT * FROM legs");
    const postedBy = new Map<number, string>();
    const ids = new Set<string>();
    for (const leg of legs) {
      const subject = leg.transaction_id;
      if (ids.has(subject)) yield { what: `two legs in ${book.address.id}`, subject };
      ids.add(subject);
      if (leg.open === 1) yield { what: `still held in ${book.address.id}`, subject };
      if (leg.sequence === null) continue;
      linesOfRow(leg).forEach((_, index) => postedBy.set((leg.sequence ?? 0) - index, subject));
    }
    for (const entry of book.entries) {
      const subject = entry.transactionId;
      if (postedBy.get(entry.sequence) !== subject) {
        yield { what: `entry ${entry.sequence} of ${book.address.id} posts no leg`, subject };
      }
      postedBy.delete(entry.sequence);
    }
    for (const [sequence, subject] of postedBy) {
      yield { what: `posted as ${sequence} in ${book.address.id}, without an entry`, subject };
    }
  }
}

export const ledgerInvariants: readonly Invariant[] = [
  {
    name: "available-never-negative",
    promise:
      "No bucket of a wallet has spent, or holds for spending, more than it has: at every prefix.",
    holds: "always",
    find: findOverdrawn,
  },
  {
    name: "headroom-kept",
    promise: "A balance with everything that may still arrive stays within 2^53 - 1.",
    holds: "always",
    find: findOverLimit,
  },
  {
    name: "chain-unbroken",
    promise:
      "Entries are numbered 1, 2, 3, ..., in time order, after their decisions, and chained by hash.",
    holds: "always",
    find: findBrokenChain,
  },
  {
    name: "frozen-admits-no-debit",
    promise:
      "A frozen wallet holds no new debit, unless it ends or reverses another; what it held before " +
      "is still posted.",
    holds: "always",
    find: findDebitsWhileFrozen,
  },
  {
    name: "open-legs-are-few",
    promise: "No account has more open legs than a read can ask about (256).",
    holds: "always",
    find: findCrowded,
  },
  {
    name: "checkpoints-are-sums",
    promise:
      "A checkpoint is what the entries up to it add up to, with their newest decision and lag.",
    holds: "at quiescence",
    find: findWrongCheckpoints,
  },
  {
    name: "holds-resolved-once",
    promise: "No leg stays held; each is either void or posted, with one entry for each line.",
    holds: "at quiescence",
    find: findUnresolvedLegs,
  },
];
