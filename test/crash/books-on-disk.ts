// An auditor's look at the SQLite files of a stopped service: every account's chain and legs, every
// transaction in exactly its accounts, nothing open, sums to zero, now and at every past moment.
// Read-only, and by other means than the service's: all files at once, which no object can see.
import { readdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { addressOf } from "../../src/domain/protocol/transaction.ts";
import type { Entry } from "../../src/domain/ledger/entry.ts";
import { toAccountLine, type AccountLineTuple, type Line } from "../../src/domain/ledger/line.ts";
import type { TransactionRequest } from "../../src/domain/operations/all.ts";
import {
  linesOfRow,
  toEntry,
  type EntryRow,
  type LegRow,
} from "../../src/durable-objects/account/rows.ts";
import * as oracle from "../oracle/reckoning.ts";
import { Acts } from "./acts-on-disk.ts";

export interface Books {
  readonly accounts: number;
  readonly entries: number;
  readonly transactions: number;
  readonly batches: number;
  /** How many of each operation were committed. */
  readonly counts: ReadonlyMap<string, number>;
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
  readonly lines: string;
  readonly created_at: number;
  readonly decided_at: number | null;
}

interface BatchRow {
  readonly id: string;
  readonly tenant: string;
  readonly fingerprint: string;
  readonly count: number;
}

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
  readonly #acts = new Acts();
  /** The posted lines by transaction, spelled out. */
  readonly #posted = new Map<string, string[]>();
  /** What moved by a decision of each moment, by tenant and currency. */
  readonly #moments = new Map<number, Map<string, bigint>>();
  #accounts = 0;
  #entries = 0;
  #transactions = 0;
  #batches = 0;

  addAccount(path: string): void {
    using database = new DatabaseSync(path, { readOnly: true });
    const identity = identityIn(database);
    if (!identity) return;
    this.#accounts += 1;
    const rows = database.prepare("SELECT * FROM entries ORDER BY sequence").all();
    const entries = (rows as unknown as EntryRow[]).map(toEntry);
    this.#checkChain(entries, identity);
    this.#checkLegs(database, entries, identity.account);
    this.#acts.addAccount(database, entries, identity);
    if (identity.class === "wallet") this.#checkSpending(entries, identity.account);
    this.#addMoments(entries, identity.tenant);
  }

  #checkChain(entries: readonly Entry[], identity: Identity): void {
    const { account, genesis, tenant } = identity;
    if (genesis !== oracle.genesis(tenant, { class: identity.class, id: account })) {
      this.#findings.push(`${account}: the chain begins with another account`);
    }
    let previous: { readonly sequence: number; readonly hash: string } = {
      sequence: 0,
      hash: genesis,
    };
    for (const entry of entries) {
      const continues = entry.sequence === previous.sequence + 1;
      const isChained = entry.previousHash === previous.hash;
      if (!continues || !isChained || oracle.entryHash(previous.hash, entry) !== entry.hash) {
        this.#findings.push(`${account}: the chain is broken at entry ${entry.sequence}`);
      }
      if (entry.decidedAt > entry.createdAt) {
        this.#findings.push(`${account}: entry ${entry.sequence} is older than its decision`);
      }
      const posted = this.#posted.get(entry.transactionId) ?? [];
      this.#posted.set(entry.transactionId, [...posted, spell(account, entry, entry.decidedAt)]);
      previous = entry;
      this.#entries += 1;
    }
  }

  /** Each posted leg is a row of entries that no other leg has, and each entry is in one. */
  #checkLegs(database: DatabaseSync, entries: readonly Entry[], account: string): void {
    const left = new Map(entries.map((entry) => [entry.sequence, entry]));
    for (const row of database.prepare("SELECT * FROM legs").all() as unknown as LegRow[]) {
      const { transaction_id: id, sequence } = row;
      if (row.open === 1) this.#findings.push(`${account}: the leg of ${id} is open`);
      if (sequence === null) continue;
      const lines = linesOfRow(row);
      const first = sequence - lines.length + 1;
      const isPosted = lines.every((line, index) => {
        const entry = left.get(first + index);
        left.delete(first + index);
        return entry?.transactionId === id && entry.line === index + 1 && isSame(line, entry);
      });
      if (!isPosted) this.#findings.push(`${account}: leg and entries of ${id} differ`);
    }
    for (const { sequence } of left.values()) {
      this.#findings.push(`${account}: entry ${sequence} is of no leg`);
    }
  }

  /** Nothing was spent before it was received, by the times of decisions. */
  #checkSpending(entries: readonly Entry[], account: string): void {
    const piles = new Map<string, bigint>();
    const groups = [...Map.groupBy(entries, ({ decidedAt }) => decidedAt)];
    for (const [moment, group] of groups.toSorted(([left], [right]) => left - right)) {
      for (const entry of group) addTo(piles, `${entry.bucket} ${entry.currency}`, entry);
      for (const [pile, sum] of piles) {
        if (sum < 0n) this.#findings.push(`${account}: ${sum} ${pile} at ${moment}`);
      }
    }
  }

  #addMoments(entries: readonly Entry[], tenant: string): void {
    for (const entry of entries) {
      const sums = this.#moments.get(entry.decidedAt) ?? new Map<string, bigint>();
      this.#moments.set(entry.decidedAt, sums);
      addTo(sums, `${entry.currency} of ${tenant}`, entry);
    }
  }

  addLog(path: string): void {
    using database = new DatabaseSync(path, { readOnly: true });
    if (!identityIn(database)) return;
    this.#acts.addExpirations(database);
    this.#checkBatches(database);
    for (const row of database.prepare("SELECT * FROM transactions").all()) {
      this.#checkTransaction(row as unknown as LogRow);
    }
  }

  /** Each with all of its items, no more, and its key for itself. */
  #checkBatches(database: DatabaseSync): void {
    const find = database.prepare("SELECT fingerprint FROM transactions WHERE id = ?");
    const fingerprintOf = (id: string) => find.get(id)?.["fingerprint"] as string | undefined;
    const rows = database.prepare("SELECT id, tenant, fingerprint, count FROM batches").all();
    for (const { id, tenant, fingerprint, count } of rows as unknown as BatchRow[]) {
      this.#batches += 1;
      const items = Array.from({ length: count + 1 }, (_, index) =>
        fingerprintOf(oracle.batchItemId(tenant, id, index)),
      );
      const [beyond, whole] = [items.pop(), items.filter((item) => item !== undefined)];
      const isOther = oracle.batchFingerprint(whole) !== fingerprint;
      if (whole.length < count || beyond !== undefined || isOther) {
        this.#findings.push(`batch ${id} has other items than it was recorded with`);
      }
      if (fingerprintOf(id) !== undefined) this.#findings.push(`${id} is a transaction, too`);
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
    const isCommitted = state === "committed";
    const stored = isCommitted ? (JSON.parse(row.lines) as AccountLineTuple[]) : [];
    const lines = stored.map(toAccountLine);
    if (isCommitted) {
      const [createdAt, decidedAt] = [row.created_at, row.decided_at ?? 0];
      this.#acts.addCommitted({ ...submission, createdAt, decidedAt }, lines);
    }
    const due = lines
      .map((line) => spell(addressOf(submission, line.account).id, line, row.decided_at))
      .toSorted();
    const posted = (this.#posted.get(id) ?? []).toSorted();
    this.#posted.delete(id);
    if (due.join() !== posted.join()) {
      const [wanted, found] = [due.join(", ") || "nothing", posted.join(", ") || "nothing"];
      this.#findings.push(`${id} is ${state}: the accounts should have ${wanted}, have ${found}`);
    }
  }

  conclude(): Books {
    this.#acts.conclude();
    for (const [id, posted] of this.#posted) {
      this.#findings.push(`no log knows ${id}, but the accounts have ${posted.join(", ")}`);
    }
    // With nothing open, what was decided at one moment adds up to zero by itself.
    for (const [moment, sums] of this.#moments) {
      for (const [money, sum] of sums) {
        if (sum !== 0n)
          this.#findings.push(`all entries in ${money} of ${moment} add up to ${sum}`);
      }
    }
    return {
      accounts: this.#accounts,
      entries: this.#entries,
      transactions: this.#transactions,
      batches: this.#batches,
      counts: this.#acts.counts,
      findings: [...this.#findings, ...this.#acts.findings],
    };
  }
}

function isSame(line: Line, entry: Entry): boolean {
  return spell("", line, null) === spell("", entry, null);
}

function spell(account: string, line: Line, decidedAt: number | null): string {
  const { direction, amount, currency, bucket } = line;
  return `${account} ${direction} ${amount} ${currency} ${bucket} ${decidedAt ?? "undecided"}`;
}

function addTo(sums: Map<string, bigint>, name: string, { direction, amount }: Line): void {
  const signed = direction === "credit" ? BigInt(amount) : -BigInt(amount);
  sums.set(name, (sums.get(name) ?? 0n) + signed);
}
