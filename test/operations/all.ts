// Every operation, as the simulator, the explorer, the history checker and the crash loop know it.
// Does not compile if one of the domain's list is missing.
import type { OperationType, SentRequest } from "../../src/domain/operations/all.ts";
import { funding } from "./funding.ts";
import type { Move, Payment, Source, TestOperation } from "./operation.ts";
import { split } from "./split.ts";
import { transfer } from "./transfer.ts";

const operations: { readonly [Type in OperationType]: TestOperation & { readonly type: Type } } = {
  funding,
  transfer,
  split,
};

export const allOperations: readonly TestOperation[] = Object.values(operations);

export function operationOf({ type }: { readonly type: OperationType }): TestOperation {
  return operations[type];
}

/** The operation of a POST. */
export function operationAt(path: string): TestOperation | undefined {
  return allOperations.find((operation) => operation.path === path);
}

/** `chance`: from 0 to 1, evenly. */
export function drawRequest(chance: number, source: Source): SentRequest {
  let reached = 0;
  const drawn = allOperations.find(({ share }) => (reached += share) > chance);
  return (drawn ?? operations.transfer).request(source);
}

export function paymentOf(request: SentRequest): Payment | undefined {
  return operationOf(request).paymentOf(request);
}

/** What the body of a POST asks for; nothing where the path is no operation's. */
export function movesAsked(path: string, body: unknown): readonly Move[] {
  const operation = operationAt(path);
  if (!operation) return [];
  return operation.movesOf({ ...(body as SentRequest), type: operation.type } as SentRequest);
}

/** The wallets that a body names, each once. */
export function walletsNamed(path: string, body: unknown): readonly string[] {
  const named = movesAsked(path, body).flatMap(({ from, to }) => [...(from ? [from] : []), to]);
  return [...new Set(named)];
}
