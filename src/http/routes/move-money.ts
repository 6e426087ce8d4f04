// The POST of every operation: one path for all of them, from the validated body to the answer.
import { z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { routePattern } from "../access.ts";
import type { App, AppContext, AppEnv } from "../context.ts";
import { idempotencyKey } from "../middleware/idempotency-key.ts";
import { strictBody } from "../middleware/strict-body.ts";
import { bodyProblems, problemResponses, writeHeaders } from "../openapi.ts";
import {
  actsOnTransaction,
  allOperations,
  type AnyOperation,
  type Body,
} from "../operations/all.ts";
import { missingAtOnce, readRequest } from "../read-request.ts";
import * as examples from "../schemas/examples.ts";
import { transactionIdShown } from "../schemas/fields.ts";
import { operationOf } from "../../domain/operations/all.ts";
import { answerForbidden } from "../problem.ts";
import { refuseUnrecorded, submissionResponses, submit } from "../submission.ts";

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

function requireScopes(
  operation: AnyOperation,
): MiddlewareHandler<AppEnv, string, { out: { json: Body } }> {
  return async (c, next) => {
    const missing = missingAtOnce(c, { operation, body: c.req.valid("json") });
    return missing.length > 0 ? answerForbidden(c, missing) : await next();
  };
}

async function answer(c: AppContext, operation: AnyOperation, body: Body): Promise<Response> {
  const asked = await readRequest(c, { operation, body, transactionId: c.req.param("id") });
  if ("missing" in asked) return answerForbidden(c, asked.missing);
  if ("problem" in asked) return refuseUnrecorded(c, asked.problem);
  return await submit(c, asked.sent, asked.walletId);
}

export function moveMoney(app: App): void {
  for (const operation of allOperations) {
    document(app, operation);
    const checks = [strictBody(operation.input), requireScopes(operation), idempotencyKey] as const;
    app.post(routePattern(operation), ...checks, (c) => answer(c, operation, c.req.valid("json")));
  }
}
