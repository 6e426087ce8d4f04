// The POST of every operation: one path for all of them, from the validated body to the answer.
import type { MiddlewareHandler } from "hono";
import { mayUseWallet } from "../access.ts";
import type { App, AppContext, AppEnv } from "../context.ts";
import { idempotencyKey } from "../middleware/idempotency-key.ts";
import { strictBody } from "../middleware/strict-body.ts";
import { bodyProblems, problemResponses, writeHeaders } from "../openapi.ts";
import { allOperations } from "../operations/all.ts";
import { operationOf } from "../../domain/operations/all.ts";
import { answerForbidden, answerProblem } from "../problem.ts";
import { refuseImpossibleWallet, submissionResponses, submit } from "../submission.ts";

type AnyOperation = (typeof allOperations)[number];
type Body = Parameters<AnyOperation["read"]>[0];

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
      body: {
        required: true,
        content: { "application/json": { schema: operation.input, example: example.body } },
      },
    },
    responses: {
      ...submissionResponses(operation.answer, example.record),
      ...problemResponses(
        path,
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

/** What a request needs, known only once its body is: the route is open for one of the scopes. */
function requireScopes(
  operation: AnyOperation,
): MiddlewareHandler<AppEnv, string, { out: { json: Body } }> {
  return async (c, next) => {
    const { scopes } = c.get("principal");
    const needed = operation.scopesOf(c.req.valid("json"));
    const missing = needed.filter((scope) => !scopes.includes(scope));
    return missing.length > 0 ? answerForbidden(c, missing) : await next();
  };
}

async function answer(c: AppContext, operation: AnyOperation, body: Body): Promise<Response> {
  const asked = operation.read(body);
  if ("problem" in asked) {
    const known = asked.problem === "wallet_not_found";
    return known ? await refuseImpossibleWallet(c) : answerProblem(c, asked.problem);
  }
  const { sent, walletId, spends } = asked;
  if (spends !== undefined && !mayUseWallet(c.get("principal"), spends)) {
    return await refuseImpossibleWallet(c);
  }
  return await submit(c, sent, walletId);
}

export function moveMoney(app: App): void {
  for (const operation of allOperations) {
    document(app, operation);
    const checks = [strictBody(operation.input), requireScopes(operation), idempotencyKey] as const;
    app.post(operation.path, ...checks, (c) => answer(c, operation, c.req.valid("json")));
  }
}
