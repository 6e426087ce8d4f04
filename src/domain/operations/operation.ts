// The domain's interface of an operation: the rule that turns a validated request into what moves.
// Each operation has a module here, listed in all.ts, and one at the edge; the log, the accounts,
// the reads and the audits know no operation by its name.
// May not know another operation, nor how a request arrives.
import type { RefusalCode } from "../errors.ts";
import type { AccountLine } from "../ledger/line.ts";
import { isMoney, isName, isOptional, isPairs, isText, type Check, type Fields } from "../shape.ts";
import type { Metadata } from "../text.ts";

/** A use of a key that an account lets be used up to its capacity. */
export interface Claim {
  /** `payment:<provider>:<reference>` and `payout:...`: once. `origin:<transaction>`: as much as
   *  the origin has put into the account. */
  readonly key: string;
  readonly amount: number;
  /** What is answered where others have used too much of it. */
  readonly refusal: RefusalCode;
}

/** The transaction that another one ends or reverses. `refusal`: what is answered where it never
 *  took place. */
export interface Origin {
  readonly transactionId: string;
  readonly refusal: RefusalCode;
}

/** An amount that moves as a whole from one account to another. */
export interface MovedAmount {
  readonly from: string;
  readonly to: string;
  /** Minor units, 1 .. 2^53 - 1. */
  readonly amount: number;
  readonly currency: string;
}

/** Everything that a transaction does. */
export interface Movement {
  /** The sender's first. Without a flaw (`flawOf`). */
  readonly lines: readonly AccountLine[];
  /** Each in one of the accounts. */
  readonly claims: readonly (Claim & { readonly account: string })[];
  /** With the accounts in which the origin has a leg. */
  readonly origin?: Origin & { readonly accounts: readonly string[] };
}

export interface RequestTexts {
  readonly description?: string;
  readonly metadata?: Metadata;
}

interface RequestDetails extends RequestTexts {
  /** Minor units, 1 .. 2^53 - 1. */
  readonly amount: number;
}

/** What a request for one amount carries as it was sent; what was omitted is omitted. */
export interface SentDetails extends RequestDetails {
  readonly currency?: string;
}

/** The same once its defaults are resolved. */
export interface StoredDetails extends RequestDetails {
  readonly currency: string;
}

/** A payment outside of the ledger, which came in or went out: its outer leg is kept in the shard
 *  of its reference. */
export type ExternalPayment = IncomingPayment | OutgoingPayment;

export interface IncomingPayment {
  readonly provider: string;
  readonly paymentReference: string;
}

export interface OutgoingPayment {
  readonly provider: string;
  readonly payoutReference: string;
}

/** The payment that a provider and a reference name; undefined where one of them is missing. */
export function paymentIn({
  provider,
  paymentReference,
  payoutReference,
}: Partial<IncomingPayment & OutgoingPayment>): ExternalPayment | undefined {
  if (provider === undefined) return undefined;
  if (paymentReference !== undefined) return { provider, paymentReference };
  return payoutReference === undefined ? undefined : { provider, payoutReference };
}

/** What the provider calls a payment. */
export function referenceOf(payment: ExternalPayment): string {
  return "paymentReference" in payment ? payment.paymentReference : payment.payoutReference;
}

/** The rules of one operation. `Sent` is a validated request with its wallet ids brought to
 *  `wal_...`; `Stored` is the same with its defaults resolved, as the log keeps it. Both are
 *  frozen: what was stored stays readable. Methods, so that the list can be called through the type
 *  of all requests: a request is always looked up by its own type. */
export interface Operation<
  Sent extends RequestTexts & { readonly type: string },
  Stored extends RequestTexts & { readonly type: string },
  Ending = never,
> {
  readonly type: Sent["type"] & Stored["type"];
  /** The refusals that its accounts can vote, in order of precedence. */
  readonly refusals: readonly RefusalCode[];
  /** Whether its debits count towards what a wallet may spend in a day or a month. */
  readonly countsAsSpending: boolean;
  /** Of one that ends its origin: what all further ends of that one are refused with. */
  readonly endsAs?: RefusalCode;
  /** A check for each field of a stored request. */
  readonly storedFields: Fields<Stored>;
  /** Resolves the defaults. Stored with the transaction, so a changed default never changes it. */
  resolve(sent: Sent, defaultCurrency: string): Stored;
  /** What tells two requests apart, except type, description and metadata, which all have. Frozen:
   *  order and meaning of the fields decide whether an old key is replayed. */
  fingerprintFields(sent: Sent): readonly (string | number | null)[];
  /** Frozen: what a stored request moves never changes. */
  movementOf(request: Stored): Movement;
  /** The payment that a leg outside of the wallets belongs to, shown in the entries of all its
   *  accounts; undefined where money stays inside. */
  externalPaymentOf(request: Stored): ExternalPayment | undefined;
  /** What a reversal moves back, in order; none where there can be no reversal. Frozen. */
  reversibleAmounts(request: Stored): readonly MovedAmount[];
  /** When it may no longer commit, where that is not the `usual` moment; undefined: it may take as
   *  long as it takes. Times in ms since the epoch. */
  deadlineOf?(request: Stored, usual: number): number | undefined;
  /** Of one that its log ends if nothing else has ended it by then. */
  expirationOf?(transactionId: string, request: Stored, createdAt: number): Expiration<Ending>;
}

export interface Expiration<Ending> {
  /** Ms since the epoch. Never early. */
  readonly at: number;
  readonly request: Ending;
}

/** The checks of what every stored request carries. */
export const storedTexts: Fields<RequestTexts> = {
  description: isOptional(isText),
  metadata: isOptional(isPairs),
};

export const storedDetails: Fields<StoredDetails> = {
  amount: isMoney,
  currency: isName,
  ...storedTexts,
};

export function isType(type: string): Check {
  return (value) => value === type;
}

/** Of a payment whose request names none. */
export const defaultProvider = "default";

/** The name of the outside world's account, as lines and entries show it. */
export function externalAccount(provider: string): string {
  return `external:${provider}`;
}

/** A payment from outside counts once, whatever it brings. */
export function paymentClaim({ provider, paymentReference }: IncomingPayment): Claim {
  const key = `payment:${provider}:${paymentReference}`;
  return { key, amount: 1, refusal: "duplicate_payment_reference" };
}

/** A payment to outside counts once, too. The same text may name a payment and a payout. */
export function payoutClaim({ provider, payoutReference }: OutgoingPayment): Claim {
  const key = `payout:${provider}:${payoutReference}`;
  return { key, amount: 1, refusal: "duplicate_payout_reference" };
}

/** The claim of the payment's own reference. */
export function claimOf(payment: ExternalPayment): Claim {
  return "paymentReference" in payment ? paymentClaim(payment) : payoutClaim(payment);
}

const originPrefix = "origin:";

/** The key of which the ends of a transaction claim their part. */
export function originKey(transactionId: string): string {
  return originPrefix + transactionId;
}

/** The transaction of which a key is claimed; undefined for a key of another kind. */
export function originId(key: string): string | undefined {
  return key.startsWith(originPrefix) ? key.slice(originPrefix.length) : undefined;
}

/** The provider that the key of a payment names. It has no colon itself. */
export function providerOf(key: string): string | undefined {
  return key.match(/^(?:payment|payout):([^:]*):/)?.[1];
}

/** The two lines of an amount that moves as a whole from one account to another. */
export function linesBetween(
  from: string,
  to: string,
  { amount, currency }: Pick<MovedAmount, "amount" | "currency">,
): readonly [AccountLine, AccountLine] {
  const money = { bucket: "available", amount, currency } as const;
  return [
    { account: from, direction: "debit", counterparty: to, ...money },
    { account: to, direction: "credit", counterparty: from, ...money },
  ];
}
