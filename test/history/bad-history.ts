// A clean history, opened up: the means to damage it in exactly one way. A damage that touches a
// ledger may put its sums and hashes right again, as a service would that is wrong and not forged.
import { entryHash, genesisHash } from "../../src/domain/ledger/entry.ts";
import { walletAddress } from "../../src/domain/ids.ts";
import { originOf } from "./check-ledgers.ts";
import { collect, type End, type HistoryLine, type HistoryRow, type Operation } from "./format.ts";
import { generateHistory } from "./generator.ts";
import { interpret, type History } from "./history.ts";
import { tenant } from "./model-service.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
export type Row = Mutable<HistoryRow>;
export type Op = Mutable<Operation>;

interface OpenLedger {
  readonly walletId: string;
  readonly entries: Row[];
  balance?: string;
}

/** Whatever a body may hold that a damage changes. */
export interface AnyBody extends Row {
  legs: { amount: number }[];
  data: unknown[];
  asOf: { sequence: number; hash: string };
  balance: number;
  available: number;
  held: number;
  instance: string;
}

const shape = { operations: 500, clients: 6, wallets: 4, batches: 6 };

/** Clean histories by seed: they are damaged in copies. */
const clean = new Map<number, HistoryLine[]>();

export class BadHistory {
  lines: HistoryLine[];

  constructor(seed: number) {
    const lines = clean.get(seed) ?? generateHistory(seed, shape);
    clean.set(seed, lines);
    this.lines = structuredClone(lines);
  }

  get operations(): Op[] {
    return this.lines.filter((line) => line.kind === "operation");
  }

  get ledgers(): OpenLedger[] {
    const ledgers: unknown[] = this.lines.filter(({ kind }) => kind === "ledger");
    return ledgers as OpenLedger[];
  }

  get end(): Mutable<End> {
    return this.lines.at(-1) as End;
  }

  interpreted(): History {
    return interpret(collect(this.lines));
  }

  ledger(walletId: string): Row[] {
    return this.ledgers.find((one) => one.walletId === walletId)?.entries ?? [];
  }

  addOperation(operation: Omit<Op, "kind">): void {
    const at = this.lines.findIndex(({ kind }) => kind === "ledger");
    this.lines.splice(at, 0, { kind: "operation", ...operation });
  }

  /** All answers of this status to submissions of this kind, first the earliest; those of a path that
   *  has two operations are of the first. */
  answers(status: number, url: string): Op[] {
    return this.operations.filter((one) => {
      const { capture } = (one.request ?? {}) as { readonly capture?: unknown };
      return one.status === status && one.url === url && capture === undefined;
    });
  }

  /** Whether nothing was ever asked for that acts on a transaction. */
  isUntouched(id: string): boolean {
    return !this.operations.some(({ url, method }) => method === "POST" && url.includes(id));
  }

  balances(): Op[] {
    return this.operations.filter(({ url, body }) => {
      return url.endsWith("/balance") && !body?.includes("inFlight");
    });
  }

  /** The rows of a transaction, and where they are. */
  rows(id: string): { entries: Row[]; row: Row }[] {
    return this.ledgers.flatMap(({ entries }) =>
      entries.filter((row) => row.transactionId === id).map((row) => ({ entries, row })),
    );
  }

  remove(entries: Row[], row: Row): void {
    entries.splice(entries.indexOf(row), 1);
  }

  /** A row for another transaction, where its time belongs; by default a copy of the last. */
  insert(walletId: string, row: Partial<Row>): void {
    const entries = this.ledger(walletId);
    const last = entries.at(-1);
    if (!last) throw new Error("the ledger is empty");
    const {
      paymentReference: _,
      payoutReference: _____,
      provider: __,
      description: ___,
      metadata: ____,
      ...plain
    } = last;
    const added = { ...plain, ...row, walletId };
    const later = entries.findIndex(({ createdAt }) => createdAt > added.createdAt);
    entries.splice(later === -1 ? entries.length : later, 0, added);
  }

  /** Puts sequences, times, balances and hashes of a wallet right, forgets the reads that know
   *  better, and the balance that was read at the end. */
  restore(...wallets: readonly string[]): void {
    const history = this.interpreted();
    for (const walletId of wallets) {
      const ledger = this.ledgers.find((one) => one.walletId === walletId);
      if (!ledger) throw new Error(`no such wallet: ${walletId}`);
      chain(ledger.walletId, ledger.entries, history);
      delete ledger.balance;
      const id = walletId.slice(4);
      this.lines = this.lines.filter(
        (line) => line.kind !== "operation" || line.method !== "GET" || !line.url.includes(id),
      );
    }
  }

  forgetLookups(id: string): void {
    this.lines = this.lines.filter(
      (line) => line.kind !== "operation" || line.url !== `/transactions/${id}`,
    );
  }

  /** An answer's body, changed as JSON. */
  edit(operation: Op, change: (body: AnyBody) => void): void {
    const body = JSON.parse(operation.body ?? "") as AnyBody;
    change(body);
    operation.body = JSON.stringify(body);
  }
}

export function idIn(operation: Op): string {
  return (JSON.parse(operation.body ?? "") as { id: string }).id;
}

function chain(walletId: string, entries: Row[], history: History): void {
  let previousHash = genesisHash(tenant, walletAddress(walletId));
  let latest = "";
  const balances = new Map<string, number>();
  let line = 0;
  for (const [index, row] of entries.entries()) {
    line = entries[index - 1]?.transactionId === row.transactionId ? line + 1 : 1;
    const signed = row.direction === "credit" ? row.amount : -row.amount;
    const pile = `${row.bucket} ${row.currency}`;
    const balance = (balances.get(pile) ?? 0) + signed;
    balances.set(pile, balance);
    if (row.createdAt < latest) row.createdAt = latest;
    latest = row.createdAt;
    row.sequence = index + 1;
    row.balanceAfter = balance;
    const { walletId: _, balanceAfter: __, hash: ___, ...shown } = row;
    const [decidedAt, createdAt] = [Date.parse(row.decidedAt), Date.parse(row.createdAt)];
    const origin = originOf(history, row);
    const ofOrigin = origin === undefined ? {} : { origin };
    row.hash = entryHash({ ...shown, ...ofOrigin, line, decidedAt, createdAt, previousHash });
    previousHash = row.hash;
  }
}
