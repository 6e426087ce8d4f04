// Every operation, once, in the order of the documentation. The edge has the other list, which does
// not compile if it lacks an operation of this one.
import { has, isOneOf, type Check } from "../shape.ts";
import { funding } from "./funding.ts";
import type { Operation } from "./operation.ts";
import { split } from "./split.ts";
import { transfer } from "./transfer.ts";

const operations = { funding, transfer, split } as const;

export type OperationType = keyof typeof operations;
type Listed = (typeof operations)[OperationType];

/** A validated request as sent, wallet ids brought to `wal_...`; what was omitted is omitted. */
export type SentRequest = Parameters<Listed["resolve"]>[0];

/** The same request with its defaults resolved, once: what the log stores. */
export type TransactionRequest = ReturnType<Listed["resolve"]>;

type AnyOperation = Operation<SentRequest, TransactionRequest>;

/** Each is listed under its own type. */
const byType: { readonly [Type in OperationType]: AnyOperation & { readonly type: Type } } =
  operations;

export const operationTypes = Object.keys(operations) as readonly OperationType[];
export const isOperationType: Check = isOneOf(...operationTypes);

/** Throws where a row that was edited, or written by a newer release, names another one. */
export function operationOf({ type }: { readonly type: OperationType }): AnyOperation {
  if (!isOperationType(type)) throw new Error(`no such operation: ${type}`);
  return byType[type];
}

const storedShapes: readonly Check[] = Object.values(byType).map((one) => has(one.storedFields));

/** Whether a value has the shape of a request as it is stored. */
export const isStoredRequest: Check = (value) => storedShapes.some((isShaped) => isShaped(value));
