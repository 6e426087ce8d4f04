// The reads of a log shard: each method is one synchronous read that writes nothing and calls no
// other object.
import { unsettledPerShardMax } from "../../domain/limits.ts";
import { isExpired } from "../../domain/protocol/saga.ts";
import type { TransactionRecord } from "../../domain/protocol/transaction.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import type { Schema } from "../../platform/migrations.ts";
import {
  protocolVersion,
  type Answer,
  type AskCall,
  type AskResult,
  type FindCall,
  type NotFound,
  type Question,
  type UnsettledCall,
  type UnsettledTransaction,
} from "../rpc/contract.ts";
import type { LegRecords, LegRecordsCall } from "../account/audit-contract.ts";
import { answerTo, legRecordOf, toRecord, toUnsettled } from "./answers.ts";
import type { StoredTransaction, TransferLogStore } from "./store.ts";

export class LogReads {
  readonly #schema: Schema;
  readonly #store: TransferLogStore;
  readonly #log: Log;
  readonly #clock: Clock;

  constructor(schema: Schema, store: TransferLogStore, log: Log, clock: Clock) {
    this.#schema = schema;
    this.#store = store;
    this.#log = log;
    this.#clock = clock;
  }

  /** `overdue`: a transaction is undecided after its deadline, and somebody must drive it. */
  ask(call: AskCall): { readonly answer: AskResult; readonly overdue: boolean } {
    if (call.protocol !== protocolVersion) {
      return { answer: { ok: false, problem: "protocol_version" }, overdue: false };
    }
    const now = this.#clock.now();
    const found = call.questions.map(({ transactionId }) => this.#find(transactionId));
    const answers = call.questions.map((question, index) =>
      this.#answer(question, found[index], call),
    );
    const overdue = answers.some(({ decision }, index) => {
      const asked = found[index];
      return decision === "undecided" && asked && isExpired(asked, now);
    });
    return { answer: { ok: true, answers }, overdue };
  }

  #find(transactionId: string): StoredTransaction | undefined {
    return this.#schema.exists() ? this.#store.find(transactionId) : undefined;
  }

  #answer(question: Question, found: StoredTransaction | undefined, call: AskCall): Answer {
    const { transactionId, fingerprint } = question;
    const { tenant, account, requestId } = call;
    const answer = answerTo(found, { tenant, account, fingerprint });
    if (answer.decision === "fault") {
      const detail = "an account holds a leg that its log does not know";
      const line = { event: "integrity_fault", requestId, transactionId, account, detail } as const;
      this.#log("error", line);
    }
    return answer;
  }

  find(call: FindCall): { ok: true; transaction: TransactionRecord } | NotFound {
    const found = this.#find(call.transactionId);
    if (found?.tenant !== call.tenant) return { ok: false, problem: "not_found" };
    return { ok: true, transaction: toRecord(found) };
  }

  unsettled({ tenant, createdUntil }: UnsettledCall): readonly UnsettledTransaction[] {
    if (!this.#schema.exists()) return [];
    const now = this.#clock.now();
    return this.#store.unsettled(tenant, createdUntil, now, unsettledPerShardMax).map(toUnsettled);
  }

  legRecords({ tenant, account, transactionIds }: LegRecordsCall): LegRecords {
    return transactionIds.map((id) => legRecordOf(this.#find(id), { tenant, account }));
  }
}
