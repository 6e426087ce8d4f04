// What a recorded history says: which transactions were asked for, what became of each, what the
// reads saw, and what the ledgers hold in the end. Judges nothing.
import { refusalCodes } from "../../src/domain/errors.ts";
import { parseWalletId, walletAddress } from "../../src/domain/ids.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import {
  askedAt,
  batchPath,
  earlierOf,
  isWallet,
  linesOf,
  operationOf,
  readAsked,
  readItem,
  type Asked,
} from "../operations/all.ts";
import { expiry } from "../operations/expiry.ts";
import type { Body, Earlier, Line } from "../operations/operation.ts";
import * as oracle from "../oracle/reckoning.ts";
import {
  MalformedHistory,
  type HistoryRow,
  type Operation,
  type RecordedHistory,
} from "./format.ts";
import { LedgerIndex } from "./ledger-index.ts";
import { readOf, type Lookup, type Read } from "./reads.ts";

/** `refused` is recorded and final for the key; `unrecorded` means that this request did nothing;
 *  `unknown` leaves everything open. */
export type Outcome = "committed" | "pending" | "refused" | "unrecorded" | "unknown";

export interface Answered {
  readonly operation: Operation;
  readonly outcome: Outcome;
  /** The body as JSON; undefined where there is none. */
  readonly content: Record<string, unknown> | undefined;
}

/** One request under one key, however often it was sent. */
export interface Variant {
  /** As it was sent, wallets as `wal_...`. */
  readonly request: SentRequest;
  readonly lines: readonly Line[];
  readonly answers: Answered[];
}

/** All that was sent under one key; more than one variant means that the key was reused. */
export interface Transaction {
  readonly id: string;
  /** By fingerprint. */
  readonly variants: Map<string, Variant>;
  /** Of an expiry, which the service asks for by itself: the authorization. */
  readonly expires?: Transaction;
  readonly lookups: Lookup[];
  readonly entries: { readonly walletId: string; readonly entry: HistoryRow }[];
}

/** All that was sent as a batch under one key. */
export interface Batch {
  readonly id: string;
  /** What was answered, by the items as they were sent. */
  readonly contents: Map<string, { readonly count: number; readonly answers: Answered[] }>;
}

export interface History extends RecordedHistory {
  readonly batches: ReadonlyMap<string, Batch>;
  readonly transactions: ReadonlyMap<string, Transaction>;
  readonly openings: ReadonlyMap<string, readonly Answered[]>;
  readonly reads: readonly Read[];
  readonly wallets: ReadonlyMap<string, LedgerIndex>;
  /** Rows of the ledgers whose transaction was never asked for. */
  readonly phantoms: readonly { readonly walletId: string; readonly entry: HistoryRow }[];
  /** Writes that no transaction can come of. */
  readonly impossible: readonly Answered[];
  /** What ends or reverses a transaction, by that transaction. */
  readonly acts: ReadonlyMap<Transaction, readonly Act[]>;
}

/** A transaction of the ledgers that ends or reverses another. */
export interface Act {
  readonly transaction: Transaction;
  readonly variant: Variant;
}

function parseBody(operation: Operation): Record<string, unknown> | undefined {
  try {
    return JSON.parse(operation.body ?? "") as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function answeredOf(operation: Operation): Answered {
  const content = operation.status === null ? undefined : parseBody(operation);
  return { operation, outcome: outcomeOf(operation.status, content), content };
}

/** A recorded refusal carries no `requestId`; one that was made at the edge does. */
function outcomeOf(status: number | null, content: Answered["content"]): Outcome {
  if (status === 201 && content) return "committed";
  if (status === 202) return "pending";
  if (status === null || status === 429 || status >= 500 || !content) return "unknown";
  const recorded = (refusalCodes as readonly unknown[]).includes(content["code"]);
  return recorded && content["requestId"] === undefined ? "refused" : "unrecorded";
}

/** The variant that the transaction is: the one that got a decision, else the first. */
export function decidedVariant(transaction: Transaction): Variant | undefined {
  const variants = [...transaction.variants.values()];
  return variants.find(isRecorded) ?? variants[0];
}

export function isRecorded(variant: Variant): boolean {
  return variant.answers.some(({ outcome }) => /committed|pending|refused/.test(outcome));
}

/** When the transaction was first asked for, and when its commit was first acknowledged. What the
 *  service asks for by itself comes after what it ends. */
export function intervalOf(
  variant: Variant,
  { expires }: Transaction,
): { invoked: number; acknowledged: number } {
  const ended = expires && decidedVariant(expires);
  let invoked = ended ? intervalOf(ended, expires).invoked : Infinity;
  let acknowledged = Infinity;
  for (const { operation, outcome } of variant.answers) {
    invoked = Math.min(invoked, operation.invoked);
    if (outcome === "committed") acknowledged = Math.min(acknowledged, operation.completed);
  }
  return { invoked, acknowledged };
}

/** What the decided variant asked for, as what acts on it sees it. */
export function earlierIn(transaction: Transaction, { header }: RecordedHistory) {
  const variant = decidedVariant(transaction);
  return variant && earlierOf(transaction.id, variant.request, header.defaultCurrency);
}

/** The transaction that this one ends or reverses. */
export function originIn(
  { transactions }: Pick<History, "transactions">,
  { request }: Variant,
): Transaction | undefined {
  return transactions.get(operationOf(request).originOf(request) ?? "");
}

function actsIn(collected: Pick<History, "transactions">): History["acts"] {
  const acts = new Map<Transaction, Act[]>();
  for (const transaction of collected.transactions.values()) {
    const variant = decidedVariant(transaction);
    const origin = variant && originIn(collected, variant);
    if (!origin || transaction.entries.length === 0) continue;
    acts.set(origin, [...(acts.get(origin) ?? []), { transaction, variant }]);
  }
  return acts;
}

/** Whether there can be a transaction with these lines, whatever they add up to. */
function arePossible(lines: readonly Line[]): boolean {
  const directions = new Map<string, string>();
  for (const { account, bucket, currency, direction, amount } of lines) {
    const pile = `${account} ${bucket} ${currency}`;
    if ((directions.get(pile) ?? direction) !== direction) return false;
    directions.set(pile, direction);
    if (!account.startsWith("external:") && parseWalletId(account) === undefined) return false;
    if (!Number.isSafeInteger(amount) || amount <= 0) return false;
  }
  return lines.some(({ account }) => isWallet(account));
}

/** The request as the edge makes it of a body; undefined where no transaction can come of it. */
function requestIn(asked: Asked, body: unknown, origin: Earlier | undefined) {
  const read = readAsked(asked, body, origin);
  return read && operationOf(read).renamed(read, (wallet) => parseWalletId(wallet) ?? wallet);
}

/** What a batch's answer says of one of its items, as if that had been sent by itself. A batch that
 *  is refused does nothing to any of them. */
function answerToItem(operation: Operation, index: number): Pick<Operation, "status" | "body"> {
  const { status } = operation;
  if (status !== 200 && status !== 202) return { status, body: "{}" };
  const items = parseBody(operation)?.["items"] as readonly ItemAnswer[] | undefined;
  const item = items?.[index];
  return item ? { status: item.status, body: JSON.stringify(item.body) } : { status, body: "{}" };
}

interface ItemAnswer {
  readonly status: number;
  readonly body: unknown;
}

class Collector {
  readonly #recorded: RecordedHistory;
  /** Writes of money operations, by the transaction that comes of them. */
  readonly #writes = new Map<string, { readonly asked: Asked; readonly operation: Operation }[]>();
  readonly transactions = new Map<string, Transaction>();
  readonly batches = new Map<string, Batch>();
  /** Where in the file the batch of an item is. */
  readonly itemLines = new Map<Operation, number>();
  readonly openings = new Map<string, Answered[]>();
  readonly reads: Read[] = [];
  readonly #lookups: Lookup[] = [];
  readonly phantoms: { walletId: string; entry: HistoryRow }[] = [];
  readonly impossible: Answered[] = [];

  constructor(recorded: RecordedHistory) {
    this.#recorded = recorded;
    for (const operation of recorded.operations) this.#sort(operation);
    for (const id of this.#writes.keys()) this.#transaction(id);
    const expiries = this.#expiries();
    for (const lookup of this.#lookups) {
      this.#expired(lookup.transactionId, expiries);
      this.#transaction(lookup.transactionId).lookups.push(lookup);
    }
    for (const { walletId, entries } of recorded.ledgers) {
      for (const entry of entries) {
        this.#expired(entry.transactionId, expiries);
        this.#addEntry(walletId, entry);
      }
    }
  }

  #sort(operation: Operation): void {
    const { method, url, key } = operation;
    if (method === "GET") {
      const read = readOf(operation);
      if (read?.kind === "lookup") this.#lookups.push(read);
      else if (read) this.reads.push(read);
    } else if (key === undefined) return;
    else if (url === "/users") {
      const answers = this.openings.get(key) ?? [];
      this.openings.set(key, answers);
      answers.push(answeredOf(operation));
    } else if (url === batchPath) this.#sortBatch(operation, key);
    else {
      const asked = askedAt(url);
      if (asked.operations.length === 0) return;
      this.#addWrite(oracle.transactionId(this.#recorded.header.tenant, key), asked, operation);
    }
  }

  #addWrite(id: string, asked: Asked, operation: Operation): void {
    this.#writes.set(id, [...(this.#writes.get(id) ?? []), { asked, operation }]);
  }

  /** Each item is a write of its own. */
  #sortBatch(operation: Operation, key: string): void {
    const { tenant } = this.#recorded.header;
    const id = oracle.transactionId(tenant, key);
    const { items } = operation.request as { readonly items: readonly Body[] };
    const batch: Batch = this.batches.get(id) ?? { id, contents: new Map() };
    this.batches.set(id, batch);
    const name = JSON.stringify(items);
    const content = batch.contents.get(name) ?? { count: items.length, answers: [] };
    batch.contents.set(name, content);
    content.answers.push(answeredOf(operation));
    for (const [index, item] of items.entries()) {
      const { asked, body: request } = readItem(item);
      const answer = answerToItem(operation, index);
      const one = { ...operation, request, ...answer };
      this.itemLines.set(one, this.#recorded.lineOf.get(operation) ?? 0);
      this.#addWrite(oracle.batchItemId(tenant, id, index), asked, one);
    }
  }

  /** With all of its writes; those that it acts on come first. */
  #transaction(id: string): Transaction {
    const known = this.transactions.get(id);
    if (known) return known;
    const transaction: Transaction = { id, variants: new Map(), lookups: [], entries: [] };
    this.transactions.set(id, transaction);
    for (const { asked, operation } of this.#writes.get(id) ?? []) {
      const answered = answeredOf(operation);
      const { originId } = asked;
      const origin = originId === undefined ? undefined : this.#transaction(originId);
      const earlier = origin && earlierIn(origin, this.#recorded);
      const request = requestIn(asked, operation.request, earlier);
      const variant = request && this.#variant(transaction, request);
      if (variant) variant.answers.push(answered);
      else this.impossible.push(answered);
    }
    return transaction;
  }

  #variant({ variants }: Transaction, request: SentRequest): Variant | undefined {
    const fingerprint = oracle.requestFingerprint(request);
    const known = variants.get(fingerprint);
    if (known) return known;
    const lines = linesOf(request, this.#recorded.header.defaultCurrency);
    if (!arePossible(lines)) return undefined;
    const variant: Variant = { request, lines, answers: [] };
    variants.set(fingerprint, variant);
    return variant;
  }

  /** The authorizations by the id that the expiry of each would have. */
  #expiries(): ReadonlyMap<string, Transaction> {
    const { tenant } = this.#recorded.header;
    const authorizations = [...this.transactions.values()].filter(
      (transaction) => earlierIn(transaction, this.#recorded)?.reserved,
    );
    return new Map(authorizations.map((one) => [oracle.expiryId(tenant, one.id), one]));
  }

  /** Where there is a trace of an expiry, it was asked for: by the service. */
  #expired(id: string, expiries: ReadonlyMap<string, Transaction>): void {
    const expires = expiries.get(id);
    if (!expires || this.transactions.has(id)) return;
    const request = expiry.read({}, earlierIn(expires, this.#recorded));
    const transaction = { id, expires, variants: new Map(), lookups: [], entries: [] };
    this.transactions.set(id, transaction);
    if (request) this.#variant(transaction, request);
  }

  #addEntry(walletId: string, entry: HistoryRow): void {
    const transaction = this.transactions.get(entry.transactionId);
    if (transaction && transaction.variants.size > 0) {
      transaction.entries.push({ walletId, entry });
    } else this.phantoms.push({ walletId, entry });
  }
}

export function interpret(recorded: RecordedHistory): History {
  const collector = new Collector(recorded);
  const wallets = new Map<string, LedgerIndex>();
  for (const { walletId, entries } of recorded.ledgers) {
    const genesis = oracle.genesis(recorded.header.tenant, walletAddress(walletId));
    wallets.set(walletId, new LedgerIndex(walletId, genesis, entries));
  }
  requireLedgers(collector, wallets);
  const { transactions, batches, openings, reads, phantoms, impossible } = collector;
  const acts = actsIn(collector);
  const lineOf = new Map([...recorded.lineOf, ...collector.itemLines]);
  const collected = { transactions, batches, openings, reads, phantoms, impossible };
  return { ...recorded, ...collected, lineOf, acts, wallets };
}

/** Without the ledgers of all wallets that took part, half a transfer could look like a whole. */
function requireLedgers(collector: Collector, wallets: ReadonlyMap<string, LedgerIndex>): void {
  const missing = (walletId: string) => {
    throw new MalformedHistory(`the ledger of ${walletId} is not in the history`);
  };
  for (const { variants } of collector.transactions.values()) {
    for (const { lines, answers } of variants.values()) {
      if (!answers.some(({ outcome }) => outcome === "committed")) continue;
      for (const { account } of lines) {
        if (isWallet(account) && !wallets.has(account)) missing(account);
      }
    }
  }
  for (const { walletId } of collector.reads) if (!wallets.has(walletId)) missing(walletId);
}
