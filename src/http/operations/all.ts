// Every operation as the edge knows it, once, in the order of the documentation.
import type { z } from "@hono/zod-openapi";
import type {
  OperationType,
  SentRequest,
  TransactionRequest,
} from "../../domain/operations/all.ts";
import { authorization } from "./authorization.ts";
import { cancellation } from "./cancellation.ts";
import { capture } from "./capture.ts";
import { expiry } from "./expiry.ts";
import { funding } from "./funding.ts";
import type { HttpOperation, ShownOperation } from "./operation.ts";
import { reversal } from "./reversal.ts";
import { split } from "./split.ts";
import { transfer } from "./transfer.ts";
import { withdrawal } from "./withdrawal.ts";

const operations = {
  funding,
  transfer,
  authorization,
  capture,
  cancellation,
  expiry,
  withdrawal,
  split,
  reversal,
} as const satisfies {
  readonly [Type in OperationType]: ShownOperation & { readonly type: Type };
};

type Listed = (typeof operations)[OperationType];

/** The answer to a write. */
export type Transaction = z.infer<Listed["answer"]>;
type AnyShown = ShownOperation<TransactionRequest, Transaction>;
export type AnyOperation = HttpOperation<z.ZodObject, SentRequest, TransactionRequest, Transaction>;

export const shownOperations: readonly AnyShown[] = Object.values<AnyShown>(operations);

function hasPath(operation: AnyShown): operation is AnyOperation {
  return "path" in operation;
}

/** Those that clients ask for by a path of their own. */
export const allOperations: readonly AnyOperation[] = shownOperations.filter(hasPath);

/** The schemas of what reading a transaction answers, one for each operation. */
export const answerDetails: readonly Listed["answerDetails"][] = Object.values(operations).map(
  (operation) => operation.answerDetails,
);

/** A validated body, of one of them. */
export type Body = Parameters<AnyOperation["read"]>[0];

/** Whether its path names the transaction that it acts on. */
export function actsOnTransaction({ path }: Pick<AnyOperation, "path">): boolean {
  return path.includes("{id}");
}

export function httpOperationOf({ type }: { readonly type: OperationType }): AnyShown {
  return operations[type];
}
