// A bounded world as the steps of the explorer see it: logs, accounts, transactions and their legs,
// and which fields make up its state. Built by build-world.ts.
import type { FreezeScope } from "../../src/domain/admission/rule.ts";
import type { Refusal } from "../../src/domain/errors.ts";
import type { AccountLine, Bucket } from "../../src/domain/ledger/line.ts";
import type { Posting } from "../../src/domain/protocol/transaction.ts";
import type { Layout, State } from "./layout.ts";
import type { Configuration } from "./planned.ts";

export const Row = {
  absent: 0,
  preparing: 1,
  committed: 2,
  rejected: 3,
  committedSettled: 4,
  rejectedSettled: 5,
} as const;
export const rowNames = Object.keys(Row).map((name) => name.replace("Settled", ", settled"));

export const LegIs = { none: 0, held: 1, posted: 2, void: 3 } as const;
export const legNames = ["none", "held", "posted", "void"] as const;

/** An ask about one leg, as the asker sees it. `nothing`: not asked. */
export const Ask = { nothing: 0, sent: 1, undecided: 2, commit: 3, reject: 4, failed: 5 } as const;
export const askNames = Object.keys(Ask);

/** A vote that is on its way to a running attempt: 0, yes, or 2 + the number of a refusal. */
export const Vote = { nothing: 0, yes: 1, no: 2 } as const;

/** One that a leg can be voted with. Its number is its place in the list; 0 is a void that was
 *  released and has none of its own. */
export interface NumberedRefusal {
  readonly name: string;
  readonly refusal: Refusal;
}

export interface ClaimModel {
  readonly key: string;
  readonly amount: number;
  /** Whether the account has it written. */
  readonly written: number;
}

export interface ClockModel {
  /** In ticks, before it is put right. */
  readonly ahead: number;
  /** The field that says whether it was put right; -1: it never is. */
  readonly isRight: number;
  /** Right at first, it jumps ahead instead. */
  readonly jumps: boolean;
}

/** Everything below that is a number is the index of a field, -1 where the world has none. */
export interface LegModel {
  readonly name: string;
  readonly transaction: TransactionModel;
  readonly account: AccountModel;
  readonly transactionId: string;
  readonly posting: Posting;
  /** Of each line, the place of its pile in the account's list. */
  readonly piles: readonly number[];
  readonly state: number;
  readonly entries: number;
  readonly refusal: number;
  readonly refusals: readonly NumberedRefusal[];
  readonly vote: number;
  /** With the vote: 1 + the newest time at which something in the account was decided; 0: none. */
  readonly newest: number;
  /** When its entries say that it was decided. */
  readonly dated: number;
  readonly acknowledged: number;
  /** The account acknowledged a release before it was opened. */
  readonly unwritten: number;
  readonly claims: readonly ClaimModel[];
  /** The legs that the handler of this leg's hold may have to ask about, and what it was told. */
  asks: readonly { readonly other: LegModel; readonly answer: number }[];
  /** The leg that has to be voted YES before this one is asked for, and whether it was asked for. */
  after: { readonly leg: LegModel; readonly asked: number } | undefined;
  /** That of the origin, in the same account. */
  origin: LegModel | undefined;
}

/** Money of one bucket and one currency. */
export interface Pile {
  readonly bucket: Bucket;
  readonly currency: string;
  /** Minor units before the first entry that is explored. */
  readonly opening: number;
}

export interface AccountModel {
  readonly name: string;
  readonly isWallet: boolean;
  readonly openLegs: number;
  readonly opened: number;
  readonly frozen: number;
  readonly freeze: FreezeScope;
  readonly clock: ClockModel;
  /** When its last entry was posted. */
  readonly head: number;
  readonly piles: Pile[];
  readonly legs: LegModel[];
}

export interface TransactionModel {
  readonly name: string;
  readonly number: number;
  readonly id: string;
  readonly lines: readonly AccountLine[];
  readonly log: string;
  readonly clock: ClockModel;
  readonly isPosted: boolean;
  readonly row: number;
  readonly decidedAt: number;
  readonly overdue: number;
  /** An attempt of the log's present instance is running. */
  readonly driven: number;
  readonly alarm: number;
  /** A hold has left the log. */
  readonly sent: number;
  /** When it may no longer commit: never, at the usual moment, or before it was even asked for. */
  readonly deadline: "none" | "usual" | "may be over";
  /** It was asked for after its deadline. */
  readonly late: number;
  readonly legs: LegModel[];
  origin: TransactionModel | undefined;
  /** What its log ends it with. */
  expiration: ExpirationModel | undefined;
  /** The one that it is the end of, recorded by their log. */
  expires: TransactionModel | undefined;
}

/** The end of a transaction that its log records when its time is over. */
export interface ExpirationModel {
  readonly ending: TransactionModel;
  /** The log has a row that says when. */
  readonly waits: number;
  readonly alarm: number;
  /** In worlds without clocks: its time is over. */
  readonly over: number;
  /** In worlds with clocks: when that is, so long after the transaction was recorded. */
  readonly at: number;
  readonly afterMs: number;
}

export interface ReaderModel {
  readonly name: string;
  /** 0: none is reading; else 1 + the number of the wallet. */
  readonly wallet: number;
  readonly pass: number;
  readonly askFailed: number;
  /** By transaction: the captured held legs and what was learned of them. */
  readonly asks: readonly number[];
  /** Bits by transaction: the captured entries. */
  readonly shown: number;
  /** Only for the checks: bits by sets of transactions (see moments.ts), bits by transaction. */
  readonly moments: number;
  readonly rejectedBefore: number;
}

/** Time in ticks. */
export interface ClocksModel {
  readonly tickMs: number;
  readonly now: number;
  readonly last: number;
  /** The latest that the clock of any log can show. */
  readonly latest: number;
  readonly oneIsWrong: boolean;
  /** By the names of logs and accounts. */
  readonly all: ReadonlyMap<string, ClockModel>;
}

/** Transactions that are submitted together, under one key. */
export interface BatchModel {
  readonly items: readonly TransactionModel[];
  /** What the same key may be used for by itself. */
  readonly single: TransactionModel | undefined;
  /** The log has a row of the batch. */
  readonly recorded: number;
}

export interface World {
  readonly configuration: Configuration;
  readonly layout: Layout;
  readonly initial: State;
  readonly transactions: readonly TransactionModel[];
  readonly legs: readonly LegModel[];
  readonly accounts: readonly AccountModel[];
  readonly currencies: readonly string[];
  readonly logs: readonly string[];
  /** The fields that say that a log takes no new transactions, by its name. */
  readonly fullLogs: ReadonlyMap<string, number>;
  /** Of each list, at most one takes place: they use up the same payment, payout or authorization. */
  readonly rivals: readonly (readonly TransactionModel[])[];
  readonly batch: BatchModel | undefined;
  readonly readers: readonly ReaderModel[];
  readonly clocks: ClocksModel | undefined;
}

export function isCommitted(state: State, { row }: TransactionModel): boolean {
  return state[row] === Row.committed || state[row] === Row.committedSettled;
}

export function isRejected(state: State, { row }: TransactionModel): boolean {
  return state[row] === Row.rejected || state[row] === Row.rejectedSettled;
}
