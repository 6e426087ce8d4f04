// The rows of a log shard's transactions, and what they mean. Pure: the stores read and write them.
import type { Refusal } from "../../domain/errors.ts";
import { toAccountLine, type AccountLineTuple } from "../../domain/ledger/line.ts";
import type { TransactionRequest } from "../../domain/operations/all.ts";
import type { Postponement, SagaState } from "../../domain/protocol/saga.ts";
import type { TransactionRecord } from "../../domain/protocol/transaction.ts";
import type { SqlRow } from "../../platform/storage.ts";

export interface TransactionRow extends SqlRow {
  open: number;
  id: string;
  tenant: string;
  fingerprint: string;
  state: SagaState;
  request: string;
  details: string | null;
  lines: string;
  renderer: number;
  refusal: string | null;
  request_id: string;
  created_at: number;
  deadline: number | null;
  decided_at: number | null;
  settled_at: number | null;
  attempts: number;
  next_attempt_at: number;
  stuck: number;
  principal: string;
  anchors: string | null;
  nonce: string | null;
}

/** `anchorOf` the last entry of each leg, in the order of `legsOf`, as its account has acknowledged
 *  it; null where an account told none. */
export type Anchors = readonly (string | null)[];

/** That every account has acknowledged the decision. `settledAt` in ms since the epoch. */
export interface Settlement {
  readonly settledAt: number;
  /** Absent for a rejected transaction. */
  readonly anchors?: Anchors;
}

/** A recorded transaction with what only its log needs. Times in ms since the epoch. */
export interface StoredTransaction extends TransactionRecord, Postponement {
  readonly requestId: string;
  /** When it may no longer commit; absent where it may take as long as it takes. */
  readonly deadline?: number;
  readonly anchors?: Anchors;
  /** Of the call that created it; absent in rows of earlier releases. */
  readonly nonce?: string;
}

/** A transaction that its log is to end. `expiresAt` in ms since the epoch. */
export interface Expiration {
  readonly id: string;
  readonly expiresAt: number;
}

/** When a transaction that is decided was decided, in ms since the epoch. */
export function decisionTimeOf({ decidedAt }: Pick<StoredTransaction, "decidedAt">): number {
  if (decidedAt === undefined) throw new Error("what is decided has the time of its decision");
  return decidedAt;
}

export function toTransaction(row: TransactionRow): StoredTransaction {
  const details = row.details === null ? {} : (JSON.parse(row.details) as object);
  return {
    id: row.id,
    tenant: row.tenant,
    fingerprint: row.fingerprint,
    state: row.state,
    request: { ...(JSON.parse(row.request) as TransactionRequest), ...details },
    lines: (JSON.parse(row.lines) as AccountLineTuple[]).map(toAccountLine),
    renderer: row.renderer,
    ...(row.refusal !== null && { refusal: JSON.parse(row.refusal) as Refusal }),
    principal: row.principal,
    createdAt: row.created_at,
    ...(row.decided_at !== null && { decidedAt: row.decided_at }),
    ...(row.settled_at !== null && { settledAt: row.settled_at }),
    requestId: row.request_id,
    ...(row.deadline !== null && { deadline: row.deadline }),
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    stuck: row.stuck === 1,
    ...(row.anchors !== null && { anchors: JSON.parse(row.anchors) as Anchors }),
    ...(row.nonce !== null && { nonce: row.nonce }),
  };
}
