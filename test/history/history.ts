// What a recorded history says: which transactions were asked for, what became of each, what the
// reads saw, and what the ledgers hold in the end. Judges nothing.
import { refusalCodes } from "../../src/domain/errors.ts";
import { parseWalletId, walletAddress } from "../../src/domain/ids.ts";
import type { AccountLine } from "../../src/domain/ledger/line.ts";
import { linesOf, submissionOf, type Submission } from "../../src/domain/protocol/transaction.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { operationAt } from "../operations/all.ts";
import type { Move, TestOperation } from "../operations/operation.ts";
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
  readonly submission: Submission & { readonly lines: readonly AccountLine[] };
  readonly answers: Answered[];
}

/** All that was sent under one key; more than one variant means that the key was reused. */
export interface Transaction {
  readonly id: string;
  readonly variants: Map<string, Variant>;
  readonly lookups: Lookup[];
  readonly entries: { readonly walletId: string; readonly entry: HistoryRow }[];
}

export interface History extends RecordedHistory {
  readonly transactions: ReadonlyMap<string, Transaction>;
  readonly openings: ReadonlyMap<string, readonly Answered[]>;
  readonly reads: readonly Read[];
  readonly wallets: ReadonlyMap<string, LedgerIndex>;
  /** Rows of the ledgers whose transaction was never asked for. */
  readonly phantoms: readonly { readonly walletId: string; readonly entry: HistoryRow }[];
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

/** When the transaction was first asked for, and when its commit was first acknowledged. */
export function intervalOf(variant: Variant): { invoked: number; acknowledged: number } {
  let invoked = Infinity;
  let acknowledged = Infinity;
  for (const { operation, outcome } of variant.answers) {
    invoked = Math.min(invoked, operation.invoked);
    if (outcome === "committed") acknowledged = Math.min(acknowledged, operation.completed);
  }
  return { invoked, acknowledged };
}

function isPossible({ from, to, amount }: Move): boolean {
  const named = [from, to].filter((wallet) => wallet !== undefined);
  const wallets = new Set(named.map((wallet) => parseWalletId(wallet)));
  if (wallets.has(undefined) || wallets.size === 0 || wallets.size < named.length) return false;
  return Number.isSafeInteger(amount) && amount > 0;
}

/** The request as the edge makes it of a body; undefined where no transaction can come of it. */
function sentRequest(operation: TestOperation, body: unknown): SentRequest | undefined {
  const fields = (body ?? {}) as Record<string, unknown>;
  const request = { ...fields, type: operation.type } as SentRequest;
  const moves = operation.movesOf(request);
  if (moves.length === 0 || !moves.every(isPossible)) return undefined;
  return operation.renamed(request, (wallet) => parseWalletId(wallet) ?? wallet);
}

class Collector {
  readonly #recorded: RecordedHistory;
  readonly transactions = new Map<string, Transaction>();
  readonly openings = new Map<string, Answered[]>();
  readonly reads: Read[] = [];
  readonly phantoms: { walletId: string; entry: HistoryRow }[] = [];

  constructor(recorded: RecordedHistory) {
    this.#recorded = recorded;
  }

  add(operation: Operation): void {
    const { method, url, key } = operation;
    if (method === "GET") this.#addRead(operation);
    else if (key === undefined) return;
    else if (url === "/users") {
      const answers = this.openings.get(key) ?? [];
      this.openings.set(key, answers);
      answers.push(answeredOf(operation));
    } else {
      const asked = operationAt(url);
      if (asked) this.#addSubmission(asked, operation, key);
    }
  }

  #addSubmission(asked: TestOperation, operation: Operation, key: string): void {
    const { tenant, defaultCurrency } = this.#recorded.header;
    const sent = sentRequest(asked, operation.request);
    if (!sent) return;
    const submission = {
      ...submissionOf(tenant, key, sent, defaultCurrency),
      id: oracle.transactionId(tenant, key),
      fingerprint: oracle.requestFingerprint(sent),
    };
    const { variants } = this.#transaction(submission.id);
    let variant = variants.get(submission.fingerprint);
    if (!variant) {
      variant = { submission: { ...submission, lines: linesOf(submission.request) }, answers: [] };
      variants.set(submission.fingerprint, variant);
    }
    variant.answers.push(answeredOf(operation));
  }

  #transaction(id: string): Transaction {
    let transaction = this.transactions.get(id);
    if (!transaction) {
      transaction = { id, variants: new Map(), lookups: [], entries: [] };
      this.transactions.set(id, transaction);
    }
    return transaction;
  }

  #addRead(operation: Operation): void {
    const read = readOf(operation);
    if (read?.kind === "lookup") this.#transaction(read.transactionId).lookups.push(read);
    else if (read) this.reads.push(read);
  }

  addEntries(walletId: string, entries: readonly HistoryRow[]): void {
    for (const entry of entries) {
      const transaction = this.transactions.get(entry.transactionId);
      if (transaction && transaction.variants.size > 0) {
        transaction.entries.push({ walletId, entry });
      } else this.phantoms.push({ walletId, entry });
    }
  }
}

export function interpret(recorded: RecordedHistory): History {
  const collector = new Collector(recorded);
  for (const operation of recorded.operations) collector.add(operation);
  const wallets = new Map<string, LedgerIndex>();
  for (const { walletId, entries } of recorded.ledgers) {
    const genesis = oracle.genesis(recorded.header.tenant, walletAddress(walletId));
    wallets.set(walletId, new LedgerIndex(walletId, genesis, entries));
    collector.addEntries(walletId, entries);
  }
  requireLedgers(collector, wallets);
  const { transactions, openings, reads, phantoms } = collector;
  return { ...recorded, transactions, openings, reads, phantoms, wallets };
}

/** Without the ledgers of all wallets that took part, half a transfer could look like a whole. */
function requireLedgers(collector: Collector, wallets: ReadonlyMap<string, LedgerIndex>): void {
  const missing = (walletId: string) => {
    throw new MalformedHistory(`the ledger of ${walletId} is not in the history`);
  };
  for (const { variants } of collector.transactions.values()) {
    for (const { submission, answers } of variants.values()) {
      if (!answers.some(({ outcome }) => outcome === "committed")) continue;
      for (const { account } of submission.lines) {
        if (account.startsWith("wal_") && !wallets.has(account)) missing(account);
      }
    }
  }
  for (const { walletId } of collector.reads) if (!wallets.has(walletId)) missing(walletId);
}
