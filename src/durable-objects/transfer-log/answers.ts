// A log shard's answers about a recorded transaction, to clients and to accounts. Pure: from row to
// answer.
import { decisionOf } from "../../domain/protocol/saga.ts";
import { addressOf, postingOf, type TransactionRecord } from "../../domain/protocol/transaction.ts";
import type { LegRecord } from "../account/audit-contract.ts";
import type { Answer, UnsettledTransaction } from "./contract.ts";
import type { StoredTransaction } from "./store.ts";

/** The transaction as clients know it. */
export function toRecord(stored: StoredTransaction): TransactionRecord {
  const {
    requestId: _requestId,
    deadline: _deadline,
    attempts: _attempts,
    nextAttemptAt: _nextAttemptAt,
    stuck: _stuck,
    anchors: _anchors,
    nonce: _nonce,
    ...record
  } = stored;
  return record;
}

/** What an account that holds a leg is told. A transaction that is unknown, or known with another
 *  content, or without a leg in that account, is a fault: never to be read as rejected. */
export function answerTo(
  found: StoredTransaction | undefined,
  asked: { readonly tenant: string; readonly account: string; readonly fingerprint: string },
): Answer {
  if (found?.tenant !== asked.tenant || found.fingerprint !== asked.fingerprint) {
    return { decision: "fault" };
  }
  const leg = found.legs.find((one) => addressOf(found, one).id === asked.account);
  if (!leg) return { decision: "fault" };
  const decision = decisionOf(found.state);
  return decision === "undecided" ? { decision } : { decision, posting: postingOf(found, leg) };
}

export function toUnsettled(transaction: StoredTransaction): UnsettledTransaction {
  return {
    id: transaction.id,
    type: transaction.request.type,
    state: transaction.state,
    stuck: transaction.stuck,
    attempts: transaction.attempts,
    createdAt: transaction.createdAt,
    ...(transaction.decidedAt !== undefined && { decidedAt: transaction.decidedAt }),
    nextAttemptAt: transaction.nextAttemptAt,
  };
}

/** What an audit of an account is told of its leg; null where it has none in this transaction. */
export function legRecordOf(
  found: StoredTransaction | undefined,
  asked: { readonly tenant: string; readonly account: string },
): LegRecord | null {
  if (found?.tenant !== asked.tenant) return null;
  const index = found.legs.findIndex((one) => addressOf(found, one).id === asked.account);
  const leg = found.legs[index];
  if (!leg) return null;
  const anchor = found.anchors?.[index];
  return {
    state: found.state,
    settled: found.settledAt !== undefined,
    posting: postingOf(found, leg),
    ...(found.refusal && { refusal: found.refusal }),
    ...(typeof anchor === "string" && { anchor }),
  };
}
