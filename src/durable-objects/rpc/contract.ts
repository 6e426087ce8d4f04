// The contract of remote calls between objects and from the edge. Expected outcomes are values; a
// throw means a bug or a failure of the platform. Every call may be repeated: a repeat has the
// effect and the answer of the first. A malformed call throws (validate.ts).
import type { Entry, LedgerHead } from "../../domain/ledger/entry.ts";
import type { FreezeAct, UserProfile } from "../../domain/fingerprint.ts";
import type { BusyReason, Vote } from "../../domain/protocol/vote.ts";
import type { Position } from "../../domain/ledger/position.ts";
import type { SagaState } from "../../domain/protocol/saga.ts";
import type { Posting, Submission, TransactionRecord } from "../../domain/protocol/transaction.ts";
import type { Direction } from "../../domain/ledger/money.ts";
import type { OperationType } from "../../domain/operations/all.ts";
import type {
  AuditReport,
  ExternalAuditCall,
  ExternalAuditReport,
  LegRecords,
  LegRecordsCall,
} from "../account/audit-contract.ts";

/** Of the calls between objects. An object answers BUSY to a version that it does not know, so a
 *  deploy that mixes versions delays transactions and never refuses them. */
export const protocolVersion = 1;

export interface Call {
  readonly protocol: number;
  /** The X-Request-Id of the request that this work is done for. Only ever logged. */
  readonly requestId: string;
  readonly tenant: string;
}

/** From the edge, to record something once. */
export interface WriteCall extends Call {
  /** Drawn by the edge for each HTTP request, and the same in all of its repeats: a record with
   *  another one, or without, was created by an earlier request. Releases before it send none. */
  readonly nonce?: string;
}

/** Whether a call finds a record of an earlier request: of its own, it was only repeated. */
export function isReplay(sent: string | undefined, recorded: string | undefined): boolean {
  return recorded === undefined || sent !== recorded;
}

/** To an account, about one leg of it. */
export interface LegCall extends Call {
  /** The id in the `AccountAddress` of the object that is called. */
  readonly account: string;
  readonly posting: Posting;
}

/** `entryHash`: of the entry that posts the leg. The log keeps its beginning, which anchors the
 *  account's hash chain outside of its own file. Absent after a release.
 *  `fault`: the call contradicts what was recorded. Nothing is written, and people must look. */
export type Acknowledgement =
  | { readonly acknowledged: true; readonly entryHash?: string }
  | { readonly acknowledged: false; readonly reason: BusyReason }
  | { readonly acknowledged: false; readonly reason: "fault"; readonly detail: string };

/** The two phases, as both kinds of accounts offer them. */
export interface AccountApi {
  /** Phase one. Writes a hold (YES) or a void (NO) before it answers; BUSY, fault write nothing. */
  hold(call: LegCall): Promise<Vote>;
  /** Phase two after a commit: appends the entry. Never refused after a YES. */
  post(call: LegCall): Promise<Acknowledgement>;
  /** Phase two after a rejection: leaves a void, so that a late hold cannot keep money. */
  release(call: LegCall): Promise<Acknowledgement>;
}

export interface OpenWalletCall extends WriteCall {
  readonly walletId: string;
  readonly fingerprint: string;
  readonly profile: UserProfile;
}

/** A user as recorded. `createdAt` in ms since the epoch. */
export interface UserRecord extends UserProfile {
  readonly walletId: string;
  readonly createdAt: number;
  readonly renderer: number;
}

export type OpenWalletResult =
  | { readonly ok: true; readonly user: UserRecord; readonly replayed: boolean }
  | { readonly ok: false; readonly problem: "idempotency_key_reused" };

export interface WalletCall extends Call {
  readonly walletId: string;
}

export interface FreezeCall extends WalletCall, WriteCall, FreezeAct {
  readonly freezeId: string;
  readonly fingerprint: string;
  /** The id of the calling principal. */
  readonly principal: string;
}

/** `before`: the id of a freeze of this wallet; the page begins with the one before it. */
export interface FreezesCall extends WalletCall {
  readonly limit: number;
  readonly before?: string;
}

/** `hasMore`: there are older ones than these. */
export interface FreezesPage {
  readonly ok: true;
  readonly freezes: readonly FreezeRecord[];
  readonly hasMore: boolean;
}

/** A freeze or a thaw as recorded. `createdAt` in ms since the epoch. */
export interface FreezeRecord extends FreezeAct {
  readonly id: string;
  readonly walletId: string;
  readonly principal: string;
  readonly createdAt: number;
  readonly renderer: number;
}

export type FreezeResult =
  | { readonly ok: true; readonly freeze: FreezeRecord; readonly replayed: boolean }
  | { readonly ok: false; readonly problem: "wallet_not_found" | "idempotency_key_reused" };

export type NotFound = { readonly ok: false; readonly problem: "not_found" };

/** `inFlight`: present when legs stayed undecided through every pass; the answer then includes all
 *  that was acknowledged before the read began, but is not strictly serializable. */
export interface BalanceReading {
  readonly ok: true;
  /** Every currency ever held or now incoming, in alphabetical order. */
  readonly positions: readonly Position[];
  readonly head: LedgerHead;
  readonly inFlight?: number;
}

export interface HistoryFilter {
  readonly currency?: string;
  readonly direction?: Direction;
  readonly type?: OperationType;
  /** Ms since the epoch: `from` inclusive, `to` exclusive. */
  readonly from?: number;
  readonly to?: number;
}

export interface HistoryCall extends WalletCall {
  readonly filter: HistoryFilter;
  readonly limit: number;
  /** Only entries with a smaller sequence; absent on the first page. */
  readonly before?: number;
}

/** `balanceAfter`: the balance of the entry's currency after it, whatever the filter leaves out. */
export type HistoryEntry = Omit<Entry, "previousHash"> & { readonly balanceAfter: number };

export interface HistoryPage {
  readonly ok: true;
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** `before` of the next page; null at the end of the ledger. */
  readonly nextBefore: number | null;
  readonly inFlight?: number;
}

export interface ProbeResult {
  readonly readMs: number;
  readonly writeMs: number;
}

export interface WalletApi extends AccountApi {
  /** Opens the wallet and its user, once: the wallet is the record of its own opening. */
  open(call: OpenWalletCall): Promise<OpenWalletResult>;
  profile(call: WalletCall): Promise<{ readonly ok: true; readonly user: UserRecord } | NotFound>;
  readBalance(call: WalletCall): Promise<BalanceReading | NotFound>;
  readHistory(call: HistoryCall): Promise<HistoryPage | NotFound>;
  /** Appends an act of freezing or thawing, once; the newest act counts for new debits. A hold from
   *  before a freeze is still posted: its YES was given. */
  freeze(call: FreezeCall): Promise<FreezeResult>;
  /** A page of the acts, newest first. */
  freezes(call: FreezesCall): Promise<FreezesPage | NotFound>;
  /** Recomputes the wallet from its first entry, compares its legs with their logs. Reads only. */
  audit(call: WalletCall): Promise<AuditReport | NotFound>;
}

export interface ExternalAccountApi extends AccountApi {
  /** The same for one shard of the outside world: one that was never used is empty. */
  audit(call: ExternalAuditCall): Promise<ExternalAuditReport>;
}

export interface SubmitCall extends WriteCall {
  /** The id of the calling principal. Recorded with a new transaction; a replay keeps the first. */
  readonly principal: string;
  readonly submission: Submission;
}

/** `settled`: decided and acknowledged by every account. `pending`: repeat the same submission. */
export type SubmitResult =
  | {
      readonly outcome: "settled" | "pending";
      /** Without `settledAt`: the answer to a submission is the same at any age. */
      readonly transaction: Omit<TransactionRecord, "settledAt">;
      /** Whether an earlier HTTP request created the record. */
      readonly replayed: boolean;
    }
  | { readonly outcome: "refused"; readonly problem: "idempotency_key_reused" | "overloaded" };

export interface Question {
  readonly transactionId: string;
  readonly fingerprint: string;
}

export interface AskCall extends Call {
  /** The account that asks: its id in the `AccountAddress`. */
  readonly account: string;
  readonly questions: readonly Question[];
}

/** `fault`: the log does not know the transaction, or another one. Never to be read as reject. */
export type Answer =
  | { readonly decision: "undecided" | "fault" }
  | { readonly decision: "commit" | "reject"; readonly posting: Posting };

export type AskResult =
  | { readonly ok: true; readonly answers: readonly Answer[] }
  | { readonly ok: false; readonly problem: "protocol_version" };

export interface FindCall extends Call {
  readonly transactionId: string;
}

export interface UnsettledCall extends Call {
  /** Only transactions created until this time (ms since the epoch), or in the shard's future. */
  readonly createdUntil: number;
}

export interface UnsettledTransaction {
  readonly id: string;
  readonly type: OperationType;
  readonly state: SagaState;
  readonly stuck: boolean;
  readonly attempts: number;
  readonly createdAt: number;
  readonly decidedAt?: number;
  readonly nextAttemptAt: number;
}

export interface TransferLogApi {
  /** Records the transaction, drives it, and answers when it is settled or after 5 s. */
  submit(call: SubmitCall): Promise<SubmitResult>;
  /** What was decided? One synchronous read; never calls out. Answers in order of the questions. */
  ask(call: AskCall): Promise<AskResult>;
  find(
    call: FindCall,
  ): Promise<{ readonly ok: true; readonly transaction: TransactionRecord } | NotFound>;
  /** Open transactions of the tenant, oldest first, at most 100. */
  unsettled(call: UnsettledCall): Promise<readonly UnsettledTransaction[]>;
  /** Everything that this shard knows of the given legs of an account: for audits. */
  legRecords(call: LegRecordsCall): Promise<LegRecords>;
}

/** Each class answers this on its canary object only: writes, reads back, reports timings in ms. */
export interface Probe {
  probe(): Promise<ProbeResult>;
}
