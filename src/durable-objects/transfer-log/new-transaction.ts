// The row that a submission is recorded as. Pure.
import { attemptMaxMs } from "../../domain/limits.ts";
import { initialState } from "../../domain/protocol/saga.ts";
import {
  currentRenderer,
  deadlineOf,
  linesOf,
  type Submission,
} from "../../domain/protocol/transaction.ts";
import type { StoredTransaction } from "./rows.ts";

/** Its first attempt is made at once; `nextAttemptAt` is when the alarm makes another. */
export function newTransaction(
  { id, tenant, fingerprint, request }: Submission,
  from: Pick<StoredTransaction, "principal" | "requestId" | "nonce">,
  now: number,
): StoredTransaction {
  const deadline = deadlineOf(request, now);
  return {
    id,
    tenant,
    fingerprint,
    request,
    state: initialState,
    lines: linesOf(request),
    renderer: currentRenderer,
    createdAt: now,
    ...(deadline !== undefined && { deadline }),
    attempts: 0,
    nextAttemptAt: now + attemptMaxMs,
    stuck: false,
    ...from,
  };
}
