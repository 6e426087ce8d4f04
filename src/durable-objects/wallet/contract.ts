// The calls of a wallet: its opening, freezes and reads, beside the two phases of every account.
// Writes may be repeated: a repeated call has the effect and the answer of the first.
import type { FreezeAct, UserProfile } from "../../domain/fingerprint.ts";
import type { Entry, LedgerHead } from "../../domain/ledger/entry.ts";
import type { Direction } from "../../domain/ledger/money.ts";
import type { Position } from "../../domain/ledger/position.ts";
import type { OperationType } from "../../domain/operations/all.ts";
import type { AuditReport } from "../account/audit-contract.ts";
import type { AccountApi, ClaimsApi, PostedClaim } from "../account/contract.ts";
import type { Call, NotFound, WriteCall } from "../rpc/contract.ts";

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

export interface EntriesCall extends WalletCall {
  readonly transactionId: string;
}

/** Where an entry stands in the ledger, and what it has left in its bucket: as in a history. */
export type EntryPlace = Pick<HistoryEntry, "sequence" | "balanceAfter">;

/** `entries`: of the transaction's leg, in the order of its lines; none while it is not posted. */
export interface EntryPlaces {
  readonly ok: true;
  readonly entries: readonly EntryPlace[];
}

export interface HistoryPage {
  readonly ok: true;
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** `before` of the next page; null at the end of the ledger. */
  readonly nextBefore: number | null;
  readonly inFlight?: number;
}

export interface AuthorizationsCall extends WalletCall {
  /** Only those that a transaction of this type has ended; null: only those that none has. */
  readonly endedBy?: OperationType | null;
  readonly limit: number;
  /** Only what was reserved by an entry with a smaller sequence; absent on the first page. */
  readonly before?: number;
}

/** `end`: absent while nothing has ended it. */
export interface ListedAuthorization {
  readonly transactionId: string;
  readonly end?: PostedClaim;
}

export interface AuthorizationsPage {
  readonly ok: true;
  /** Newest first. */
  readonly authorizations: readonly ListedAuthorization[];
  /** `before` of the next page; null where there is nothing more. */
  readonly nextBefore: number | null;
  readonly inFlight?: number;
}

export interface WalletApi extends AccountApi, ClaimsApi {
  /** Opens the wallet and its user, once: the wallet is the record of its own opening. */
  open(call: OpenWalletCall): Promise<OpenWalletResult>;
  profile(call: WalletCall): Promise<{ readonly ok: true; readonly user: UserRecord } | NotFound>;
  readBalance(call: WalletCall): Promise<BalanceReading | NotFound>;
  readHistory(call: HistoryCall): Promise<HistoryPage | NotFound>;
  /** What never changes once it is posted. One synchronous read, which asks no log. */
  readEntries(call: EntriesCall): Promise<EntryPlaces | NotFound>;
  /** What has reserved money here, each with its end as it is now. */
  readAuthorizations(call: AuthorizationsCall): Promise<AuthorizationsPage | NotFound>;
  /** Appends an act of freezing or thawing, once; the newest act counts for new debits. A hold from
   *  before a freeze is still posted: its YES was given. */
  freeze(call: FreezeCall): Promise<FreezeResult>;
  /** A page of the acts, newest first. */
  freezes(call: FreezesCall): Promise<FreezesPage | NotFound>;
  /** Recomputes the wallet from its first entry, compares its legs with their logs. Reads only. */
  audit(call: WalletCall): Promise<AuditReport | NotFound>;
}
