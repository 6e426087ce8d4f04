// A log shard's answers about a recorded transaction, to clients and to accounts. Pure: from row to
// answer.
import { decisionOf } from "../../domain/protocol/saga.ts";
import {
  addressOf,
  legsOf,
  type Leg,
  type TransactionRecord,
} from "../../domain/protocol/transaction.ts";
import type { LegRecord } from "../account/audit-contract.ts";
import type { Answer, UnsettledTransaction } from "./contract.ts";
import { decisionTimeOf, type StoredTransaction } from "./rows.ts";

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

/** The leg of a transaction in an account, by its id in the `AccountAddress`, and the leg's place
 *  among all. */
function legIn(
  found: StoredTransaction,
  account: string,
): { readonly leg: Leg; readonly index: number } | undefined {
  const legs = legsOf(found);
  const index = legs.findIndex((leg) => addressOf(found, leg.account).id === account);
  const leg = legs[index];
  return leg && { leg, index };
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
  const posting = legIn(found, asked.account)?.leg.posting;
  if (!posting) return { decision: "fault" };
  const decision = decisionOf(found.state);
  switch (decision) {
    case "undecided":
      return { decision };
    case "reject":
      return { decision, posting };
    case "commit":
      return { decision, posting, decidedAt: decisionTimeOf(found) };
  }
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
  const own = legIn(found, asked.account);
  if (!own) return null;
  const anchor = found.anchors?.[own.index];
  return {
    state: found.state,
    settled: found.settledAt !== undefined,
    posting: own.leg.posting,
    ...(found.decidedAt !== undefined && { decidedAt: found.decidedAt }),
    ...(found.refusal && { refusal: found.refusal }),
    ...(typeof anchor === "string" && { anchor }),
  };
}
