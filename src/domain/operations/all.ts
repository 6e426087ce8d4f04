// Every operation, once, in the order of the documentation. The edge has the other list, which does
// not compile if it lacks an operation of this one.
import type { RefusalCode } from "../errors.ts";
import { has, isOneOf, type Check } from "../shape.ts";
import { authorization } from "./authorization.ts";
import { cancellation } from "./cancellation.ts";
import { capture } from "./capture.ts";
import { expiry } from "./expiry.ts";
import { funding } from "./funding.ts";
import type { Operation } from "./operation.ts";
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
} as const;

export type OperationType = keyof typeof operations;
type Listed = (typeof operations)[OperationType];

/** A validated request as sent, wallet ids brought to `wal_...`; what was omitted is omitted. */
export type SentRequest = Parameters<Listed["resolve"]>[0];

/** The same request with its defaults resolved, once: what the log stores. */
export type TransactionRequest = ReturnType<Listed["resolve"]>;

type AnyOperation = Operation<SentRequest, TransactionRequest, SentRequest>;

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

/** What further ends of an origin may be refused with. */
export const endsOfOrigins: readonly RefusalCode[] = Object.values<AnyOperation>(byType).flatMap(
  ({ endsAs }) => endsAs ?? [],
);

const storedShapes: readonly Check[] = Object.values(byType).map((one) => has(one.storedFields));

/** Whether a value has the shape of a request as it is stored. */
export const isStoredRequest: Check = (value) => storedShapes.some((isShaped) => isShaped(value));
