// Invariants of transactions that end or reverse others, and of the money that waits for an end.
// Entries, and the tables of the logs, say it all: no rule of the service is asked.
import type { Entry } from "../../../src/domain/ledger/entry.ts";
import type { SqlRow } from "../../../src/platform/storage.ts";
import { legsIn, type AccountBook, type LogBook, type Recorded } from "../books.ts";
import { addTo, pileOf, signedAmount, type Sums } from "../sums.ts";
import type { Finding, Invariant, World } from "./invariant.ts";

interface Authorization extends Recorded {
  readonly expiresAt: number;
}

function isReserved({ bucket }: Entry): boolean {
  return bucket === "reserved";
}

function newEntriesOf({ entries, seenEntries }: AccountBook): readonly Entry[] {
  return entries.slice(seenEntries);
}

function* findReservedForNothing({ changed }: World): Iterable<Finding> {
  for (const { entries, address } of changed.accounts) {
    const reserved = entries.filter(isReserved);
    const ended = new Set(reserved.flatMap(({ origin }) => origin ?? []));
    const sums: Sums = new Map();
    for (const entry of reserved) {
      addTo(sums, entry.currency, signedAmount(entry));
      const waits = entry.origin === undefined && !ended.has(entry.transactionId);
      if (waits) addTo(sums, entry.currency, -signedAmount(entry));
    }
    for (const [currency, sum] of sums) {
      if (sum !== 0n) yield { what: `${sum} ${currency} wait for nothing`, subject: address.id };
    }
  }
}

function* findEndsBeforeOrigins({ changed, books }: World): Iterable<Finding> {
  for (const book of changed.accounts) {
    for (const { origin, sequence, transactionId: subject } of newEntriesOf(book)) {
      if (origin === undefined) continue;
      const ended = books.transaction(origin);
      const accounts = ended ? [...legsIn(ended).keys()] : [];
      const isHere = ended && accounts.some((account) => books.bookOf(ended, account) === book);
      const postedAt = book.postedAs.get(origin)?.sequence ?? Infinity;
      const isBehind = ended && (!isHere || postedAt < sequence);
      if (!isBehind) yield { what: `stands in ${book.address.id} before ${origin}`, subject };
    }
  }
}

/** What an account has taken of each transaction in its name, against what that has put there. */
function* findEndedTwice({ changed }: World): Iterable<Finding> {
  for (const { entries, address } of changed.accounts) {
    const left: Sums = new Map();
    for (const entry of entries) {
      const { transactionId, origin, direction } = entry;
      if (direction === "credit")
        addTo(left, `${transactionId} ${pileOf(entry)}`, signedAmount(entry));
      if (direction === "debit" && origin)
        addTo(left, `${origin} ${pileOf(entry)}`, signedAmount(entry));
    }
    for (const [what, sum] of left) {
      if (sum < 0n) yield { what: `${-sum} more than there was of ${what}`, subject: address.id };
    }
  }
}

function authorizationsIn({ transactions }: LogBook): readonly Authorization[] {
  return [...transactions.values()].flatMap((one) => {
    const { request, createdTime, state } = one;
    if (request.type !== "authorization" || state !== "committed") return [];
    return [{ ...one, expiresAt: createdTime + 1_000 * request.expiresIn }];
  });
}

function endOf({ entries }: AccountBook, id: string): Entry | undefined {
  return entries.find((entry) => entry.origin === id && isReserved(entry));
}

function payerOf(world: World, one: Authorization): AccountBook | undefined {
  const [account = ""] = legsIn(one).keys();
  return world.books.bookOf(one, account);
}

/** By the clock of their own log when it recorded them. Put back since then, it may date the
 *  decision before that, as it may with any transaction. */
function* findEarlyExpiries({ changed, books }: World): Iterable<Finding> {
  for (const { id: subject, request, createdTime } of changed.logs.flatMap((log) => log.changed)) {
    if (request.type !== "expiry") continue;
    const origin = books.transaction(request.authorization.transactionId);
    if (origin?.request.type !== "authorization") {
      yield { what: "ends no authorization", subject };
      continue;
    }
    const earlyMs = origin.createdTime + 1_000 * origin.request.expiresIn - createdTime;
    if (earlyMs > 0) yield { what: `${earlyMs} ms early`, subject };
  }
}

function* findForgotten(world: World): Iterable<Finding> {
  for (const log of world.changed.logs) {
    for (const one of authorizationsIn(log)) {
      const query = "SELECT 1 FROM expirations WHERE id = ? AND expires_at = ?";
      if (log.object.disk.query(query, one.id, one.expiresAt).length > 0) continue;
      const recorded = [...log.transactions.values()].some(
        ({ request }) =>
          request.type === "expiry" && request.authorization.transactionId === one.id,
      );
      const payer = payerOf(world, one);
      if (recorded || (payer && endOf(payer, one.id))) continue;
      yield { what: "is open, and its log does not know that it is to end", subject: one.id };
    }
  }
}

function* findOverdue(world: World): Iterable<Finding> {
  for (const log of world.books.logs.values()) {
    for (const one of authorizationsIn(log)) {
      if (one.expiresAt > log.object.now()) continue;
      const payer = payerOf(world, one);
      if (payer && endOf(payer, one.id)) continue;
      yield { what: `should have ended at ${one.expiresAt}`, subject: one.id };
    }
  }
}

interface DueRow extends SqlRow {
  due: number | null;
}

/** How much later than the first expiration is due its alarm may be, in ms: the guard of a run that
 *  is at work, and a clock that jumped back. */
const alarmSlackMs = 30_000 + 70_000;

function* findUnalarmed({ changed }: World): Iterable<Finding> {
  for (const { object, transactions } of changed.logs) {
    if (transactions.size === 0 || object.alarmDropped) continue;
    const [first] = object.disk.query<DueRow>("SELECT min(expires_at) AS due FROM expirations");
    const due = first?.due ?? undefined;
    if (due === undefined) continue;
    const { alarm } = object.disk;
    if ((alarm ?? Infinity) <= Math.max(due, object.latestNow()) + alarmSlackMs) continue;
    yield { what: `${object.name} is to end something at ${due}, and its alarm comes at ${alarm}` };
  }
}

export const authorizationInvariants: readonly Invariant[] = [
  {
    name: "reserved-waits-for-an-end",
    promise: "What is reserved in a wallet is the sum of the authorizations without a posted end.",
    holds: "always",
    find: findReservedForNothing,
  },
  {
    name: "ends-follow-their-origin",
    promise: "In no ledger does an end or a reversal stand before the transaction that it names.",
    holds: "always",
    find: findEndsBeforeOrigins,
  },
  {
    name: "nothing-ends-twice",
    promise:
      "All ends and reversals of a transaction take no more than it has put into an account.",
    holds: "always",
    find: findEndedTwice,
  },
  {
    name: "nothing-expires-early",
    promise:
      "An expiry is recorded when the time of its authorization is over, by its log's clock.",
    holds: "always",
    find: findEarlyExpiries,
  },
  {
    name: "authorizations-are-to-end",
    promise: "Of an open authorization its log knows when it is to end, or has recorded the end.",
    holds: "always",
    find: findForgotten,
  },
  {
    name: "expirations-have-an-alarm",
    promise: "A log shard with expirations has an alarm, soon enough, that survives a crash.",
    holds: "always",
    find: findUnalarmed,
  },
  {
    name: "authorizations-end",
    promise: "Once faults have stopped, an authorization whose time is over has an end.",
    holds: "at quiescence",
    find: findOverdue,
  },
];
