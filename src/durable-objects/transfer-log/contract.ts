// The calls of a shard of the transfer log; those of the scrub are in scrub-contract.ts. A repeated
// submission has the effect and the answer of the first.
import type { OperationType } from "../../domain/operations/all.ts";
import type { Batch } from "../../domain/protocol/batch.ts";
import type { SagaState } from "../../domain/protocol/saga.ts";
import type { Posting, Submission, TransactionRecord } from "../../domain/protocol/transaction.ts";
import type { LegRecords, LegRecordsCall } from "../account/audit-contract.ts";
import type { Call, NotFound, WriteCall } from "../rpc/contract.ts";

export interface SubmitCall extends WriteCall {
  /** The id of the calling principal. Recorded with a new transaction; a replay keeps the first. */
  readonly principal: string;
  readonly submission: Submission;
}

/** `settled`: decided and acknowledged by every account. `pending`: repeat the same submission. */
export interface Outcome {
  readonly outcome: "settled" | "pending";
  /** Without `settledAt`: the answer to a submission is the same at any age. */
  readonly transaction: Omit<TransactionRecord, "settledAt">;
}

/** Nothing was recorded. */
export interface Refused {
  readonly outcome: "refused";
  readonly problem: "idempotency_key_reused" | "overloaded";
}

/** `replayed`: whether an earlier HTTP request created the record. */
export type SubmitResult = (Outcome & { readonly replayed: boolean }) | Refused;

export interface SubmitBatchCall extends WriteCall {
  /** As in `SubmitCall`. */
  readonly principal: string;
  readonly batch: Batch;
}

/** `items` in the order of the batch. */
export type SubmitBatchResult =
  | {
      readonly outcome: "recorded";
      readonly items: readonly Outcome[];
      readonly replayed: boolean;
    }
  | Refused;

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
  | { readonly decision: "commit"; readonly posting: Posting; readonly decidedAt: number }
  | { readonly decision: "reject"; readonly posting: Posting };

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
  /** Records all items of a batch or, where it is refused, none of them; then the same for each. */
  submitBatch(call: SubmitBatchCall): Promise<SubmitBatchResult>;
  /** Whether the key that gives this id is used, for a transaction or for a batch. */
  isUsed(call: FindCall): Promise<boolean>;
  /** What was decided? One synchronous read; never calls out. Answers in order of the questions. */
  ask(call: AskCall): Promise<AskResult>;
  find(
    call: FindCall,
  ): Promise<{ readonly ok: true; readonly transaction: TransactionRecord } | NotFound>;
  /** Open transactions of the tenant, oldest first, at most 100. */
  unsettled(call: UnsettledCall): Promise<readonly UnsettledTransaction[]>;
  /** Everything that this shard knows of the given legs of an account: for audits, and for a leg
   *  that waits for one of them. */
  legRecords(call: LegRecordsCall): Promise<LegRecords>;
}
