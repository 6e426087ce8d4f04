// Every operation as the edge knows it, once, in the order of the documentation.
import type { z } from "@hono/zod-openapi";
import type {
  OperationType,
  SentRequest,
  TransactionRequest,
} from "../../domain/operations/all.ts";
import { funding } from "./funding.ts";
import type { HttpOperation } from "./operation.ts";
import { split } from "./split.ts";
import { transfer } from "./transfer.ts";

const operations = { funding, transfer, split } as const satisfies {
  readonly [Type in OperationType]: HttpOperation & { readonly type: Type };
};

type Listed = (typeof operations)[OperationType];

/** The answer to a write. */
export type Transaction = z.infer<Listed["answer"]>;
type AnyOperation = HttpOperation<z.ZodType, SentRequest, TransactionRequest, Transaction>;

export const allOperations: readonly AnyOperation[] = Object.values(operations);

/** The schemas of what reading a transaction answers, one for each operation. */
export const answerDetails: readonly Listed["answerDetails"][] = Object.values(operations).map(
  (operation) => operation.answerDetails,
);

export function httpOperationOf({ type }: { readonly type: OperationType }): AnyOperation {
  return operations[type];
}
