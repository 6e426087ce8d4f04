// How a fault is planted into a simulation at rest. Triggers are dropped where production code could
// not have done such a thing.
import type { Entry } from "../../src/domain/ledger/entry.ts";
import type { AccountBook, Recorded } from "./books.ts";
import type { ReadBalance } from "./history.ts";
import type { Simulation } from "./simulation.ts";

export interface PlantedFault {
  readonly invariant: string;
  readonly fault: string;
  readonly plant: (simulation: Simulation) => void;
}

export function found<T>(candidate: T | undefined): T {
  if (candidate === undefined) throw new Error("the seed has nothing to plant this fault into");
  return candidate;
}

export function richWallet({ books }: Simulation): AccountBook {
  return found(books.wallets().find((book) => book.entries.length > 1 && book.freeze === "none"));
}

export function recorded(simulation: Simulation, matches: (one: Recorded) => boolean): Recorded {
  return found([...simulation.books.transactions()].find(matches));
}

const isAskedFor = (entry: Entry | undefined) => entry !== undefined && entry.type !== "expiry";
export const isCommitted = (one: Recorded) => one.state === "committed";
export const isTransfer = (one: Recorded) => isCommitted(one) && one.request.type === "transfer";
export const isDuplicate = (one: Recorded) => one.refusal?.code === "duplicate_payment_reference";

/** Sets columns of a recorded transaction. */
export function rewrite(simulation: Simulation, { id }: Recorded, columns: string): void {
  const log = found([...simulation.books.logs.values()].find((one) => one.transactions.has(id)));
  log.object.disk.tamper(
    `DROP TRIGGER transactions_content_fixed;
     DROP TRIGGER transactions_decided_once;
     DROP TRIGGER transactions_settled_once;
     UPDATE transactions SET ${columns} WHERE id = '${id}'`,
  );
}

export function reopen(simulation: Simulation): void {
  const transaction = recorded(simulation, isCommitted);
  rewrite(simulation, transaction, "open = 1, settled_at = NULL");
  for (const log of simulation.books.logs.values()) log.object.disk.dropAlarm();
}

/** The last entry of a wallet, of something that a client was told of. */
export function loseEntry({ books }: Simulation): void {
  const wallet = found(books.wallets().find(({ entries }) => isAskedFor(entries.at(-1))));
  wallet.object.disk.tamper(
    `DROP TRIGGER entries_not_deleted;
     DELETE FROM entries WHERE sequence = ${wallet.entries.length}`,
  );
}

/** As if its items were written in another sql transaction than its row. */
export function loseBatch({ books }: Simulation): void {
  const log = found([...books.logs.values()].find(({ batches }) => batches.size > 0));
  log.object.disk.tamper("DROP TRIGGER batches_not_deleted; DELETE FROM batches");
}

export function tamperWithEntries(book: AccountBook, columns: string, where: string): void {
  book.object.disk.tamper(
    `DROP TRIGGER entries_not_updated;
     PRAGMA ignore_check_constraints = 1;
     UPDATE entries SET ${columns} WHERE ${where};
     PRAGMA ignore_check_constraints = 0`,
  );
}

export function changeEntry(simulation: Simulation, columns: string): void {
  tamperWithEntries(richWallet(simulation), columns, "sequence = 1");
}

/** Everything that a wallet received is dated after everything that it spent. */
export function receiveLate({ books }: Simulation): void {
  const spends = (book: AccountBook) => book.entries.some(({ direction }) => direction === "debit");
  const columns = "decided_at = decided_at + 9000000";
  tamperWithEntries(found(books.wallets().find(spends)), columns, "direction = 'credit'");
}

/** Two posted legs of the outside world claim one payment. */
export function claimTwice({ books }: Simulation): void {
  const outside = found(
    [...books.accounts.values()].find(
      ({ address, postedAs }) => address.class !== "wallet" && postedAs.size > 1,
    ),
  );
  const [, other] = [...outside.postedAs.keys()];
  outside.object.disk.tamper(
    `DROP TRIGGER claims_made_once;
     INSERT INTO claims (key, transaction_id, amount)
     SELECT key, '${found(other)}', 1 FROM claims WHERE transaction_id <> '${found(other)}' LIMIT 1`,
  );
}

export function hold(
  simulation: Simulation,
  direction: "debit" | "credit",
  amount: number,
  id = "PLANTED",
): void {
  richWallet(simulation).object.operate(
    `INSERT INTO legs (open, transaction_id, fingerprint, bucket, direction, currency, amount)
     VALUES (1, 'txn_${id}', 'fp1:', 'available', '${direction}', 'USD', ${amount})`,
  );
}

/** A balance reading that shows the ledger of `book` up to `sequence`. */
export function reading(book: AccountBook, sequence: number, step: number): ReadBalance {
  const last = book.entries[sequence - 1];
  const head = { sequence, hash: last?.hash ?? "", createdAt: last?.createdAt ?? 0 };
  return {
    kind: "balance",
    tenant: book.tenant,
    walletId: book.address.id,
    reading: { ok: true, positions: [], head },
    beganAt: step,
    endedAt: step,
  };
}
