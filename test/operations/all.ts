// Every operation, as the simulator, the explorer, the history checker and the crash loop know it.
// Does not compile if one of the domain's list is missing.
import type { OperationType, SentRequest } from "../../src/domain/operations/all.ts";
import { authorization } from "./authorization.ts";
import { cancellation } from "./cancellation.ts";
import { capture } from "./capture.ts";
import { expiry } from "./expiry.ts";
import { funding } from "./funding.ts";
import type { Body, Earlier, Line, Payment, Source, TestOperation } from "./operation.ts";
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
export function pathOf(request: SentRequest): string {
  const operation = operationOf(request);
  const { type, otherPath } = operation;
  const path = operation.usesOtherPath?.(request) === true ? otherPath : operation.path;
  if (path === undefined) throw new Error(`no client asks for: ${type}`);
  return path.replace("{id}", operation.originOf(request) ?? "");
}

/** What clients send there. */
export function bodyOf(request: SentRequest): Body {
  return operationOf(request).bodyOf(request);
}

/** What a POST is for. */
export interface Asked {
  /** All operations of its path; none where it does not move money. */
  readonly operations: readonly TestOperation[];
  /** The transaction that the path names. */
  readonly originId?: string;
}

export function askedAt(path: string): Asked {
  const named = /^(\/transactions\/)([^/]+)(\/[^/]+)$/.exec(path);
  const pattern = named ? `${named[1]}{id}${named[3]}` : path;
  const found = allOperations.filter((one) => [one.path, one.otherPath].includes(pattern));
  const originId = named?.[2];
  return { operations: found, ...(originId !== undefined && { originId }) };
}

export const batchPath = "/transactions/batch";

/** The request as an item of a batch, under the name of the operation that has its path. */
export function itemOf(request: SentRequest): Body {
  const { operations: found, originId } = askedAt(pathOf(request));
  const named = found.find(({ otherPath }) => otherPath === undefined);
  if (!named) throw new Error(`no item can be: ${request.type}`);
  const { type: operation } = named;
  return {
    operation,
    ...(originId !== undefined && { transactionId: originId }),
    ...bodyOf(request),
  };
}

/** What an item of a batch is for, and the body that its operation's path would take. */
export function readItem(item: Body): { readonly asked: Asked; readonly body: Body } {
  const { operation, transactionId, ...body } = item;
  const path = allOperations.find(({ type }) => type === operation)?.path ?? "";
  return { asked: askedAt(path.replace("{id}", String(transactionId))), body };
}

/** The request that a body amounts to, as it was sent; undefined where none can come of it. */
export function readAsked({ operations: found }: Asked, body: unknown, origin?: Earlier) {
  const fields = (body ?? {}) as Body;
  for (const operation of found) {
    const request = operation.read(fields, origin);
    if (request) return request;
  }
  return undefined;
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
export function earlierOf(
  transactionId: string,
  request: SentRequest,
  defaultCurrency = "USD",
): Earlier {
  const operation = operationOf(request);
  const payment = operation.paymentOf(request);
  const reserved = operation.reservedBy?.(request, defaultCurrency);
  return {
    transactionId,
    request,
    moved: operation.movedBy(request, defaultCurrency),
    ...(reserved && { reserved }),
    ...(payment && { payment }),
  };
}

/** Whether a reversal could give something back. */
export function isReversible(request: SentRequest): boolean {
  return earlierOf("", request).moved.length > 0;
}

/** Whether there could be an end of it. */
export function isAuthorization(request: SentRequest): boolean {
  return earlierOf("", request).reserved !== undefined;
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

/** The payment that the entries of a request show. */
export function shownPaymentOf(request: SentRequest): Payment | undefined {
  const operation = operationOf(request);
  return operation.shownPaymentOf
    ? operation.shownPaymentOf(request)
    : operation.paymentOf(request);
}

/** Every line of a request, in the order of its answer. */
export function linesOf(request: SentRequest, defaultCurrency = "USD"): readonly Line[] {
  return operationOf(request).linesOf(request, defaultCurrency);
}

export function isWallet(account: string): boolean {
  return account.startsWith("wal_");
}

/** The wallets in which a request has lines, each once. */
export function walletsIn(request: SentRequest): readonly string[] {
  return [...new Set(linesOf(request).map(({ account }) => account))].filter(isWallet);
}

/** Whether a wallet has less of some currency afterwards, in both buckets together. */
export function takesFrom(wallet: string, request: SentRequest): boolean {
  const own = linesOf(request).filter(({ account }) => account === wallet);
  const sums = new Map<string, number>();
  for (const { currency, direction, amount } of own) {
    const signed = direction === "credit" ? amount : -amount;
    sums.set(currency, (sums.get(currency) ?? 0) + signed);
  }
  return [...sums.values()].some((sum) => sum < 0);
}
