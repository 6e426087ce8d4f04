// Split: several amounts move together, between wallets, from outside or to outside; all of them or
// none. Frozen: the stored shape and the fingerprint's fields.
import { flawOf, isOutside, type AccountLine, type LinesFlaw } from "../ledger/line.ts";
import { splitWalletsMax } from "../limits.ts";
import { has, isList, isMoney, isName, isOptional } from "../shape.ts";
import {
  claimOf,
  defaultProvider,
  externalAccount,
  isType,
  linesBetween,
  paymentIn,
  storedTexts,
  type MovedAmount,
  type Operation,
  type RequestTexts,
} from "./operation.ts";

/** In place of a wallet: the outside world. */
export const outsideWorld = "external";

interface SplitPosting {
  /** A wallet, or the outside world. */
  readonly from: string;
  /** The same; the outside world is the source or the target, never both. */
  readonly to: string;
  /** Minor units, 1 .. 2^53 - 1. */
  readonly amount: number;
}

export interface SentPosting extends SplitPosting {
  readonly currency?: string;
}

export interface StoredPosting extends SplitPosting {
  readonly currency: string;
}

/** The payment is there if a posting comes from outside, the payout if one goes there. */
interface SplitFields extends RequestTexts {
  readonly type: "split";
  readonly paymentReference?: string;
  readonly payoutReference?: string;
  readonly provider?: string;
}

export interface SentSplit extends SplitFields {
  readonly postings: readonly SentPosting[];
}

export interface StoredSplit extends SplitFields {
  readonly postings: readonly StoredPosting[];
}

export type SplitFlaw = LinesFlaw | "too_many_wallets";

/** Those of the postings, in order. `outside`: the account of the outside world. */
function amountsOf(postings: readonly StoredPosting[], outside: string): readonly MovedAmount[] {
  const account = (named: string) => (named === outsideWorld ? outside : named);
  return postings.map(({ from, to, amount, currency }) => ({
    from: account(from),
    to: account(to),
    amount,
    currency,
  }));
}

/** Two lines for each posting, in order. */
function linesOfPostings(
  postings: readonly StoredPosting[],
  outside: string,
): readonly AccountLine[] {
  return amountsOf(postings, outside).flatMap((one) => linesBetween(one.from, one.to, one));
}

function flawOfLines(lines: readonly AccountLine[]): SplitFlaw | undefined {
  const accounts = new Set(lines.map(({ account }) => account));
  const wallets = [...accounts].filter((account) => !isOutside(account));
  return wallets.length > splitWalletsMax ? "too_many_wallets" : flawOf(lines);
}

function firstFlaw(postings: readonly SentPosting[], currency: string) {
  const stored = postings.map((posting) => ({ currency, ...posting }));
  const lines = linesOfPostings(stored, externalAccount(defaultProvider));
  if (flawOfLines(lines) === undefined) return undefined;
  for (let index = 0; index < postings.length; index++) {
    const flaw = flawOfLines(lines.slice(0, 2 * index + 2));
    if (flaw) return { index, flaw };
  }
  throw new Error("all postings together have a flaw that no number of them has");
}

/** The first posting with which there can be no transaction, whatever the default currency is: a
 *  request must not become impossible, and its key unknown, when that setting changes. Wallets as
 *  `wal_...`; two different accounts in each posting. */
export function flawOfPostings(
  postings: readonly SentPosting[],
): { readonly index: number; readonly flaw: SplitFlaw } | undefined {
  const named = new Set(postings.flatMap(({ currency }) => currency ?? []));
  const defaults = named.size > 0 ? named : ["the default"];
  for (const currency of defaults) {
    const flaw = firstFlaw(postings, currency);
    if (flaw) return flaw;
  }
  return undefined;
}

export function comesFromOutside({ postings }: Pick<SentSplit, "postings">): boolean {
  return postings.some(({ from }) => from === outsideWorld);
}

export function goesOutside({ postings }: Pick<SentSplit, "postings">): boolean {
  return postings.some(({ to }) => to === outsideWorld);
}

function hasItsReferences(request: StoredSplit): boolean {
  const { paymentReference, payoutReference } = request;
  return (
    comesFromOutside(request) === (paymentReference !== undefined) &&
    goesOutside(request) === (payoutReference !== undefined)
  );
}

export const split: Operation<SentSplit, StoredSplit> = {
  type: "split",

  refusals: [
    "wallet_not_found",
    "wallet_frozen",
    "duplicate_payment_reference",
    "duplicate_payout_reference",
    "insufficient_funds",
    "balance_limit_exceeded",
    "transaction_expired",
  ],

  countsAsSpending: true,

  storedFields: {
    type: isType("split"),
    postings: isList(
      has<StoredPosting>({ from: isName, to: isName, amount: isMoney, currency: isName }),
      { min: 1 },
    ),
    paymentReference: isOptional(isName),
    payoutReference: isOptional(isName),
    provider: isOptional(isName),
    ...storedTexts,
  },

  resolve: (sent, defaultCurrency) => ({
    ...sent,
    postings: sent.postings.map((posting) => ({
      ...posting,
      currency: posting.currency ?? defaultCurrency,
    })),
    ...((comesFromOutside(sent) || goesOutside(sent)) && {
      provider: sent.provider ?? defaultProvider,
    }),
  }),

  // The postings tell whether the reference is that of a payment or of a payout.
  fingerprintFields: ({ postings, provider, paymentReference, payoutReference }) => [
    provider ?? null,
    paymentReference ?? payoutReference ?? null,
    ...postings.flatMap(({ from, to, amount, currency }) => [from, to, amount, currency ?? null]),
  ],

  movementOf(request) {
    if (!hasItsReferences(request)) {
      throw new Error("a split names a payment if a posting crosses the border, and only then");
    }
    const payment = paymentIn(request);
    if (!payment) return { lines: linesOfPostings(request.postings, outsideWorld), claims: [] };
    const outside = externalAccount(payment.provider);
    return {
      lines: linesOfPostings(request.postings, outside),
      claims: [{ account: outside, ...claimOf(payment) }],
    };
  },

  externalPaymentOf: paymentIn,

  reversibleAmounts(request) {
    const payment = paymentIn(request);
    return amountsOf(request.postings, payment ? externalAccount(payment.provider) : outsideWorld);
  },
};
