// The contract of audits: the questions of an account to a log shard about its own legs, and the
// reports. As in contract.ts, expected outcomes are values. Audits never write.
import type { Refusal } from "../../domain/errors.ts";
import type { LedgerHead } from "../../domain/ledger/entry.ts";
import type { SagaState } from "../../domain/protocol/saga.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { Call } from "../rpc/contract.ts";

/** To a log shard, about legs of one account. */
export interface LegRecordsCall extends Call {
  /** The account that asks: its id in the `AccountAddress`. */
  readonly account: string;
  /** At most `auditBatchMax`, all of them of this shard. */
  readonly transactionIds: readonly string[];
}

/** Everything that a log knows about one leg. */
export interface LegRecord {
  readonly state: SagaState;
  /** Whether every account has acknowledged the decision. */
  readonly settled: boolean;
  readonly posting: Posting;
  /** In ms since the epoch; absent while it is undecided. */
  readonly decidedAt?: number;
  /** Of a rejected transaction: the refusal that was recorded, of whichever account. */
  readonly refusal?: Refusal;
  /** `anchorOf` the leg's last entry, as the account acknowledged it; absent if none was told. */
  readonly anchor?: string;
}

/** In the order of the ids; null for a transaction that the log does not know, or that has no leg
 *  in the account. */
export type LegRecords = readonly (LegRecord | null)[];

/** To a shard of the outside world. */
export interface ExternalAuditCall extends Call {
  /** `external-<shard in hexadecimal>`. */
  readonly account: string;
}

/** What can be wrong with an account. */
export const differenceKinds = [
  "wrong_identity",
  "wrong_schema",
  "sequence_gap",
  "broken_hash",
  "entry_without_leg",
  "entry_differs_from_leg",
  "incomplete_leg",
  "origin_not_posted",
  "wrong_end",
  "missing_entry",
  "negative_balance",
  "balance_limit_exceeded",
  "wrong_reserved",
  "wrong_checkpoint",
  "wrong_claim",
  "wrong_profile",
  "wrong_freeze",
  "unknown_hold",
  "leg_unknown_to_log",
  "leg_differs_from_log",
  "entry_unknown_to_log",
  "entry_differs_from_log",
] as const;

export interface AuditDifference {
  readonly kind: (typeof differenceKinds)[number];
  readonly sequence?: number;
  readonly transactionId?: string;
  /** What differs, as the API names it; of a schema, the table or trigger. */
  readonly field?: string;
}

interface Report<Checked> {
  readonly ok: true;
  /** The end of the ledger that was audited: what was posted later was not looked at. */
  readonly head: LedgerHead;
  readonly checked: Checked;
  /** The first difference; absent when everything agrees. */
  readonly difference?: AuditDifference;
  /** Log shards that could not be asked: what they know was not compared. */
  readonly unreachableShards: number;
}

interface CheckedAccount {
  readonly entries: number;
  readonly holds: number;
  /** Committed transactions that were compared with their logs. */
  readonly transactions: number;
}

/** What an audit of one wallet found, and how much it looked at. */
export type AuditReport = Report<
  CheckedAccount & { readonly checkpoints: number; readonly freezes: number }
>;

/** The same for one shard of the outside world. */
export type ExternalAuditReport = Report<CheckedAccount & { readonly claims: number }>;

/** What can be wrong with the API keys of a tenant. */
export const keyDifferenceKinds = ["wrong_identity", "wrong_key"] as const;

export interface KeyDifference {
  readonly kind: (typeof keyDifferenceKinds)[number];
  readonly keyId?: string;
  readonly field?: string;
}

/** What the audit of one key ring found among the keys of one tenant. */
export interface KeyAuditReport {
  readonly keys: number;
  readonly difference?: KeyDifference;
}
