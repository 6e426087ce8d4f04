// Authorization: a wallet's money is reserved, for another wallet or for a payout, until it is
// captured, cancelled or expired. Frozen: the stored shape and the fingerprint's fields.
import { expiresInDefaultSeconds, expiresInMaxSeconds, expiresInMinSeconds } from "../limits.ts";
import type { AccountLine } from "../ledger/line.ts";
import { isInteger, isMoney, isName, isOptional, isTime, type Fields } from "../shape.ts";
import {
  defaultProvider,
  externalAccount,
  isType,
  originKey,
  storedDetails,
  type Movement,
  type Operation,
  type SentDetails,
  type StoredDetails,
} from "./operation.ts";

interface AuthorizationFields {
  readonly type: "authorization";
  readonly fromWalletId: string;
  /** Absent: what is captured leaves for outside. */
  readonly toWalletId?: string;
  /** Of a payout. */
  readonly provider?: string;
  /** Of a payout whose reference is known already: the one of its capture. */
  readonly payoutReference?: string;
}

export interface SentAuthorization extends AuthorizationFields, SentDetails {
  /** In seconds. */
  readonly expiresIn?: number;
}

export interface StoredAuthorization extends AuthorizationFields, StoredDetails {
  readonly expiresIn: number;
}

/** What the end of an authorization copies of it. */
export interface Authorized
  extends Omit<AuthorizationFields, "type">, Pick<StoredAuthorization, "amount" | "currency"> {
  readonly transactionId: string;
  /** Ms since the epoch. */
  readonly expiresAt: number;
}

export const authorizedFields: Fields<Authorized> = {
  transactionId: isName,
  fromWalletId: isName,
  toWalletId: isOptional(isName),
  provider: isOptional(isName),
  payoutReference: isOptional(isName),
  amount: isMoney,
  currency: isName,
  expiresAt: isTime,
};

/** The account that gets what is captured. */
export function receiverOf({
  toWalletId,
  provider,
}: Pick<Authorized, "toWalletId" | "provider">): string {
  if (toWalletId !== undefined) return toWalletId;
  if (provider === undefined) throw new Error("an authorization has a receiver");
  return externalAccount(provider);
}

/** What ends an authorization whose time is over. */
export interface Expiring {
  readonly type: "expiry";
  readonly authorization: Authorized;
}

function authorizedOf(
  transactionId: string,
  request: StoredAuthorization,
  createdAt: number,
): Authorized {
  const { type: _type, expiresIn, description: _text, metadata: _pairs, ...copied } = request;
  const expiresAt = createdAt + expiresIn * 1_000;
  return { transactionId, ...copied, expiresAt };
}

function hasOneReceiver({ toWalletId, provider }: StoredAuthorization): boolean {
  return (toWalletId === undefined) !== (provider === undefined);
}

/** What was authorized, in whatever state the authorization is; undefined for a transaction of
 *  another operation. */
export function readAuthorized({
  id,
  request,
  createdAt,
}: {
  readonly id: string;
  readonly request: StoredAuthorization | { readonly type: string };
  readonly createdAt: number;
}): Authorized | undefined {
  return isAuthorization(request) ? authorizedOf(id, request, createdAt) : undefined;
}

function isAuthorization(
  request: StoredAuthorization | { readonly type: string },
): request is StoredAuthorization {
  return request.type === "authorization";
}

/** The line of a wallet that reserves money or gives it back. */
export function ownLine(
  { fromWalletId: account, currency }: Pick<Authorized, "fromWalletId" | "currency">,
  line: Pick<AccountLine, "bucket" | "direction" | "amount">,
): AccountLine {
  return { account, currency, counterparty: account, ...line };
}

/** An authorization has one end, which claims all of it in the wallet where the money lies. */
export function endOf(
  { transactionId, fromWalletId: account, amount }: Authorized,
  lines: readonly AccountLine[],
): Movement {
  const key = originKey(transactionId);
  return {
    lines,
    claims: [{ account, key, amount, refusal: "authorization_rejected" }],
    origin: { transactionId, refusal: "authorization_rejected", accounts: [account] },
  };
}

/** An end that gives back all that was reserved. */
export function givingBack(authorization: Authorized): Movement {
  const { amount } = authorization;
  return endOf(authorization, [
    ownLine(authorization, { bucket: "reserved", direction: "debit", amount }),
    ownLine(authorization, { bucket: "available", direction: "credit", amount }),
  ]);
}

export const authorization: Operation<SentAuthorization, StoredAuthorization, Expiring> = {
  type: "authorization",

  refusals: ["wallet_not_found", "insufficient_funds", "transaction_expired"],

  countsAsSpending: true,

  storedFields: {
    type: isType("authorization"),
    fromWalletId: isName,
    toWalletId: isOptional(isName),
    provider: isOptional(isName),
    payoutReference: isOptional(isName),
    expiresIn: isInteger(expiresInMinSeconds, expiresInMaxSeconds),
    ...storedDetails,
  },

  resolve: (sent, defaultCurrency) => ({
    ...sent,
    currency: sent.currency ?? defaultCurrency,
    expiresIn: sent.expiresIn ?? expiresInDefaultSeconds,
    ...(sent.toWalletId === undefined && { provider: sent.provider ?? defaultProvider }),
  }),

  fingerprintFields: (sent) => [
    sent.fromWalletId,
    sent.toWalletId ?? null,
    sent.amount,
    sent.currency ?? null,
    sent.provider ?? null,
    sent.payoutReference ?? null,
    sent.expiresIn ?? null,
  ],

  movementOf(request) {
    if (!hasOneReceiver(request)) throw new Error("it is for a wallet, or for a payout");
    const { amount } = request;
    return {
      lines: [
        ownLine(request, { bucket: "available", direction: "debit", amount }),
        ownLine(request, { bucket: "reserved", direction: "credit", amount }),
      ],
      claims: [],
    };
  },

  // Nothing leaves before the capture, which claims the reference.
  externalPaymentOf: () => undefined,

  reversibleAmounts: () => [],

  expirationOf(transactionId, request, createdAt) {
    const authorized = authorizedOf(transactionId, request, createdAt);
    return { at: authorized.expiresAt, request: { type: "expiry", authorization: authorized } };
  },
};
