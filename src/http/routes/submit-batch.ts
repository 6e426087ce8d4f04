// POST /transactions/batch: independent operations of the one list, under one key.
import type { MiddlewareHandler } from "hono";
import type { Outcome } from "../../durable-objects/transfer-log/contract.ts";
import { problemCodes } from "../../domain/errors.ts";
import { batchBytesMax, batchItemsMax } from "../../domain/limits.ts";
import { inScopeOrder, type Scope } from "../../domain/principal.ts";
import type { App, AppContext, AppEnv } from "../context.ts";
import { idempotencyKey } from "../middleware/idempotency-key.ts";
import { strictBody } from "../middleware/strict-body.ts";
import {
  bodyProblems,
  problemResponses,
  responseHeaders,
  writeHeaders,
  type HeaderName,
} from "../openapi.ts";
import { allOperations } from "../operations/all.ts";
import type { ImpossibleRequest } from "../operations/operation.ts";
import { transfer } from "../operations/transfer.ts";
import { answerForbidden, wordings, type FieldError } from "../problem.ts";
import { missingAtOnce, readRequest, type Asked } from "../read-request.ts";
import { BatchInput, BatchResult } from "../schemas/batch.ts";
import * as examples from "../schemas/examples.ts";
import { refuseUnrecorded, renderOutcome, submitBatch } from "../submission.ts";

const path = "/transactions/batch";

type Sent = { readonly operation: string; readonly transactionId?: string };

/** Of validated items. */
function itemsOf(sent: readonly object[]): readonly Asked[] {
  return (sent as readonly Sent[]).map(({ operation: type, transactionId, ...body }) => {
    const operation = allOperations.find((one) => one.type === type);
    if (!operation) throw new Error(`no such operation: ${type}`);
    return { operation, transactionId, body };
  });
}

function errorAt(index: number, message: string): FieldError {
  return { path: `items.${index}`, message };
}

/** Undefined where no item lacks a scope that it needs. */
function forbid(c: AppContext, lacking: readonly (readonly Scope[])[]): Response | undefined {
  const missing = inScopeOrder(lacking.flat());
  if (missing.length === 0) return undefined;
  const errors = lacking.flatMap((own, index) =>
    own.length === 0 ? [] : errorAt(index, `Needs ${own.join(", ")}.`),
  );
  return answerForbidden(c, missing, errors);
}

const requireScopes: MiddlewareHandler<
  AppEnv,
  string,
  { out: { json: { items: object[] } } }
> = async (c, next) => {
  const items = itemsOf(c.req.valid("json").items);
  return (
    forbid(
      c,
      items.map((item) => missingAtOnce(c, item)),
    ) ?? (await next())
  );
};

const key = examples.exampleKeys.batch;
const payment = { ...transfer.example.body, amount: 1_500, description: "Wages" };
const bodies = [payment, { ...payment, amount: 9_000_000, description: "Yacht" }];
const [paid, refused] = examples.committedTogether(
  key,
  bodies.map((body) => ({ type: transfer.type, ...body })),
  examples.openedAt + 300_000,
);
if (!paid || !refused) throw new Error("the example has two items");

const exampleItems: readonly Outcome[] = [
  { outcome: "settled", transaction: paid },
  {
    outcome: "settled",
    transaction: {
      ...refused,
      state: "rejected",
      refusal: { code: "insufficient_funds", account: examples.adaWalletId },
    },
  },
];

function responseOf(description: string, items: readonly Outcome[], ...names: HeaderName[]) {
  const example = { items: items.map((item) => renderOutcome(item)) };
  return {
    description,
    headers: responseHeaders(...names, "Idempotent-Replayed"),
    content: { "application/json": { schema: BatchResult, example } },
  };
}

function document(app: App): void {
  const example = { items: bodies.map((body) => ({ operation: transfer.type, ...body })) };
  const problems = allOperations.flatMap((operation) => operation.problems);
  app.openAPIRegistry.registerPath({
    method: "post",
    path,
    operationId: "submitBatch",
    tags: ["Transactions"],
    summary: "Submit several operations together",
    description:
      `1 to ${batchItemsMax} independent operations under one key: each is a transaction of its ` +
      "own, with its own outcome. Either all of them are recorded or none is: one that cannot be " +
      "a transaction, or whose scope is missing, refuses the whole, and `errors` name it. None " +
      "may rely on another one of the batch: they are carried out in any order. Each needs the " +
      "scope that it needs by itself. For back ends only, with an API key.",
    request: {
      headers: writeHeaders(key),
      body: {
        required: true,
        content: { "application/json": { schema: BatchInput, example } },
      },
    },
    responses: {
      200: responseOf("Each item is committed or refused. This body never changes.", exampleItems),
      202: responseOf(
        "Recorded, and some items, with the status 202, are not settled in time. Repeat the " +
          "request with the same key.",
        exampleItems.map((item) => ({
          ...item,
          outcome: item.transaction.refusal ? item.outcome : "pending",
        })),
        "Retry-After",
      ),
      ...problemResponses(path, [
        ...bodyProblems,
        ...new Set(problems),
        "wallet_not_found",
        "idempotency_key_reused",
      ]),
    },
  });
}

/** What can be no transaction refuses the whole, with the first problem in precedence. */
function refuse(
  c: AppContext,
  problems: readonly (ImpossibleRequest | undefined)[],
): Promise<Response> | undefined {
  const found = problems.filter((problem) => problem !== undefined);
  const [first] = found.toSorted(
    (one, other) => problemCodes.indexOf(one) - problemCodes.indexOf(other),
  );
  const errors = problems.flatMap((problem, index) =>
    problem === undefined ? [] : errorAt(index, wordings[problem].detail),
  );
  return first && refuseUnrecorded(c, first, errors);
}

async function answer(c: AppContext, items: readonly Asked[]): Promise<Response> {
  const readings = await Promise.all(items.map((item) => readRequest(c, item)));
  const lacking = readings.map((asked) => ("missing" in asked ? asked.missing : []));
  const problems = readings.map((asked) => ("problem" in asked ? asked.problem : undefined));
  const sent = readings.flatMap((asked) => ("sent" in asked ? asked.sent : []));
  return forbid(c, lacking) ?? (await refuse(c, problems)) ?? submitBatch(c, sent);
}

export function submitOperations(app: App): void {
  document(app);
  const checks = [strictBody(BatchInput, batchBytesMax), requireScopes, idempotencyKey] as const;
  app.post(path, ...checks, (c) => answer(c, itemsOf(c.req.valid("json").items)));
}
