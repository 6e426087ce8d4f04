// Faults of ends and reversals, and of the money that waits for an end.
import type { AccountBook } from "./books.ts";
import { found, recorded, rewrite, tamperWithEntries, type PlantedFault } from "./planting.ts";
import type { Simulation } from "./simulation.ts";

function bookWith({ books }: Simulation, matches: (book: AccountBook) => boolean): AccountBook {
  return found([...books.accounts.values()].find(matches));
}

const isReserving = ({ entries }: AccountBook) =>
  entries.some(({ bucket, direction }) => bucket === "reserved" && direction === "credit");

/** The entries of all ends of a wallet are gone, and what its logs know of expiries. */
function forgetEnds(simulation: Simulation): void {
  const { object } = bookWith(simulation, isReserving);
  object.disk.tamper(
    `DROP TRIGGER entries_not_deleted; DELETE FROM entries WHERE origin IS NOT NULL`,
  );
  for (const log of simulation.books.logs.values()) {
    log.object.disk.tamper(
      `DROP TRIGGER transactions_not_deleted;
       DELETE FROM transactions WHERE request LIKE '%"expiry"%'`,
    );
  }
}

export const plantedEnds: readonly PlantedFault[] = [
  {
    invariant: "reserved-waits-for-an-end",
    fault: "more was reserved than its end has taken",
    plant: (simulation) => {
      const where = "bucket = 'reserved' AND direction = 'credit'";
      tamperWithEntries(bookWith(simulation, isReserving), "amount = amount + 1", where);
    },
  },
  {
    invariant: "ends-follow-their-origin",
    fault: "the first entry of a wallet names the transaction of its last as its origin",
    plant: (simulation) => {
      const book = bookWith(simulation, ({ entries }) => entries.length > 2);
      const { transactionId } = found(book.entries.at(-1));
      tamperWithEntries(book, `origin = '${transactionId}'`, "sequence = 1");
    },
  },
  {
    invariant: "nothing-ends-twice",
    fault: "a reversal takes more than was moved",
    plant: (simulation) => {
      const isReversed = ({ entries }: AccountBook) =>
        entries.some(({ type, direction }) => type === "reversal" && direction === "debit");
      const where = "type = 'reversal' AND direction = 'debit'";
      tamperWithEntries(bookWith(simulation, isReversed), "amount = 9007199254740991", where);
    },
  },
  {
    invariant: "nothing-expires-early",
    fault: "an expiry is recorded an hour before",
    plant: (simulation) => {
      const expiry = recorded(simulation, ({ request }) => request.type === "expiry");
      rewrite(simulation, expiry, "created_at = created_at - 3600000");
    },
  },
  {
    invariant: "authorizations-are-to-end",
    fault: "an authorization has lost its end, and its log does not know of one",
    plant: forgetEnds,
  },
  {
    invariant: "expirations-have-an-alarm",
    fault: "an expiration without an alarm",
    plant: ({ books }) => {
      const { object } = found(
        [...books.logs.values()].find(({ transactions }) => transactions.size),
      );
      object.operate("INSERT INTO expirations (expires_at, id) VALUES (1, 'txn_PLANTED')");
      object.disk.dropAlarm();
    },
  },
  {
    invariant: "authorizations-end",
    fault: "an authorization has lost its end",
    plant: forgetEnds,
  },
];
