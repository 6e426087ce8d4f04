// Submits a valid money operation to its transfer log and answers the outcome. Shared by all
// operations; knows none of them in particular.
import type { RouteConfig, z } from "@hono/zod-openapi";
import type { Outcome } from "../durable-objects/transfer-log/contract.ts";
import { versionToSay } from "../durable-objects/rpc/contract.ts";
import { callFromEdge, logStub } from "../durable-objects/rpc/stubs.ts";
import { isTransactionId, logShardOf, transactionIdFor } from "../domain/ids.ts";
import { batchOf } from "../domain/protocol/batch.ts";
import {
  legsOf,
  linesOf,
  submissionOf,
  type Submission,
  type TransactionRecord,
} from "../domain/protocol/transaction.ts";
import type { SentRequest } from "../domain/operations/all.ts";
import { maySee, readerOf } from "./access.ts";
import { callOf, writeCallOf, type AppContext } from "./context.ts";
import { responseHeaders } from "./openapi.ts";
import type { ImpossibleRequest } from "./operations/operation.ts";
import { answerBody, answerProblem, type FieldError } from "./problem.ts";
import { renderRefusal, renderSubmission } from "./render.ts";

/** The documentation of the answers of `submit` that are not refusals. */
export function submissionResponses(
  schema: z.ZodType,
  example: TransactionRecord,
): RouteConfig["responses"] {
  return {
    201: {
      description: "Committed, and posted in every account. This body never changes.",
      headers: responseHeaders("Location", "Idempotent-Replayed"),
      content: {
        "application/json": { schema, example: renderSubmission(example, false) },
      },
    },
    202: {
      description: "Recorded, and not settled in time. Repeat the request with the same key.",
      headers: responseHeaders("Location", "Retry-After", "Idempotent-Replayed"),
      content: {
        "application/json": { schema, example: renderSubmission(example, true) },
      },
    },
  };
}

/** The lowest version that can say all of its legs. */
function versionToSubmit(submission: Submission): number {
  const legs = legsOf({ ...submission, lines: linesOf(submission.request) });
  return Math.max(...legs.map(({ posting }) => versionToSay(posting)));
}

/** Submits the request to its log and answers the outcome. `walletId`: for the access log. */
export async function submit(
  c: AppContext,
  sent: SentRequest,
  walletId: string,
): Promise<Response> {
  const submission = submissionOf(
    c.get("tenant"),
    c.get("idempotencyKey"),
    sent,
    c.env.DEFAULT_CURRENCY,
  );
  c.set("transactionId", submission.id);
  c.set("walletId", walletId);
  const principal = c.get("principal").id;
  const protocol = versionToSubmit(submission);
  const call = { ...writeCallOf(c), protocol, principal, submission };
  const result = await callFromEdge(() => logStub(c.env, logShardOf(submission.id)).submit(call));
  if (result.outcome === "refused") return answerProblem(c, result.problem);

  c.set("replayed", result.replayed);
  const { status, body } = renderOutcome(result, readerOf(c.get("principal")));
  if (result.replayed) c.header("Idempotent-Replayed", "true");
  if ("code" in body) return answerBody(c, body);
  c.header("Location", `/transactions/${submission.id}`);
  if (result.outcome === "pending") c.header("Retry-After", "1");
  return c.json(body, status);
}

/** The same for a batch, whose answer has those of its items in it. */
export async function submitBatch(c: AppContext, sent: readonly SentRequest[]): Promise<Response> {
  const batch = batchOf(c.get("tenant"), c.get("idempotencyKey"), sent, c.env.DEFAULT_CURRENCY);
  c.set("batchId", batch.id);
  const principal = c.get("principal").id;
  const protocol = Math.max(...batch.items.map(versionToSubmit));
  const call = { ...writeCallOf(c), protocol, principal, batch };
  const result = await callFromEdge(() => logStub(c.env, logShardOf(batch.id)).submitBatch(call));
  if (result.outcome === "refused") return answerProblem(c, result.problem);

  c.set("replayed", result.replayed);
  const items = result.items.map((item) => renderOutcome(item));
  if (result.replayed) c.header("Idempotent-Replayed", "true");
  const isPending = result.items.some(({ outcome }) => outcome === "pending");
  if (isPending) c.header("Retry-After", "1");
  return c.json({ items }, isPending ? 202 : 200);
}

/** Before any header: a record that cannot be rendered is answered as a fault, and only as that. */
export function renderOutcome(
  { outcome, transaction }: Outcome,
  reader: ReturnType<typeof readerOf> = {},
) {
  const pending = outcome === "pending";
  if (!pending && transaction.state === "rejected") {
    const body = renderRefusal(transaction);
    return { status: body.status, body } as const;
  }
  const body = renderSubmission(transaction, pending, reader);
  return { status: pending ? 202 : 201, body } as const;
}

/** A transaction of the caller's tenant that the caller may see, in whatever state. */
export async function findTransaction(
  c: AppContext,
  transactionId: string,
): Promise<TransactionRecord | undefined> {
  if (!isTransactionId(transactionId)) return undefined;
  const found = await callFromEdge(() =>
    logStub(c.env, logShardOf(transactionId)).find({ ...callOf(c), transactionId }),
  );
  return found.ok && maySee(c.get("principal"), found.transaction) ? found.transaction : undefined;
}

/** A request that can be no transaction is not recorded, so that probing leaves nothing in the log;
 *  the log is only asked whether it knows the key already. What the body alone tells is answered
 *  without that. */
export async function refuseUnrecorded(
  c: AppContext,
  problem: ImpossibleRequest,
  errors?: readonly FieldError[],
): Promise<Response> {
  if (problem === "same_wallet") return answerProblem(c, problem, errors);
  const transactionId = transactionIdFor(c.get("tenant"), c.get("idempotencyKey"));
  c.set("transactionId", transactionId);
  const isUsed = await callFromEdge(() =>
    logStub(c.env, logShardOf(transactionId)).isUsed({ ...callOf(c), transactionId }),
  );
  return isUsed ? answerProblem(c, "idempotency_key_reused") : answerProblem(c, problem, errors);
}
