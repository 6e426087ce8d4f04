// What acts on another transaction, in the files of a stopped service: one end for each authorization,
// no reversal too many, nothing before its origin, and in each wallet as much reserved as its open
// authorizations have put there. By the requests that the logs keep, and by the tests' own list of
// operations: no claim is believed. The claims themselves are added up, too.
import type { DatabaseSync } from "node:sqlite";
import type { Entry } from "../../src/domain/ledger/entry.ts";
import type { TransactionRequest } from "../../src/domain/operations/all.ts";
import { earlierOf, isWallet, linesOf, operationOf, shownPaymentOf } from "../operations/all.ts";
import type { Payment } from "../operations/operation.ts";
import * as oracle from "../oracle/reckoning.ts";

/** A committed transaction, as its log keeps it. */
interface Committed {
  readonly id: string;
  readonly tenant: string;
  readonly request: TransactionRequest;
  readonly createdAt: number;
  readonly decidedAt: number;
}

interface Claim {
  readonly key: string;
  readonly transactionId: string;
  readonly amount: number;
  readonly posted: number;
}

const originPrefix = "origin:";

export class Acts {
  readonly findings: string[] = [];
  /** How many of each operation were committed. */
  readonly counts = new Map<string, number>();
  readonly #committed = new Map<string, Committed>();
  /** The first and the last sequence of a transaction, by tenant, account and transaction. */
  readonly #places = new Map<string, { first: number; last: number }>();
  /** What lies in the bucket of reserved money, by account and currency. */
  readonly #reserved = new Map<string, bigint>();
  /** Authorizations that wait for their time. */
  readonly #expirations = new Set<string>();

  addAccount(
    database: DatabaseSync,
    entries: readonly Entry[],
    { tenant, account }: { readonly tenant: string; readonly account: string },
  ): void {
    for (const { transactionId, sequence, bucket, currency, ...moved } of entries) {
      const name = `${tenant} ${account} ${transactionId}`;
      const place = this.#places.get(name) ?? { first: sequence, last: sequence };
      this.#places.set(name, { ...place, last: sequence });
      if (bucket !== "reserved") continue;
      const pile = `${account} ${currency}`;
      const signed = moved.direction === "credit" ? BigInt(moved.amount) : -BigInt(moved.amount);
      this.#reserved.set(pile, (this.#reserved.get(pile) ?? 0n) + signed);
    }
    this.#addClaims(database, entries, account);
  }

  /** Of one account: each claim has its posted leg, and those of a key keep within its capacity. */
  #addClaims(database: DatabaseSync, entries: readonly Entry[], account: string): void {
    const query = `SELECT key, transaction_id AS transactionId, amount, EXISTS (
        SELECT 1 FROM legs WHERE open = 0 AND transaction_id = claims.transaction_id
          AND sequence IS NOT NULL
      ) AS posted FROM claims`;
    const claims = database.prepare(query).all() as unknown as Claim[];
    for (const { key, transactionId, posted } of claims) {
      if (posted !== 1) this.findings.push(`${account}: ${transactionId} only claims ${key}`);
    }
    for (const [key, own] of Map.groupBy(claims, (claim) => claim.key)) {
      const sum = own.reduce((total, { amount }) => total + BigInt(amount), 0n);
      const capacity = key.startsWith(originPrefix) ? creditsOf(key, entries) : 1n;
      if (sum > capacity) this.findings.push(`${account}: ${sum} of ${capacity} claimed of ${key}`);
    }
  }

  addExpirations(database: DatabaseSync): void {
    const rows = database.prepare("SELECT id FROM expirations").all();
    for (const { id } of rows as unknown as { id: string }[]) this.#expirations.add(id);
  }

  /** `lines`: as the log keeps them. */
  addCommitted(transaction: Committed, lines: readonly object[]): void {
    this.#committed.set(transaction.id, transaction);
    const { type } = transaction.request;
    this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
    const reckoned = linesOf(transaction.request).map((line) => spell(line));
    if (reckoned.join() !== lines.map((line) => spell(line)).join()) {
      this.findings.push(`${transaction.id} has other lines than its request asks for`);
    }
  }

  conclude(): void {
    const acts = Map.groupBy(this.#committed.values(), ({ request }) => {
      return operationOf(request).originOf(request);
    });
    for (const [originId, own] of acts) {
      const origin = originId === undefined ? undefined : this.#committed.get(originId);
      if (originId === undefined) continue;
      if (origin) this.#checkActs(origin, own);
      else this.findings.push(`${own[0]?.id} acts on ${originId}, which was not committed`);
    }
    for (const transaction of this.#committed.values()) {
      this.#checkOpen(transaction, acts.get(transaction.id) ?? []);
    }
    for (const [pile, sum] of this.#reserved) {
      if (sum !== 0n) this.findings.push(`${pile}: ${sum} are reserved for nothing`);
    }
  }

  #checkActs(origin: Committed, acts: readonly Committed[]): void {
    const ends = acts.filter(isEnd);
    const reversals = acts.filter((act) => !isEnd(act));
    if (ends.length > 1) this.findings.push(`${origin.id} has ${ends.length} ends`);
    const { moved, reserved } = earlierOf(origin.id, origin.request);
    const [only, ...others] = moved;
    const sum = reversals.reduce((total, { request }) => total + largestOf(request), 0n);
    const isTooMuch = others.length > 0 ? reversals.length > 1 : sum > BigInt(only?.amount ?? 0);
    if (reversals.length > 0 && isTooMuch) {
      this.findings.push(`${origin.id} is reversed by ${sum} in ${reversals.length}`);
    }
    const tooMuch = ends.filter(({ request }) => {
      const [captured] = operationOf(request).movedBy(request, "");
      return captured && captured.amount > (reserved?.amount ?? 0);
    });
    for (const { id } of tooMuch) this.findings.push(`${id} captures more than ${origin.id} has`);
    for (const act of acts) this.#checkOrder(origin, act);
  }

  #checkOrder(origin: Committed, act: Committed): void {
    if (act.decidedAt < origin.decidedAt) {
      this.findings.push(`${act.id} was decided before ${origin.id}`);
    }
    for (const account of accountsOf(act)) {
      const before = this.#places.get(`${origin.tenant} ${account} ${origin.id}`);
      const after = this.#places.get(`${act.tenant} ${account} ${act.id}`);
      if (before && after && after.first < before.last) {
        this.findings.push(`${account}: ${act.id} stands before ${origin.id}`);
      }
    }
    const expiresAt = expiryOf(origin);
    if (act.id !== oracle.expiryId(origin.tenant, origin.id) || expiresAt === undefined) return;
    if (act.decidedAt < expiresAt) this.findings.push(`${origin.id} has expired too early`);
  }

  /** An open authorization has its money in the bucket, and its time noted by its log. */
  #checkOpen(transaction: Committed, acts: readonly Committed[]): void {
    const { reserved } = earlierOf(transaction.id, transaction.request);
    if (!reserved || acts.some(isEnd)) return;
    const pile = `${reserved.from} ${reserved.currency}`;
    this.#reserved.set(pile, (this.#reserved.get(pile) ?? 0n) - BigInt(reserved.amount));
    if (!this.#expirations.has(transaction.id)) {
      this.findings.push(`${transaction.id} is open and will never expire`);
    }
  }
}

/** The accounts that a transaction has entries in, each once. */
function accountsOf({ tenant, request }: Committed): ReadonlySet<string> {
  const payment = shownPaymentOf(request);
  const outside = payment && oracle.externalAccount(tenant, payment.provider, referenceOf(payment));
  const named = linesOf(request).map(({ account }) => (isWallet(account) ? account : outside));
  return new Set(named.filter((account) => account !== undefined));
}

function referenceOf(payment: Payment): string {
  return "paymentReference" in payment ? payment.paymentReference : payment.payoutReference;
}

function isEnd({ request }: Committed): boolean {
  return operationOf(request).endsAs !== undefined;
}

/** Of a reversal of one amount: that amount. */
function largestOf(request: TransactionRequest): bigint {
  return BigInt(Math.max(...linesOf(request).map(({ amount }) => amount)));
}

function expiryOf({ request, createdAt }: Committed): number | undefined {
  return "expiresIn" in request ? createdAt + 1_000 * request.expiresIn : undefined;
}

/** What the origin has put into the account, of the first currency that it brought. */
function creditsOf(key: string, entries: readonly Entry[]): bigint {
  const own = entries.filter(({ transactionId, direction }) => {
    return key === originPrefix + transactionId && direction === "credit";
  });
  const counted = own.filter(({ currency }) => currency === own[0]?.currency);
  return counted.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}

function spell(line: object): string {
  const { account, bucket, direction, amount, currency, counterparty } = line as Record<
    string,
    unknown
  >;
  return [account, bucket, direction, amount, currency, counterparty].join(" ");
}
