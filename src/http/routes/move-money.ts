// The POST of every operation: one path for all of them, from the validated body to the answer.
import { mayUseWallet } from "../access.ts";
import type { App, AppContext } from "../context.ts";
import { idempotencyKey } from "../middleware/idempotency-key.ts";
import { strictBody } from "../middleware/strict-body.ts";
import { bodyProblems, problemResponses, writeHeaders } from "../openapi.ts";
import { allOperations } from "../operations/all.ts";
import { operationOf } from "../../domain/operations/all.ts";
import { answerProblem } from "../problem.ts";
import { refuseImpossibleWallet, submissionResponses, submit } from "../submission.ts";

type AnyOperation = (typeof allOperations)[number];

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

async function answer(
  c: AppContext,
  operation: AnyOperation,
  body: Parameters<AnyOperation["read"]>[0],
): Promise<Response> {
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
    app.post(operation.path, strictBody(operation.input), idempotencyKey, async (c) =>
      answer(c, operation, c.req.valid("json")),
    );
  }
}
