// Invariants of single accounts: what each ledger promises by itself.
import { amountMax, openLegsMax } from "../../../src/domain/limits.ts";
import type { SqlRow } from "../../../src/platform/storage.ts";
import { entryHash, genesis } from "../../oracle/reckoning.ts";
import { addTo, signedAmount, type AccountBook, type HeldLeg, type Sums } from "../books.ts";
import type { Finding, Invariant, World } from "./invariant.ts";

interface LegRow extends HeldLeg {
  open: number;
  sequence: number | null;
}

function heldSums(book: AccountBook, direction: HeldLeg["direction"]): Sums {
  const sums: Sums = new Map();
  for (const leg of book.held) {
    if (leg.direction === direction) addTo(sums, leg.currency, BigInt(leg.amount));
  }
  return sums;
}

function changedWallets({ changed }: World): readonly AccountBook[] {
  return changed.accounts.filter(({ address }) => address.class === "wallet");
}

function* findOverdrawn(world: World): Iterable<Finding> {
  for (const book of changedWallets(world)) {
    const running: Sums = new Map();
    const check = (currency: string, free: bigint, when: string): Finding[] =>
      free >= 0n ? [] : [{ what: `${free} ${currency} ${when}`, subject: book.address.id }];
    for (const entry of book.entries) {
      addTo(running, entry.currency, signedAmount(entry));
      if (entry.sequence <= book.seenEntries) continue;
      const free = running.get(entry.currency) ?? 0n;
      yield* check(entry.currency, free, `after entry ${entry.sequence}`);
    }
    for (const [currency, held] of heldSums(book, "debit")) {
      yield* check(currency, (running.get(currency) ?? 0n) - held, "with held debits");
    }
  }
}

function* findOverLimit(world: World): Iterable<Finding> {
  for (const book of changedWallets(world)) {
    const credits = heldSums(book, "credit");
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
        (before && entry.createdAt < before.createdAt && "time");
      if (broken) yield { what: `${broken} of entry ${entry.sequence}`, subject };
    }
  }
}

function* findDebitsWhileFrozen(world: World): Iterable<Finding> {
  for (const book of changedWallets(world)) {
    if (!book.frozen || !book.wasFrozen) continue;
    for (const leg of book.newlyHeld) {
      if (leg.direction === "debit") {
        yield { what: `a debit of ${book.address.id} is held`, subject: leg.transaction_id };
      }
    }
  }
}

function* findCrowded({ changed }: World): Iterable<Finding> {
  for (const { held, address } of changed.accounts) {
    if (held.length > openLegsMax) yield { what: `${held.length} open legs`, subject: address.id };
  }
}

function* findWrongCheckpoints({ books }: World): Iterable<Finding> {
  for (const book of books.wallets()) {
    if (book.entries.length === 0) continue;
    const query = "SELECT sequence, net FROM checkpoints ORDER BY sequence";
    const rows = book.object.disk.query<SqlRow & { sequence: number; net: string }>(query);
    for (const { sequence, net } of rows) {
      const sums: Sums = new Map();
      for (const entry of book.entries.slice(0, sequence)) {
        addTo(sums, entry.currency, signedAmount(entry));
      }
      const expected = JSON.stringify(
        Object.fromEntries([...sums].map(([c, n]) => [c, Number(n)])),
      );
      const same = sortedJson(net) === sortedJson(expected);
      const subject = book.address.id;
      if (!same) yield { what: `checkpoint ${sequence}: ${net} instead of ${expected}`, subject };
    }
  }
}

function sortedJson(text: string): string {
  const pairs = Object.entries(JSON.parse(text) as Record<string, number>);
  return JSON.stringify(pairs.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function* findUnresolvedLegs({ books }: World): Iterable<Finding> {
  for (const book of books.accounts.values()) {
    if (!book.object.disk.query("SELECT 1 FROM sqlite_master WHERE name = 'legs'").length) continue;
    const legs = book.object.disk.query<LegRow>("SELECT * FROM legs");
    const bySequence = new Map<number, string>();
    const ids = new Set<string>();
    for (const leg of legs) {
      const subject = leg.transaction_id;
      if (ids.has(subject)) yield { what: `two legs in ${book.address.id}`, subject };
      ids.add(subject);
      if (leg.open === 1) yield { what: `still held in ${book.address.id}`, subject };
      if (leg.sequence !== null) bySequence.set(leg.sequence, subject);
    }
    for (const entry of book.entries) {
      const subject = entry.transactionId;
      if (bySequence.get(entry.sequence) !== subject) {
        yield { what: `entry ${entry.sequence} of ${book.address.id} posts no leg`, subject };
      }
      bySequence.delete(entry.sequence);
    }
    for (const [sequence, subject] of bySequence) {
      yield { what: `posted as ${sequence} in ${book.address.id}, without an entry`, subject };
    }
    const posted = new Set(book.entries.map((entry) => entry.transactionId));
    if (posted.size < book.entries.length) {
      yield { what: "a transaction is posted twice", subject: book.address.id };
    }
  }
}

export const ledgerInvariants: readonly Invariant[] = [
  {
    name: "available-never-negative",
    promise: "No wallet has spent, or holds for spending, more than it has: at every prefix.",
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
    promise: "Entries are numbered 1, 2, 3, ..., in time order, and chained by hash from genesis.",
    holds: "always",
    find: findBrokenChain,
  },
  {
    name: "frozen-admits-no-debit",
    promise: "A frozen wallet holds no new debit; what it held before is still posted.",
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
    promise: "A checkpoint is the sum of the entries up to it.",
    holds: "at quiescence",
    find: findWrongCheckpoints,
  },
  {
    name: "holds-resolved-once",
    promise: "No leg stays held; each is either void or posted as exactly one entry.",
    holds: "at quiescence",
    find: findUnresolvedLegs,
  },
];
