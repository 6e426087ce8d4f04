// A transaction: the request, its legs, and the posting that each account gets. Pure.
import type { Refusal } from "../errors.ts";
import { fingerprintRequest } from "../fingerprint.ts";
import { externalAddress, transactionIdFor, walletAddress, type AccountAddress } from "../ids.ts";
import { isAmount, type Direction } from "../ledger/money.ts";
import {
  operationOf,
  type OperationType,
  type SentRequest,
  type TransactionRequest,
} from "../operations/all.ts";
import type { Leg } from "../operations/operation.ts";
import type { Metadata } from "../text.ts";
import type { SagaState } from "./saga.ts";

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
  /** The renderer version with which this transaction is answered at any age. */
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
  readonly type: OperationType;
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

/** The submission that a validated request and its key amount to. */
export function submissionOf(
  tenant: string,
  key: string,
  sent: SentRequest,
  defaultCurrency: string,
): Submission {
  return {
    id: transactionIdFor(tenant, key),
    tenant,
    fingerprint: fingerprintRequest(sent),
    request: operationOf(sent).resolve(sent, defaultCurrency),
  };
}

/** The legs of a request, the sender's first. Debits equal credits, one leg for each account. */
export function legsOf(request: TransactionRequest): readonly Leg[] {
  if (!isAmount(request.amount)) throw new Error("amount out of range");
  const legs = operationOf(request).legsOf(request);
  const accounts = new Set(legs.map(({ account }) => account));
  if (accounts.size < legs.length) throw new Error("one account cannot be both sides");
  return legs;
}

/** The object that keeps a leg. */
export function addressOf({ tenant, request }: Submission, leg: Leg): AccountAddress {
  if (leg.account.startsWith("wal_")) return walletAddress(leg.account);
  const payment = operationOf(request).externalPaymentOf(request);
  if (!payment) throw new Error(`a ${request.type} has no leg outside of the wallets`);
  return externalAddress(tenant, payment.provider, payment.paymentReference);
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
    ...operationOf(request).externalPaymentOf(request),
    ...(request.description !== undefined && { description: request.description }),
    ...(request.metadata !== undefined && { metadata: request.metadata }),
  };
}
