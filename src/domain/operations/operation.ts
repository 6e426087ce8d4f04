// The domain's interface of an operation. Each operation has a module here, listed in all.ts, and
// one at the edge; the log, the accounts, the reads and the audits know no operation by its name.
// May not know another operation, nor how a request arrives.
import type { RefusalCode } from "../errors.ts";
import type { Direction } from "../ledger/money.ts";
import { isMoney, isName, isOptional, isPairs, isText, type Check, type Fields } from "../shape.ts";
import type { Metadata } from "../text.ts";

/** One side of a transaction in one account. `account` is `wal_...` or `external:<provider>`. */
export interface Leg {
  readonly account: string;
  readonly direction: Direction;
  readonly amount: number;
  readonly currency: string;
}

interface RequestDetails {
  /** Minor units, 1 .. 2^53 - 1. */
  readonly amount: number;
  readonly description?: string;
  readonly metadata?: Metadata;
}

/** What every request carries as it was sent; what was omitted is omitted. */
export interface SentDetails extends RequestDetails {
  readonly currency?: string;
}

/** What every request carries once its defaults are resolved. */
export interface StoredDetails extends RequestDetails {
  readonly currency: string;
}

/** A payment outside of the ledger: its outer leg is kept in the shard of its reference. */
export interface ExternalPayment {
  readonly provider: string;
  readonly paymentReference: string;
}

/** The rules of one operation. `Sent` is a validated request with its wallet ids brought to
 *  `wal_...`; `Stored` is the same with its defaults resolved, as the log keeps it. Both are
 *  frozen: what was stored stays readable. Methods, so that the list can be called through the type
 *  of all requests: a request is always looked up by its own type. */
export interface Operation<
  Sent extends SentDetails & { readonly type: string },
  Stored extends StoredDetails & { readonly type: string },
> {
  readonly type: Sent["type"] & Stored["type"];
  /** The refusals that its accounts can vote, in order of precedence. */
  readonly refusals: readonly RefusalCode[];
  /** A check for each field of a stored request. */
  readonly storedFields: Fields<Stored>;
  /** Resolves the defaults. Stored with the transaction, so a changed default never changes it. */
  resolve(sent: Sent, defaultCurrency: string): Stored;
  /** What tells two requests apart, except type, description and metadata, which all have. Frozen:
   *  order and meaning of the fields decide whether an old key is replayed. */
  fingerprintFields(sent: Sent): readonly (string | number | null)[];
  /** The sender's first. Debits equal credits, one leg for each account. */
  legsOf(request: Stored): readonly Leg[];
  /** The payment that a leg outside of the wallets belongs to, shown in the entries of all its
   *  accounts; undefined where money stays inside. */
  externalPaymentOf(request: Stored): ExternalPayment | undefined;
}

/** The checks of what every stored request carries. */
export const storedDetails: Fields<StoredDetails> = {
  amount: isMoney,
  currency: isName,
  description: isOptional(isText),
  metadata: isOptional(isPairs),
};

export function isType(type: string): Check {
  return (value) => value === type;
}

/** The name of the outside world's account, as legs and entries show it. */
export function externalAccount(provider: string): string {
  return `external:${provider}`;
}

/** The two legs of an amount that moves as a whole from one account to another. */
export function legsBetween(
  from: string,
  to: string,
  { amount, currency }: StoredDetails,
): readonly Leg[] {
  return [
    { account: from, direction: "debit", amount, currency },
    { account: to, direction: "credit", amount, currency },
  ];
}
