// A transaction: the request, its lines, and the leg that each account gets. Pure.
import type { Refusal } from "../errors.ts";
import { fingerprintRequest } from "../fingerprint.ts";
import {
  expiryIdFor,
  externalAddress,
  transactionIdFor,
  walletAddress,
  type AccountAddress,
} from "../ids.ts";
import {
  debitsFirst,
  flawOf,
  isOutside,
  type AccountLine,
  type ShownLine,
} from "../ledger/line.ts";
import { isAmount } from "../ledger/money.ts";
import {
  operationOf,
  type OperationType,
  type SentRequest,
  type TransactionRequest,
} from "../operations/all.ts";
import { referenceOf, type Claim, type Movement, type Origin } from "../operations/operation.ts";
import type { Metadata } from "../text.ts";
import type { LegContent } from "./leg.ts";
import { deadlineFor, type SagaState } from "./saga.ts";

/** What a client asks the log to carry out. */
export interface Submission {
  readonly id: string;
  readonly tenant: string;
  readonly fingerprint: string;
  readonly request: TransactionRequest;
}

/** A transaction as its log records it. Times are milliseconds since the epoch. */
export interface TransactionRecord extends Submission {
  readonly state: SagaState;
  /** All that moves, the sender's first. */
  readonly lines: readonly AccountLine[];
  /** The renderer version with which this transaction is answered at any age. */
  readonly renderer: number;
  readonly refusal?: Refusal;
  /** The id of the principal that asked for it. */
  readonly principal: string;
  readonly createdAt: number;
  readonly decidedAt?: number;
  /** Set when every account has acknowledged the decision: nothing is left to do. */
  readonly settledAt?: number;
}

/** What one account is told of one transaction: its leg, which is all of its lines, and what its
 *  ledger shows of them. */
export interface Posting extends LegContent {
  readonly lines: readonly ShownLine[];
  readonly claims: readonly Claim[];
  readonly origin?: Origin;
  readonly type: OperationType;
  readonly provider?: string;
  readonly paymentReference?: string;
  readonly payoutReference?: string;
  readonly description?: string;
  readonly metadata?: Metadata;
}

/** The leg of a transaction in one account. */
export interface Leg {
  /** `wal_...` or `external:<provider>`. */
  readonly account: string;
  readonly posting: Posting;
}

/** The wording that new records are answered in. A changed wording is a new number. */
export const currentRenderer = 2;

/** The submission that a validated request and its key amount to. */
export function submissionOf(
  tenant: string,
  key: string,
  sent: SentRequest,
  defaultCurrency: string,
): Submission {
  return submissionUnder(transactionIdFor(tenant, key), tenant, sent, defaultCurrency);
}

export function submissionUnder(
  id: string,
  tenant: string,
  sent: SentRequest,
  defaultCurrency: string,
): Submission {
  return {
    id,
    tenant,
    fingerprint: fingerprintRequest(sent),
    request: operationOf(sent).resolve(sent, defaultCurrency),
  };
}

/** When a transaction may no longer commit, in ms since the epoch; undefined where it may take as
 *  long as it takes. */
export function deadlineOf(request: TransactionRequest, createdAt: number): number | undefined {
  const operation = operationOf(request);
  const usual = deadlineFor(createdAt);
  return operation.deadlineOf ? operation.deadlineOf(request, usual) : usual;
}

/** When a log ends a transaction by itself, and what it then submits; undefined for most. */
export function expirationOf({
  id,
  tenant,
  request,
  createdAt,
}: Pick<TransactionRecord, "id" | "tenant" | "request" | "createdAt">):
  { readonly at: number; readonly submission: Submission } | undefined {
  const expiration = operationOf(request).expirationOf?.(id, request, createdAt);
  if (!expiration) return undefined;
  const { at, request: sent } = expiration;
  const fingerprint = fingerprintRequest(sent);
  const stored = operationOf(sent).resolve(sent, "");
  return { at, submission: { id: expiryIdFor(tenant, id), tenant, fingerprint, request: stored } };
}

/** The lines of a request. Throws where they can be no transaction: the edge refuses those. */
export function linesOf(request: TransactionRequest): readonly AccountLine[] {
  const { lines } = operationOf(request).movementOf(request);
  if (!lines.every(({ amount }) => isAmount(amount))) throw new Error("amount out of range");
  const flaw = flawOf(lines);
  if (flaw) throw new Error(`no transaction has such lines: ${flaw}`);
  return lines;
}

/** The object that keeps an account's leg. */
export function addressOf({ tenant, request }: Submission, account: string): AccountAddress {
  if (!isOutside(account)) return walletAddress(account);
  const payment = operationOf(request).externalPaymentOf(request);
  if (!payment) throw new Error(`a ${request.type} has no leg outside of the wallets`);
  return externalAddress(tenant, payment.provider, referenceOf(payment));
}

/** What a movement is in one of its accounts. */
export interface Division extends Pick<Posting, "lines" | "claims" | "origin"> {
  readonly account: string;
}

/** One for each account, in the order in which the lines name them. */
export function divideByAccount({ lines, claims, origin }: Movement): readonly Division[] {
  return [...Map.groupBy(lines, ({ account }) => account)].map(([account, own]) => ({
    account,
    lines: debitsFirst(own).map(toShownLine),
    claims: claims.filter((claim) => claim.account === account).map(toClaim),
    ...(origin?.accounts.includes(account) && { origin: toOrigin(origin) }),
  }));
}

/** The legs of a transaction, one for each account, in the order in which its lines name them. */
export function legsOf(
  transaction: Submission & { readonly lines: readonly AccountLine[] },
): readonly Leg[] {
  const { id: transactionId, fingerprint, request, lines } = transaction;
  const { description, metadata } = request;
  const operation = operationOf(request);
  const shared = {
    transactionId,
    fingerprint,
    type: request.type,
    ...operation.externalPaymentOf(request),
    ...(description !== undefined && { description }),
    ...(metadata !== undefined && { metadata }),
  };
  const divisions = divideByAccount({ ...operation.movementOf(request), lines });
  return divisions.map(({ account, ...own }) => ({ account, posting: { ...shared, ...own } }));
}

function toShownLine({
  bucket,
  direction,
  amount,
  currency,
  counterparty,
}: AccountLine): ShownLine {
  return { bucket, direction, amount, currency, counterparty };
}

function toClaim({ key, amount, refusal }: Claim): Claim {
  return { key, amount, refusal };
}

function toOrigin({ transactionId, refusal }: Origin): Origin {
  return { transactionId, refusal };
}
