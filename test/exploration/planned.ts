// How a world is planned, and the short words for it. Wallets are called by their names in this
// world; every other name is an account of the outside world.
import type { FreezeScope } from "../../src/domain/admission/rule.ts";
import type { Bucket, Line } from "../../src/domain/ledger/line.ts";
import type { Net } from "../../src/domain/ledger/position.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import type { SentDetails } from "../../src/domain/operations/operation.ts";

export interface PlannedWallet {
  readonly name: string;
  /** What is in it at the start. */
  readonly opening?: Net;
  /** Not open at the start: its user may open it at any moment, or never. */
  readonly opensLate?: boolean;
  /** It may be frozen so at any moment. */
  readonly mayFreeze?: FreezeScope;
}

type Acting = "capture" | "cancellation" | "expiry" | "reversal";

/** What an operation asks for. The amount, where there is one: 1 if none is named. */
type Sides<Request> = Request extends { readonly type: Acting }
  ? never
  : Omit<Request, keyof SentDetails> & { readonly amount?: number };

export type PlannedRequest = Sides<SentRequest>;

/** What acts on another transaction. The facts are those of its record, as at the edge. */
export interface PlannedAct {
  readonly type: Acting;
  /** The number of that transaction: 1, 2, ... */
  readonly of: number;
  readonly amount?: number;
  /** Of the capture of a payout. */
  readonly payoutReference?: string;
}

export interface PlannedLine extends Line {
  readonly account: string;
  readonly counterparty: string;
}

/** A movement that no operation makes. */
export interface PlannedMovement {
  readonly lines: readonly PlannedLine[];
  readonly claims?: readonly PlannedClaim[];
}

/** One on a reference, once. */
export interface PlannedClaim {
  readonly account: string;
  readonly reference: string;
}

export type PlannedTransaction = (
  | { readonly request: PlannedRequest }
  | { readonly act: PlannedAct }
  | { readonly movement: PlannedMovement }
) & {
  /** Transactions with the same log share a shard and crash together; without: one of its own. */
  readonly log?: string;
  /** Settled before the exploration begins. */
  readonly isPosted?: boolean;
  /** An item of the batch of this world, or what its key is used for as well. They share a log. */
  readonly batch?: "item" | "single";
};

/** Clocks that are apart. Times are small numbers, each so many ms after the one before. */
export interface PlannedClocks {
  readonly tickMs: number;
  /** The true time goes from 0 to this. */
  readonly last: number;
  /** By the names of logs and accounts: how far their clocks are ahead of the true time. */
  readonly ahead: Readonly<Record<string, number>>;
  /** Those of them that may be put right at any moment. */
  readonly mayBePutRight?: readonly string[];
  /** Those of them that are right at first and may jump ahead at any moment. */
  readonly mayJump?: readonly string[];
  /** One clock is further ahead than any that is followed. */
  readonly oneIsWrong?: boolean;
}

export interface Configuration {
  readonly name: string;
  readonly about: string;
  readonly wallets: readonly PlannedWallet[];
  readonly transactions: readonly PlannedTransaction[];
  /** So many clients read wallets, one after the other, again and again. */
  readonly readers?: number;
  /** Capture-and-ask rounds of one read. Default: 2. */
  readonly readPasses?: number;
  /** Undecided legs that an account takes; production: 256. Default: no limit. */
  readonly openLegs?: number;
  /** A platform worse than promised: a log may forget a row that is still preparing. The client
   *  then sends the same request again. */
  readonly rowMayBeLost?: boolean;
  /** No object crashes and no ask fails. Messages are lost, repeated and late all the same. */
  readonly isCalm?: boolean;
  /** The platform may drop the alarm of a log, which finds that out at its next start. */
  readonly alarmMayBeLost?: boolean;
  /** Each log may be full at any moment: it takes no new transactions from then on. */
  readonly logsMayFill?: boolean;
  /** Absent: time is only whether deadlines have passed. */
  readonly clocks?: PlannedClocks;
  /** Some things settle only after a deadline. */
  readonly mayWait?: boolean;
  /** Explored by `npm run test:explore` as a whole; the others are for `--all` and `--config`. */
  readonly small: boolean;
}

/** Minor units of USD. */
export function usd(available: number, reserved = 0): Net {
  return { USD: { available, reserved } };
}

export function transfer(
  fromWalletId: string,
  toWalletId: string,
  { amount = 1, log }: { readonly amount?: number; readonly log?: string } = {},
): PlannedTransaction {
  const request = { type: "transfer", fromWalletId, toWalletId, amount } as const;
  return { request, ...(log !== undefined && { log }) };
}

/** Money of `fromWalletId` is reserved for `toWalletId`. */
export function authorization(
  fromWalletId: string,
  toWalletId: string,
  how: { readonly amount?: number; readonly expiresIn?: number } = {},
): PlannedTransaction {
  return { request: { type: "authorization", fromWalletId, toWalletId, ...how } };
}

/** Money of `fromWalletId` is reserved for a payout. */
export function payoutAuthorization(fromWalletId: string): PlannedTransaction {
  return { request: { type: "authorization", fromWalletId } };
}

export function split(
  ...postings: readonly (readonly [from: string, to: string, amount?: number, currency?: string])[]
): PlannedTransaction {
  return {
    request: {
      type: "split",
      postings: postings.map(([from, to, amount = 1, currency]) => ({
        from,
        to,
        amount,
        ...(currency !== undefined && { currency }),
      })),
    },
  };
}

export function capture(of: number, amount?: number): PlannedTransaction {
  return { act: { type: "capture", of, ...(amount !== undefined && { amount }) } };
}

/** What is reserved leaves for outside. */
export function payout(of: number, payoutReference: string): PlannedTransaction {
  return { act: { type: "capture", of, payoutReference } };
}

export function cancellation(of: number): PlannedTransaction {
  return { act: { type: "cancellation", of } };
}

/** Recorded by the log of the authorization, when its time is over. */
export function expiry(of: number): PlannedTransaction {
  return { act: { type: "expiry", of } };
}

export function reversal(of: number, amount?: number): PlannedTransaction {
  return { act: { type: "reversal", of, ...(amount !== undefined && { amount }) } };
}

export function item(transaction: PlannedTransaction): PlannedTransaction {
  return { ...transaction, batch: "item" };
}

/** It uses the key of the batch. */
export function underKeyOfBatch(transaction: PlannedTransaction): PlannedTransaction {
  return { ...transaction, batch: "single" };
}

/** Settled before the exploration begins. */
export function posted(transaction: PlannedTransaction): PlannedTransaction {
  return { ...transaction, isPosted: true };
}

export function funding(walletId: string, paymentReference: string): PlannedTransaction {
  return { request: { type: "funding", walletId, paymentReference } };
}

export function withdrawal(walletId: string, payoutReference: string): PlannedTransaction {
  return { request: { type: "withdrawal", walletId, payoutReference } };
}

/** A pile of money: `A`, or `A.reserved`. */
function pileOf(name: string): { readonly account: string; readonly bucket: Bucket } {
  const [account = name, bucket] = name.split(".");
  return { account, bucket: bucket === "reserved" ? "reserved" : "available" };
}

/** The two lines of an amount that goes from one pile to another. */
export function move(from: string, to: string, amount = 1, currency = "USD"): PlannedLine[] {
  const [source, target] = [pileOf(from), pileOf(to)];
  const money = { amount, currency };
  return [
    { ...source, direction: "debit", counterparty: target.account, ...money },
    { ...target, direction: "credit", counterparty: source.account, ...money },
  ];
}
