// A service that keeps every promise, small enough to see that it does: decides and posts at given
// moments, answers with the bytes of the real renderers. Clean histories are recorded from it.
import {
  genesisHash,
  nextEntries,
  type Entry,
  type LedgerHead,
} from "../../src/domain/ledger/entry.ts";
import type { Refusal } from "../../src/domain/errors.ts";
import {
  transactionIdFor,
  userIdFor,
  walletAddress,
  walletIdOfUser,
} from "../../src/domain/ids.ts";
import { isOutside } from "../../src/domain/ledger/line.ts";
import {
  addLines,
  balanceOf,
  debitsOf,
  nothing,
  type Amounts,
  type Net,
} from "../../src/domain/ledger/position.ts";
import { batchOf } from "../../src/domain/protocol/batch.ts";
import {
  currentRenderer,
  expirationOf,
  legsOf,
  linesOf,
  submissionOf,
  type Leg,
  type Submission,
  type TransactionRecord,
} from "../../src/domain/protocol/transaction.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import {
  renderDetails,
  renderRefusal,
  renderSubmission,
  renderUser,
} from "../../src/http/render.ts";
import { earlierOf, operationOf, paymentName, paymentOf } from "../operations/all.ts";
import type { Payment } from "../operations/operation.ts";
import type { HistoryRow, Ledger } from "./format.ts";

export const tenant = "main";
export const defaultCurrency = "USD";

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** What is refused before anything is recorded. */
export interface Impossible {
  readonly problem: "transaction_not_found" | "amount_exceeds_authorization" | "not_reversible";
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
  /** What ends or reverses a committed transaction, by its id. */
  readonly #acts = new Map<string, TransactionRecord[]>();

  open(key: string, now: number): { readonly walletId: string; readonly reply: Reply } {
    const walletId = walletIdOfUser(userIdFor(tenant, key));
    const hash = genesisHash(tenant, walletAddress(walletId));
    const head = { sequence: 0, hash, createdAt: 0 };
    this.#wallets.set(walletId, { walletId, rows: [], head, net: {}, pending: [] });
    const user = { walletId, name: key, createdAt: Math.floor(now), renderer: 1 };
    return { walletId, reply: { status: 201, body: JSON.stringify(renderUser(user)) } };
  }

  /** Decides, unless the key is known, or no transaction can come of it. */
  submit(key: string, sent: SentRequest, now: number): TransactionRecord | Impossible {
    const known = this.#records.get(transactionIdFor(tenant, key));
    if (known) return known;
    const problem = this.#problemOf(sent);
    if (problem) return { problem };
    return this.#record(submissionOf(tenant, key, sent, defaultCurrency), "model", now);
  }

  /** Decides all items, unless the key is known: they act on no other transaction. */
  submitBatch(key: string, sent: readonly SentRequest[], now: number): TransactionRecord[] {
    const { items } = batchOf(tenant, key, sent, defaultCurrency);
    return items.map((item) => this.#records.get(item.id) ?? this.#record(item, "model", now));
  }

  answerBatch(records: readonly TransactionRecord[]): Reply {
    const items = records.map((record) => {
      const { status, body } = this.answer(record, false);
      return { status, body: JSON.parse(body) as unknown };
    });
    return { status: 200, body: JSON.stringify({ items }) };
  }

  /** Ends an authorization whose time is over. */
  expire(id: string, now: number): TransactionRecord | undefined {
    const origin = this.#records.get(id);
    const expiration = origin?.state === "committed" ? expirationOf(origin) : undefined;
    if (!expiration || expiration.at > now || this.#endOf(id)) return undefined;
    return this.#record(expiration.submission, "system", now);
  }

  #record(submission: Submission, principal: string, now: number): TransactionRecord {
    const createdAt = Math.floor(now);
    const lines = linesOf(submission.request);
    const times = { createdAt, decidedAt: createdAt };
    const recorded = { ...submission, lines, renderer: currentRenderer, principal, ...times };
    const refusal = this.#refusal(recorded);
    const record: TransactionRecord = refusal
      ? { ...recorded, state: "rejected", refusal }
      : { ...recorded, state: "committed" };
    this.#records.set(record.id, record);
    if (!refusal) this.#expect(record, now);
    return record;
  }

  #problemOf(sent: SentRequest): Impossible["problem"] | undefined {
    const operation = operationOf(sent);
    const originId = operation.originOf(sent);
    if (originId === undefined) return undefined;
    const origin = this.#records.get(originId);
    if (!origin) return "transaction_not_found";
    if (operation.endsAs === undefined) return undefined;
    const whole = earlierOf(originId, origin.request).reserved?.amount ?? 0;
    const [taken] = operation.movedBy(sent, defaultCurrency);
    return (taken?.amount ?? 0) > whole ? "amount_exceeds_authorization" : undefined;
  }

  #endOf(id: string): TransactionRecord | undefined {
    const acts = this.#acts.get(id) ?? [];
    return acts.find(({ request }) => operationOf(request).endsAs !== undefined);
  }

  /** What the origin of a transaction has against it. */
  #originRefusal({ request, createdAt }: Omit<TransactionRecord, "state">): Refusal | undefined {
    const operation = operationOf(request);
    const { endsAs } = operation;
    const originId = operation.originOf(request);
    const origin = this.#records.get(originId ?? "");
    if (originId === undefined || !origin) return undefined;
    if (origin.state === "rejected") {
      const code = endsAs === undefined ? "original_rejected" : "authorization_rejected";
      return { code, transactionId: originId };
    }
    const acts = this.#acts.get(originId) ?? [];
    const end = endsAs === undefined ? undefined : this.#endOf(originId);
    const endedAs = end && operationOf(end.request).endsAs;
    if (end && endedAs) return { code: `authorization_${endedAs}`, transactionId: end.id };
    if (endsAs !== undefined) {
      const isLate = endsAs === "captured" && createdAt >= (expirationOf(origin)?.at ?? Infinity);
      return isLate ? { code: "transaction_expired" } : undefined;
    }
    const { moved } = earlierOf(originId, origin.request);
    const back = (one: SentRequest) => operation.linesOf(one, defaultCurrency)[0]?.amount ?? 0;
    const sum = [...acts.map((act) => act.request), request].reduce(
      (all, one) => all + back(one),
      0,
    );
    const isTooMuch = moved.length > 1 ? acts.length > 0 : sum > (moved[0]?.amount ?? 0);
    if (!isTooMuch) return undefined;
    const first = acts[0] ? { transactionId: acts[0].id } : {};
    return { code: "reversal_exceeds_original", ...first };
  }

  #refusal(record: Omit<TransactionRecord, "state">): Refusal | undefined {
    const ofOrigin = this.#originRefusal(record);
    if (ofOrigin) return ofOrigin;
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
    const originId = operationOf(record.request).originOf(record.request);
    if (originId !== undefined) {
      this.#acts.set(originId, [...(this.#acts.get(originId) ?? []), record]);
    }
    for (const { account } of legsOf(record)) {
      if (isOutside(account)) continue;
      // What acts on another one comes after it in every ledger.
      if (originId !== undefined) this.post(account, decidedAt, Infinity, originId);
      this.#wallet(account).pending.push({ record, decidedAt });
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

  answer(record: TransactionRecord | Impossible, pending: boolean): Reply {
    if ("problem" in record) {
      const body = { code: record.problem, requestId: "of the edge" };
      return { status: 404, body: JSON.stringify(body) };
    }
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
    const about = record.state === "committed" ? this.#surroundingsOf(record) : {};
    const body = renderDetails(record, { isOperator: false }, about);
    return { status: 200, body: JSON.stringify(body) };
  }

  #surroundingsOf(record: TransactionRecord): NonNullable<Parameters<typeof renderDetails>[2]> {
    const end = this.#endOf(record.id);
    const ended = end && { end: { transactionId: end.id, type: end.request.type } };
    const expiresAt = expirationOf(record)?.at;
    if (expiresAt !== undefined) return { authorization: { expiresAt, ...ended } };
    const acts = this.#acts.get(record.id) ?? [];
    const isOne = earlierOf(record.id, record.request).moved.length === 1;
    const reversals = acts.map(({ id, lines }) => {
      return { id, ...(isOne && { amount: lines[0]?.amount ?? 0 }) };
    });
    const sum = reversals.reduce((total, { amount = 0 }) => total + amount, 0);
    if (acts.length === 0) return {};
    return { reversals: { reversals, ...(isOne && { reversedAmount: sum }) } };
  }

  balance(walletId: string, inFlight?: number): Reply {
    const { net, head } = this.#wallet(walletId);
    const figures = Object.keys(net)
      .toSorted()
      .map((currency) => figuresOf(currency, net[currency] ?? nothing));
    const top = figures.find(({ currency }) => currency === defaultCurrency);
    const body = {
      walletId,
      ...(top ?? figuresOf(defaultCurrency, nothing)),
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

function figuresOf(currency: string, amounts: Amounts) {
  const { available, reserved } = amounts;
  const balance = balanceOf(amounts);
  return { currency, balance, available, reserved, held: reserved, incoming: 0 };
}

function toRow(walletId: string, entry: Entry, balanceAfter: number): HistoryRow {
  const { previousHash: _, line: __, origin: ___, ...shown } = entry;
  const [decidedAt, createdAt] = [timeOf(entry.decidedAt), timeOf(entry.createdAt)];
  return { ...shown, walletId, balanceAfter, decidedAt, createdAt };
}
