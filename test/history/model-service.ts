// A service that keeps every promise, small enough to see that it does: decides and posts at given
// moments, answers with the bytes of the real renderers. Clean histories are recorded from it.
import {
  genesisHash,
  nextEntries,
  type Entry,
  type LedgerHead,
} from "../../src/domain/ledger/entry.ts";
import type { Refusal } from "../../src/domain/errors.ts";
import { userIdFor, walletAddress, walletIdOfUser } from "../../src/domain/ids.ts";
import { isOutside } from "../../src/domain/ledger/line.ts";
import {
  addLines,
  balanceOf,
  debitsOf,
  nothing,
  type Net,
} from "../../src/domain/ledger/position.ts";
import {
  currentRenderer,
  legsOf,
  linesOf,
  submissionOf,
  type Leg,
  type TransactionRecord,
} from "../../src/domain/protocol/transaction.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import {
  renderDetails,
  renderRefusal,
  renderSubmission,
  renderUser,
} from "../../src/http/render.ts";
import { paymentName, paymentOf } from "../operations/all.ts";
import type { Payment } from "../operations/operation.ts";
import type { HistoryRow, Ledger } from "./format.ts";

export const tenant = "main";
export const defaultCurrency = "USD";

export interface Reply {
  readonly status: number;
  readonly body: string;
}

interface Wallet {
  readonly walletId: string;
  readonly rows: HistoryRow[];
  head: LedgerHead;
  net: Net;
  /** Decided and not posted yet, with the moment of the decision. */
  pending: { readonly record: TransactionRecord; readonly decidedAt: number }[];
}

export class ModelService {
  readonly #wallets = new Map<string, Wallet>();
  readonly #records = new Map<string, TransactionRecord>();
  readonly #references = new Map<string, string>();

  open(key: string, now: number): { readonly walletId: string; readonly reply: Reply } {
    const walletId = walletIdOfUser(userIdFor(tenant, key));
    const hash = genesisHash(tenant, walletAddress(walletId));
    const head = { sequence: 0, hash, createdAt: 0 };
    this.#wallets.set(walletId, { walletId, rows: [], head, net: {}, pending: [] });
    const user = { walletId, name: key, createdAt: Math.floor(now), renderer: 1 };
    return { walletId, reply: { status: 201, body: JSON.stringify(renderUser(user)) } };
  }

  /** Decides, unless the key is known. */
  submit(key: string, sent: SentRequest, now: number): TransactionRecord {
    const submission = submissionOf(tenant, key, sent, defaultCurrency);
    const known = this.#records.get(submission.id);
    if (known) return known;
    const createdAt = Math.floor(now);
    const lines = linesOf(submission.request);
    const times = { createdAt, decidedAt: createdAt };
    const recorded = {
      ...submission,
      lines,
      renderer: currentRenderer,
      principal: "model",
      ...times,
    };
    const refusal = this.#refusal(recorded);
    const record: TransactionRecord = refusal
      ? { ...recorded, state: "rejected", refusal }
      : { ...recorded, state: "committed" };
    this.#records.set(record.id, record);
    if (!refusal) this.#expect(record, now);
    return record;
  }

  #refusal(record: Parameters<typeof legsOf>[0]): Refusal | undefined {
    const payment = paymentOf(record.request);
    const first = this.#references.get(paymentName(payment) ?? "");
    if (payment && first !== undefined) return duplicateOf(first, payment);
    const short = legsOf(record).find((leg) => !isOutside(leg.account) && !this.#canSpend(leg));
    return short && { code: "insufficient_funds" };
  }

  #canSpend({ account, posting }: Leg): boolean {
    const currencies = new Set(posting.lines.map(({ currency }) => currency));
    return [...currencies].every(
      (currency) => debitsOf(posting.lines, currency) <= this.#free(account, currency),
    );
  }

  #free(walletId: string, currency: string): number {
    const { net, pending } = this.#wallet(walletId);
    const held = pending.flatMap(({ record }) => legIn(record, walletId).lines);
    return (net[currency] ?? nothing).available - debitsOf(held, currency);
  }

  #expect(record: TransactionRecord, decidedAt: number): void {
    const reference = paymentName(paymentOf(record.request));
    if (reference !== undefined) this.#references.set(reference, record.id);
    for (const { account } of legsOf(record)) {
      if (!isOutside(account)) this.#wallet(account).pending.push({ record, decidedAt });
    }
  }

  #wallet(walletId: string): Wallet {
    const wallet = this.#wallets.get(walletId);
    if (!wallet) throw new Error(`no such wallet: ${walletId}`);
    return wallet;
  }

  /** Posts what was decided up to `until`, one transaction or all of them. */
  post(walletId: string, now: number, until: number, id?: string): void {
    const wallet = this.#wallet(walletId);
    const due = wallet.pending.filter(
      ({ record, decidedAt }) => decidedAt <= until && (id === undefined || record.id === id),
    );
    wallet.pending = wallet.pending.filter((one) => !due.includes(one));
    for (const { record } of due) this.#append(wallet, record, now);
  }

  #append(wallet: Wallet, record: TransactionRecord, now: number): void {
    const { decidedAt = Infinity } = record;
    const times = { decidedAt, now: Math.floor(now) };
    for (const entry of nextEntries(wallet.head, legIn(record, wallet.walletId), times)) {
      wallet.head = entry;
      wallet.net = addLines(wallet.net, [entry]);
      const after = wallet.net[entry.currency] ?? nothing;
      wallet.rows.push(toRow(wallet.walletId, entry, after[entry.bucket]));
    }
  }

  answer(record: TransactionRecord, pending: boolean): Reply {
    if (pending) return { status: 202, body: JSON.stringify(renderSubmission(record, true)) };
    if (record.state === "committed") {
      return { status: 201, body: JSON.stringify(renderSubmission(record, false)) };
    }
    const body = renderRefusal(record);
    return { status: body.status, body: JSON.stringify(body) };
  }

  lookup(id: string): Reply {
    const record = this.#records.get(id);
    if (!record) return { status: 404, body: '{"code":"not_found"}' };
    return { status: 200, body: JSON.stringify(renderDetails(record, { isOperator: false })) };
  }

  balance(walletId: string, inFlight?: number): Reply {
    const { net, head } = this.#wallet(walletId);
    const figures = Object.keys(net)
      .toSorted()
      .map((currency) => figuresOf(currency, balanceOf(net[currency] ?? nothing)));
    const top = figures.find(({ currency }) => currency === defaultCurrency);
    const body = {
      walletId,
      ...(top ?? figuresOf(defaultCurrency, 0)),
      balances: figures,
      asOf: { sequence: head.sequence, hash: head.hash },
      ...(inFlight !== undefined && { inFlight }),
    };
    return { status: 200, body: JSON.stringify(body) };
  }

  page(walletId: string, limit: number, before = Infinity): Reply {
    const rows = this.#wallet(walletId).rows.filter(({ sequence }) => sequence < before);
    const data = rows.slice(-limit).toReversed();
    const nextCursor = rows.length > limit ? String(data.at(-1)?.sequence) : null;
    return { status: 200, body: JSON.stringify({ data, nextCursor }) };
  }

  ledgers(): Ledger[] {
    return [...this.#wallets.values()].map(({ walletId, rows }) => {
      const balance = this.balance(walletId).body;
      return { kind: "ledger", walletId, entries: rows, balance };
    });
  }
}

function duplicateOf(transactionId: string, payment: Payment): Refusal {
  const kind = "paymentReference" in payment ? "payment" : "payout";
  return { code: `duplicate_${kind}_reference`, transactionId };
}

function timeOf(time: number): string {
  return new Date(time).toISOString();
}

function legIn(record: TransactionRecord, walletId: string): Leg["posting"] {
  const leg = legsOf(record).find(({ account }) => account === walletId);
  if (!leg) throw new Error("no leg in this wallet");
  return leg.posting;
}

function figuresOf(currency: string, balance: number) {
  return { currency, balance, available: balance, held: 0, incoming: 0 };
}

function toRow(walletId: string, entry: Entry, balanceAfter: number): HistoryRow {
  const { previousHash: _, line: __, ...shown } = entry;
  const [decidedAt, createdAt] = [timeOf(entry.decidedAt), timeOf(entry.createdAt)];
  return { ...shown, walletId, balanceAfter, decidedAt, createdAt };
}
