// An auditor's look at the SQLite files of a stopped service: every account's chain and legs, every
// transaction in exactly its accounts, nothing open, sums to zero. Read-only, and by other means
// than the service's: all files at once, which no object can see.
import { readdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { addressOf } from "../../src/domain/protocol/transaction.ts";
import type { Leg } from "../../src/domain/operations/operation.ts";
import type { TransactionRequest } from "../../src/domain/operations/all.ts";
import { toEntry, type EntryRow } from "../../src/durable-objects/account/store.ts";
import * as oracle from "../oracle/reckoning.ts";

export interface Books {
  readonly accounts: number;
  readonly entries: number;
  readonly transactions: number;
  /** What is wrong, in words. */
  readonly findings: readonly string[];
}

interface Identity {
  readonly class: string;
  readonly tenant: string;
  readonly account: string;
  readonly genesis: string;
  /** Of a log shard. */
  readonly shard?: number;
}

interface LogRow {
  readonly open: number;
  readonly id: string;
  readonly tenant: string;
  readonly fingerprint: string;
  readonly state: string;
  readonly request: string;
  readonly legs: string;
}

const lowBits = 26n;

/** `state`: the folder with one folder for each class of objects. */
export function auditBooks(state: string): Books {
  const audit = new Audit();
  for (const path of databasesIn(join(state, "Wallet"))) audit.addAccount(path);
  for (const path of databasesIn(join(state, "ExternalAccount"))) audit.addAccount(path);
  for (const path of databasesIn(join(state, "TransferLog"))) audit.addLog(path);
  return audit.conclude();
}

export function databasesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
  return names.map((name) => join(folder, name));
}

/** The account that a file is of; undefined where an object was only asked and never used. Not
 *  read-only: a process that was killed may have left a journal that has to be rolled back. */
export function accountIn(path: string): string | undefined {
  using database = new DatabaseSync(path);
  return identityIn(database)?.account;
}

/** The shard that a file of the transfer log is of. */
export function shardIn(path: string): number | undefined {
  using database = new DatabaseSync(path);
  return identityIn(database)?.shard;
}

function identityIn(database: DatabaseSync): Identity | undefined {
  const query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'identity'";
  if (!database.prepare(query).get()) return undefined;
  return database.prepare("SELECT * FROM identity").get() as unknown as Identity | undefined;
}

class Audit {
  readonly #findings: string[] = [];
  /** The posted legs by transaction, spelled out: account, direction, amount, currency. */
  readonly #posted = new Map<string, string[]>();
  readonly #sums = new Map<string, bigint>();
  #accounts = 0;
  #entries = 0;
  #transactions = 0;

  addAccount(path: string): void {
    using database = new DatabaseSync(path, { readOnly: true });
    const identity = identityIn(database);
    if (!identity) return;
    this.#accounts += 1;
    this.#checkChain(database, identity);
    this.#checkLegs(database, identity.account);
    this.#addSums(database);
  }

  #checkChain(database: DatabaseSync, identity: Identity): void {
    const { account, genesis, tenant } = identity;
    if (genesis !== oracle.genesis(tenant, { class: identity.class, id: account })) {
      this.#findings.push(`${account}: the chain begins with another account`);
    }
    const rows = database.prepare("SELECT * FROM entries ORDER BY sequence").all();
    let previous: { readonly sequence: number; readonly hash: string } = {
      sequence: 0,
      hash: genesis,
    };
    for (const row of rows as unknown as EntryRow[]) {
      const entry = toEntry(row);
      const continues = entry.sequence === previous.sequence + 1;
      const isChained = entry.previousHash === previous.hash;
      if (!continues || !isChained || oracle.entryHash(previous.hash, entry) !== entry.hash) {
        this.#findings.push(`${account}: the chain is broken at entry ${entry.sequence}`);
      }
      const posted = this.#posted.get(entry.transactionId) ?? [];
      this.#posted.set(entry.transactionId, [...posted, spell(account, entry)]);
      previous = entry;
      this.#entries += 1;
    }
  }

  #checkLegs(database: DatabaseSync, account: string): void {
    const open = database.prepare("SELECT transaction_id AS id FROM legs WHERE open = 1").all();
    for (const { id } of open) this.#findings.push(`${account}: the leg of ${String(id)} is open`);
    const query = `SELECT coalesce(legs.transaction_id, entries.transaction_id) AS id
      FROM (SELECT * FROM legs WHERE sequence IS NOT NULL) AS legs
      FULL JOIN entries ON entries.sequence = legs.sequence
        AND entries.transaction_id = legs.transaction_id AND entries.amount = legs.amount
        AND entries.currency = legs.currency AND entries.direction = legs.direction
      WHERE legs.sequence IS NULL OR entries.sequence IS NULL`;
    for (const { id } of database.prepare(query).all()) {
      this.#findings.push(`${account}: leg and entry of ${String(id)} differ`);
    }
  }

  /** In two halves, because the sum over an account may leave SQLite's range of integers. */
  #addSums(database: DatabaseSync): void {
    const statement = database.prepare(
      `SELECT currency, direction, SUM(amount >> 26) AS high, SUM(amount & 67108863) AS low
       FROM entries GROUP BY currency, direction`,
    );
    statement.setReadBigInts(true);
    for (const row of statement.all()) {
      const currency = String(row["currency"]);
      const sum = ((row["high"] as bigint) << lowBits) + (row["low"] as bigint);
      const signed = row["direction"] === "credit" ? sum : -sum;
      this.#sums.set(currency, (this.#sums.get(currency) ?? 0n) + signed);
    }
  }

  addLog(path: string): void {
    using database = new DatabaseSync(path, { readOnly: true });
    if (!identityIn(database)) return;
    for (const row of database.prepare("SELECT * FROM transactions").all()) {
      this.#checkTransaction(row as unknown as LogRow);
    }
  }

  #checkTransaction(row: LogRow): void {
    this.#transactions += 1;
    const { id, tenant, fingerprint, state, open } = row;
    if (open === 1) this.#findings.push(`${id} is ${state} and not settled`);
    const submission = {
      id,
      tenant,
      fingerprint,
      request: JSON.parse(row.request) as TransactionRequest,
    };
    const legs = state === "committed" ? (JSON.parse(row.legs) as Leg[]) : [];
    const due = legs.map((leg) => spell(addressOf(submission, leg).id, leg)).toSorted();
    const posted = (this.#posted.get(id) ?? []).toSorted();
    this.#posted.delete(id);
    if (due.join() !== posted.join()) {
      const [wanted, found] = [due.join(", ") || "nothing", posted.join(", ") || "nothing"];
      this.#findings.push(`${id} is ${state}: the accounts should have ${wanted}, have ${found}`);
    }
  }

  conclude(): Books {
    for (const [id, posted] of this.#posted) {
      this.#findings.push(`no log knows ${id}, but the accounts have ${posted.join(", ")}`);
    }
    for (const [currency, sum] of this.#sums) {
      if (sum !== 0n) this.#findings.push(`all entries in ${currency} add up to ${sum}`);
    }
    return {
      accounts: this.#accounts,
      entries: this.#entries,
      transactions: this.#transactions,
      findings: this.#findings,
    };
  }
}

function spell(account: string, leg: Pick<Leg, "direction" | "amount" | "currency">): string {
  return `${account} ${leg.direction} ${leg.amount} ${leg.currency}`;
}
