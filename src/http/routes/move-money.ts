// The POST of every operation: one path for all of them, from the validated body to the answer.
import { z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { mayUseWallet, routePattern } from "../access.ts";
import type { App, AppContext, AppEnv } from "../context.ts";
import { idempotencyKey } from "../middleware/idempotency-key.ts";
import { strictBody } from "../middleware/strict-body.ts";
import { bodyProblems, problemResponses, writeHeaders } from "../openapi.ts";
import { allOperations } from "../operations/all.ts";
import * as examples from "../schemas/examples.ts";
import { transactionIdShown } from "../schemas/fields.ts";
import { operationOf } from "../../domain/operations/all.ts";
import type { Scope } from "../../domain/principal.ts";
import type { TransactionRecord } from "../../domain/protocol/transaction.ts";
import { answerForbidden } from "../problem.ts";
import { findTransaction, refuseUnrecorded, submissionResponses, submit } from "../submission.ts";

type AnyOperation = (typeof allOperations)[number];
type Body = Parameters<AnyOperation["read"]>[0];

const named = z.object({
  id: transactionIdShown.openapi({ description: "The transaction, `txn_...`." }),
});

function answerOf({ answer: own, otherAnswers = [] }: AnyOperation): z.ZodType {
  return otherAnswers.length === 0 ? own : z.union([own, ...otherAnswers]);
}

function document(app: App, operation: AnyOperation): void {
  const { path, operationId, summary, description, example } = operation;
  app.openAPIRegistry.registerPath({
    method: "post",
    path,
    operationId,
    tags: ["Transactions"],
    summary,
    description,
    request: {
      headers: writeHeaders(example.key),
      ...(actsOnTransaction(operation) && { params: named }),
      body: {
        required: true,
        content: { "application/json": { schema: operation.input, example: example.body } },
      },
    },
    responses: {
      ...submissionResponses(answerOf(operation), example.record),
      ...problemResponses(
        path.replace("{id}", examples.transferId),
        [
          ...bodyProblems,
          ...operation.problems,
          "idempotency_key_reused",
          ...operationOf(operation).refusals,
        ],
        { record: example.record },
      ),
    },
  });
}

/** What a request needs and the caller lacks, known only once its body is, and the transaction that
 *  it acts on: the route is open for one of the scopes. */
function missingScopes(
  c: AppContext,
  operation: AnyOperation,
  body: Body,
  origin?: TransactionRecord,
): readonly Scope[] {
  const { scopes } = c.get("principal");
  return operation.scopesOf(body, origin).filter((scope) => !scopes.includes(scope));
}

function requireScopes(
  operation: AnyOperation,
): MiddlewareHandler<AppEnv, string, { out: { json: Body } }> {
  return async (c, next) => {
    const isKnown = !actsOnTransaction(operation);
    const missing = isKnown ? missingScopes(c, operation, c.req.valid("json")) : [];
    return missing.length > 0 ? answerForbidden(c, missing) : await next();
  };
}

/** The transaction that the path names, if it names one. */
async function readOrigin(c: AppContext): Promise<TransactionRecord | undefined> {
  const transactionId = c.req.param("id");
  return transactionId === undefined ? undefined : await findTransaction(c, transactionId);
}

async function answer(c: AppContext, operation: AnyOperation, body: Body): Promise<Response> {
  const origin = await readOrigin(c);
  const missing = actsOnTransaction(operation) ? missingScopes(c, operation, body, origin) : [];
  if (missing.length > 0) return answerForbidden(c, missing);
  if (!origin && actsOnTransaction(operation)) return refuseUnrecorded(c, "transaction_not_found");
  const asked = operation.read(body, origin);
  if ("problem" in asked) return refuseUnrecorded(c, asked.problem);
  const { sent, walletId, spends } = asked;
  if (spends !== undefined && !mayUseWallet(c.get("principal"), spends)) {
    const isOfOrigin = actsOnTransaction(operation);
    return refuseUnrecorded(c, isOfOrigin ? "transaction_not_found" : "wallet_not_found");
  }
  return await submit(c, sent, walletId);
}

function actsOnTransaction({ path }: AnyOperation): boolean {
  return path.includes("{id}");
}

export function moveMoney(app: App): void {
  for (const operation of allOperations) {
    document(app, operation);
    const checks = [strictBody(operation.input), requireScopes(operation), idempotencyKey] as const;
    app.post(routePattern(operation), ...checks, (c) => answer(c, operation, c.req.valid("json")));
  }
}
