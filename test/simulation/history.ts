// What clients sent and what they were told, each with the steps between which it happened. The
// checks of answers and reads look at this and at the final books, at nothing else.
import type {
  AuditReport,
  KeyAuditReport,
} from "../../src/durable-objects/account/audit-contract.ts";
import type {
  SubmitBatchResult,
  SubmitResult,
} from "../../src/durable-objects/transfer-log/contract.ts";
import type {
  BalanceReading,
  HistoryFilter,
  HistoryPage,
} from "../../src/durable-objects/wallet/contract.ts";
import type { KeyAnswer } from "./key-client.ts";
import type { Batch } from "../../src/domain/protocol/batch.ts";
import type { Submission } from "../../src/domain/protocol/transaction.ts";
import { renderRefusal, renderSubmission } from "../../src/http/render.ts";

/** The steps of the simulation before and after. */
export interface Interval {
  readonly beganAt: number;
  readonly endedAt: number;
}

export interface Answered extends Interval {
  readonly submission: Submission;
  readonly result: SubmitResult;
}

export interface AnsweredBatch extends Interval {
  readonly batch: Batch;
  readonly result: SubmitBatchResult;
}

export interface Opened extends Interval {
  readonly walletId: string;
  readonly fingerprint: string;
  /** The recorded user as JSON, or the problem. */
  readonly answer: string;
}

interface ReadingOf extends Interval {
  readonly tenant: string;
  readonly walletId: string;
}

export interface ReadBalance extends ReadingOf {
  readonly kind: "balance";
  readonly reading: BalanceReading;
}

/** All pages of one walk through a history, the newest first. */
export interface ReadHistory extends ReadingOf {
  readonly kind: "history";
  readonly filter: HistoryFilter;
  readonly pages: readonly HistoryPage[];
  /** The walk reached the end of the ledger. */
  readonly complete: boolean;
  /** When the answer of the first page arrived: the later ones add nothing newer. */
  readonly firstEndedAt: number;
}

export type Reading = ReadBalance | ReadHistory;

/** What a reading says of the moment that it shows: the ledger up to `sequence`. Undefined where a
 *  filter hides it. `clean`: the reading claims to be strictly serializable. */
export interface Shown extends ReadingOf {
  readonly sequence: number;
  readonly clean: boolean;
}

export function shownBy(read: Reading): Shown | undefined {
  const { tenant, walletId, beganAt } = read;
  if (read.kind === "balance") {
    const { head, inFlight } = read.reading;
    const { endedAt } = read;
    return {
      tenant,
      walletId,
      beganAt,
      endedAt,
      sequence: head.sequence,
      clean: inFlight === undefined,
    };
  }
  const first = read.pages[0];
  if (!first || Object.keys(read.filter).length > 0) return undefined;
  const sequence = first.entries[0]?.sequence ?? 0;
  const clean = first.inFlight === undefined;
  return { tenant, walletId, beganAt, endedAt: read.firstEndedAt, sequence, clean };
}

/** `subject`: a wallet, an account of the outside world, or a key ring. */
export interface Audited {
  readonly subject: string;
  readonly report: Pick<AuditReport | KeyAuditReport, "difference">;
}

export class History {
  readonly audits: Audited[] = [];
  /** Those of batches are here, too, item by item. */
  readonly answers: Answered[] = [];
  /** Every content of every batch that was ever sent. */
  readonly sentBatches = new Set<Batch>();
  readonly batches: AnsweredBatch[] = [];
  readonly openings: Opened[] = [];
  readonly readings: Reading[] = [];
  readonly keys: KeyAnswer[] = [];
}

/** What a batch's answer says of each item. */
export function answersIn({ batch, result, ...interval }: AnsweredBatch): readonly Answered[] {
  if (result.outcome === "refused") return [];
  const { items, replayed } = result;
  return batch.items.flatMap((submission, index) => {
    const outcome = items[index];
    return outcome ? { submission, result: { ...outcome, replayed }, ...interval } : [];
  });
}

/** Whether the same request is answered the same from now on. */
export function isFinal(result: SubmitResult | SubmitBatchResult): boolean {
  if (result.outcome === "refused") return result.problem === "idempotency_key_reused";
  if (result.outcome === "recorded") return result.items.every((item) => isSettled(item));
  return isSettled(result);
}

function isSettled({ outcome }: { readonly outcome: string }): boolean {
  return outcome === "settled";
}

/** The body of a final answer, as the edge sends it; undefined where the answer is not final. */
export function bodyOf({ result }: Answered): string | undefined {
  if (result.outcome !== "settled") return undefined;
  const { transaction } = result;
  return JSON.stringify(
    transaction.state === "rejected"
      ? renderRefusal(transaction)
      : renderSubmission(transaction, false),
  );
}

/** "committed", the code of a refusal, "pending" or why it was not recorded: for statistics. */
export function outcomeOf(result: SubmitResult): string {
  if (result.outcome === "refused") return result.problem;
  if (result.outcome === "pending") return "pending";
  return result.transaction.refusal?.code ?? result.transaction.state;
}
