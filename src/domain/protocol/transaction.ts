// What a transaction is: a request, the legs it is made of, and what each account learns of it.
import { externalAddress, transactionIdFor, walletAddress, type AccountAddress } from "../ids.ts";
import type { Refusal } from "../errors.ts";
import { fingerprintRequest } from "../fingerprint.ts";
import { isAmount } from "../ledger/money.ts";
import type { SagaState } from "./saga.ts";

export type Direction = "debit" | "credit";
export type Metadata = Readonly<Record<string, string>>;

interface RequestDetails {
  /** Minor units, 1 .. 2^53 - 1. */
  readonly amount: number;
  readonly description?: string;
  readonly metadata?: Metadata;
}

export interface FundingRequest extends RequestDetails {
  readonly type: "funding";
  readonly walletId: string;
  readonly paymentReference: string;
}

export interface TransferRequest extends RequestDetails {
  readonly type: "transfer";
  readonly fromWalletId: string;
  readonly toWalletId: string;
}

/** A validated request as sent, wallet ids brought to `wal_...`; what was omitted is omitted. */
export type SentRequest =
  | (FundingRequest & { readonly currency?: string; readonly provider?: string })
  | (TransferRequest & { readonly currency?: string });

/** The same request with its defaults resolved, once and for ever: what the log stores. */
export type TransactionRequest =
  | (FundingRequest & { readonly currency: string; readonly provider: string })
  | (TransferRequest & { readonly currency: string });

/** One side of a transaction in one account. `account` is `wal_...` or `external:<provider>`. */
export interface Leg {
  readonly account: string;
  readonly direction: Direction;
  readonly amount: number;
  readonly currency: string;
}

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
  readonly legs: readonly Leg[];
  /** The wording in which this transaction is answered, for ever. */
  readonly renderer: number;
  readonly refusal?: Refusal;
  /** The id of the principal that asked for it; absent where none was recorded. */
  readonly principal?: string;
  readonly createdAt: number;
  readonly decidedAt?: number;
  /** Set when every account has acknowledged the decision: nothing is left to do. */
  readonly settledAt?: number;
}

/** What one account is told of one transaction: its leg, and what its ledger shows of it. */
export interface Posting {
  readonly transactionId: string;
  readonly fingerprint: string;
  readonly type: TransactionRequest["type"];
  readonly direction: Direction;
  readonly amount: number;
  readonly currency: string;
  readonly counterparty: string;
  readonly provider?: string;
  readonly paymentReference?: string;
  readonly description?: string;
  readonly metadata?: Metadata;
}

/** The wording that new records are answered in. A changed wording is a new number. */
export const currentRenderer = 1;

const defaultProvider = "default";

/** The submission that a validated request and its key amount to. */
export function submissionOf(
  tenant: string,
  key: string,
  sent: SentRequest,
  defaultCurrency: string,
): Submission {
  const currency = sent.currency ?? defaultCurrency;
  const request: TransactionRequest =
    sent.type === "funding"
      ? { ...sent, currency, provider: sent.provider ?? defaultProvider }
      : { ...sent, currency };
  return {
    id: transactionIdFor(tenant, key),
    tenant,
    fingerprint: fingerprintRequest(sent),
    request,
  };
}

/** The legs of a request, the sender's first. Debits equal credits, one leg for each account. */
export function legsOf(request: TransactionRequest): readonly Leg[] {
  const { amount, currency } = request;
  if (!isAmount(amount)) throw new Error("amount out of range");
  const [from, to] =
    request.type === "funding"
      ? [`external:${request.provider}`, request.walletId]
      : [request.fromWalletId, request.toWalletId];
  if (from === to) throw new Error("one account cannot be both sides");
  return [
    { account: from, direction: "debit", amount, currency },
    { account: to, direction: "credit", amount, currency },
  ];
}

/** The object that keeps a leg. */
export function addressOf(transaction: Submission, leg: Leg): AccountAddress {
  if (leg.account.startsWith("wal_")) return walletAddress(leg.account);
  const { request, tenant } = transaction;
  if (request.type !== "funding") throw new Error("only a funding has an external leg");
  return externalAddress(tenant, request.provider, request.paymentReference);
}

export function postingOf(
  transaction: Submission & { readonly legs: readonly Leg[] },
  leg: Leg,
): Posting {
  const { request } = transaction;
  const counterparty = transaction.legs.find((other) => other.direction !== leg.direction);
  if (!counterparty) throw new Error("a transaction needs legs on both sides");
  return {
    transactionId: transaction.id,
    fingerprint: transaction.fingerprint,
    type: request.type,
    direction: leg.direction,
    amount: leg.amount,
    currency: leg.currency,
    counterparty: counterparty.account,
    ...(request.type === "funding" && {
      provider: request.provider,
      paymentReference: request.paymentReference,
    }),
    ...(request.description !== undefined && { description: request.description }),
    ...(request.metadata !== undefined && { metadata: request.metadata }),
  };
}
