// Every operation, as the simulator, the explorer, the history checker and the crash loop know it.
// Does not compile if one of the domain's list is missing.
import type { OperationType, SentRequest } from "../../src/domain/operations/all.ts";
import { authorization } from "./authorization.ts";
import { cancellation } from "./cancellation.ts";
import { capture } from "./capture.ts";
import { expiry } from "./expiry.ts";
import { funding } from "./funding.ts";
import type { Earlier, Move, Payment, Source, TestOperation } from "./operation.ts";
import { reversal } from "./reversal.ts";
import { split } from "./split.ts";
import { transfer } from "./transfer.ts";
import { withdrawal } from "./withdrawal.ts";

const operations: { readonly [Type in OperationType]: TestOperation & { readonly type: Type } } = {
  funding,
  transfer,
  authorization,
  capture,
  cancellation,
  expiry,
  withdrawal,
  split,
  reversal,
};

export const allOperations: readonly TestOperation[] = Object.values(operations);

export function operationOf({ type }: { readonly type: OperationType }): TestOperation {
  return operations[type];
}

/** Where clients ask for it. */
export function pathOf({ type }: { readonly type: OperationType }): string {
  const { path } = operations[type];
  if (path === undefined) throw new Error(`no client asks for: ${type}`);
  return path;
}

/** The operation of a POST. */
export function operationAt(path: string): TestOperation | undefined {
  return allOperations.find((operation) => operation.path === path);
}

/** `chance`: from 0 to 1, evenly. */
export function drawRequest(chance: number, source: Source): SentRequest {
  let reached = 0;
  const drawn = allOperations.find(({ share }) => (reached += share) > chance);
  const request = drawn?.request(source) ?? operations.transfer.request(source);
  if (!request) throw new Error("a transfer acts on no other transaction");
  return request;
}

/** An earlier transaction, as operations that act on it see it. */
export function earlierOf(transactionId: string, request: SentRequest): Earlier {
  const operation = operationOf(request);
  const payment = operation.paymentOf(request);
  return { transactionId, request, moves: operation.movesOf(request), ...(payment && { payment }) };
}

export function paymentOf(request: SentRequest): Payment | undefined {
  return operationOf(request).paymentOf(request);
}

interface ShownPayment {
  readonly provider?: string;
  readonly paymentReference?: string;
  readonly payoutReference?: string;
}

/** The payment that a request or an entry shows, by name: one that came in and one that went out
 *  are two, whatever their references are. */
export function paymentName(shown: ShownPayment = {}): string | undefined {
  const { provider, paymentReference, payoutReference } = shown;
  if (paymentReference !== undefined) return `payment ${provider} ${paymentReference}`;
  return payoutReference === undefined ? undefined : `payout ${provider} ${payoutReference}`;
}

/** What the body of a POST asks for; nothing where the path is no operation's. */
export function movesAsked(path: string, body: unknown): readonly Move[] {
  const operation = operationAt(path);
  if (!operation) return [];
  return operation.movesOf({ ...(body as SentRequest), type: operation.type } as SentRequest);
}

/** The wallets that a body names, each once. */
export function walletsNamed(path: string, body: unknown): readonly string[] {
  const named = movesAsked(path, body).flatMap(({ from, to }) => [from, to]);
  return [...new Set(named.filter((wallet) => wallet !== undefined))];
}
