// The reads of a log shard: each method is one synchronous read that writes nothing and calls no
// other object.
import { unsettledPerShardMax } from "../../domain/limits.ts";
import { isExpired } from "../../domain/protocol/saga.ts";
import { expirationOf, type TransactionRecord } from "../../domain/protocol/transaction.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import type { Schema } from "../../platform/migrations.ts";
import { isUnderstood, type NotFound } from "../rpc/contract.ts";
import type {
  Answer,
  AskCall,
  AskResult,
  FindCall,
  Question,
  UnsettledCall,
  UnsettledTransaction,
} from "./contract.ts";
import type { LegRecords, LegRecordsCall } from "../account/audit-contract.ts";
import type { BatchStore } from "./batch-store.ts";
import { answerTo, legRecordOf, toRecord, toUnsettled } from "./answers.ts";
import type { SettledNotes } from "./settled-notes.ts";
import type { StoredTransaction } from "./rows.ts";
import type { TransferLogStore } from "./store.ts";

interface ReadParts {
  readonly schema: Schema;
  readonly store: TransferLogStore;
  readonly batches: BatchStore;
  readonly notes: SettledNotes;
  readonly log: Log;
  readonly clock: Clock;
  /** Something is asked about that should have been decided, or ended, before: drive it. */
  readonly onOverdue: () => void;
}

export class TransferLogReads {
  readonly #parts: ReadParts;

  constructor(parts: ReadParts) {
    this.#parts = parts;
  }

  /** TransferLogApi.ask. */
  ask(call: AskCall): AskResult {
    if (!isUnderstood(call)) return { ok: false, problem: "protocol_version" };
    const now = this.#parts.clock.now();
    const found = call.questions.map(({ transactionId }) => this.#find(transactionId));
    const answers = call.questions.map((question, index) =>
      this.#answer(question, found[index], call),
    );
    const isOverdue = answers.some(({ decision }, index) => {
      const asked = found[index];
      return decision === "undecided" && asked && isExpired(asked, now);
    });
    if (isOverdue) this.#parts.onOverdue();
    return { ok: true, answers };
  }

  #find(transactionId: string): StoredTransaction | undefined {
    const { schema, store } = this.#parts;
    return schema.exists() ? store.find(transactionId) : undefined;
  }

  #answer(question: Question, found: StoredTransaction | undefined, call: AskCall): Answer {
    const { transactionId, fingerprint } = question;
    const { tenant, account, requestId } = call;
    const answer = answerTo(found, { tenant, account, fingerprint });
    if (answer.decision === "fault") {
      const detail = "an account holds a leg that its log does not know";
      const line = { event: "integrity_fault", requestId, transactionId, account, detail } as const;
      this.#parts.log("error", line);
    }
    return answer;
  }

  /** TransferLogApi.find. */
  find(call: FindCall): { ok: true; transaction: TransactionRecord } | NotFound {
    this.#parts.notes.flush();
    const found = this.#find(call.transactionId);
    if (found?.tenant !== call.tenant) return { ok: false, problem: "not_found" };
    if (this.#isLate(found)) this.#parts.onOverdue();
    return { ok: true, transaction: toRecord(found) };
  }

  /** TransferLogApi.isUsed. */
  isUsed({ tenant, transactionId: id }: FindCall): boolean {
    const { schema, store, batches } = this.#parts;
    if (!schema.exists()) return false;
    return (store.find(id) ?? batches.find(id))?.tenant === tenant;
  }

  /** Whether its end is overdue: the alarm was lost, or is late. */
  #isLate(found: StoredTransaction): boolean {
    const { store, clock } = this.#parts;
    const { at } = expirationOf(found) ?? {};
    return at !== undefined && at <= clock.now() && store.hasExpiration(found.id, at);
  }

  /** TransferLogApi.unsettled. */
  unsettled({ tenant, createdUntil }: UnsettledCall): readonly UnsettledTransaction[] {
    const { schema, store, notes, clock } = this.#parts;
    notes.flush();
    if (!schema.exists()) return [];
    const now = clock.now();
    const open = store.unsettled(tenant, createdUntil, now, unsettledPerShardMax);
    const listed = [...open, ...this.#overdue(tenant, createdUntil, now)];
    const oldestFirst = listed.toSorted((one, other) => one.createdAt - other.createdAt);
    return oldestFirst.slice(0, unsettledPerShardMax).map(toUnsettled);
  }

  /** Settled transactions that should have been ended by now. */
  #overdue(tenant: string, createdUntil: number, now: number): readonly StoredTransaction[] {
    const { store } = this.#parts;
    return store
      .dueExpirations(now, unsettledPerShardMax)
      .flatMap(({ id }) => store.find(id) ?? [])
      .filter((one) => one.tenant === tenant && one.createdAt <= createdUntil)
      .filter(({ settledAt }) => settledAt !== undefined);
  }

  /** TransferLogApi.legRecords. */
  legRecords({ tenant, account, transactionIds }: LegRecordsCall): LegRecords {
    this.#parts.notes.flush();
    return transactionIds.map((id) => legRecordOf(this.#find(id), { tenant, account }));
  }
}
