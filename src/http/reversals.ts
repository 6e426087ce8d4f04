// The reversals of a transaction: posted claims in the account that gives back what it got.
import type { z } from "@hono/zod-openapi";
import { addressOf, type TransactionRecord } from "../domain/protocol/transaction.ts";
import { add } from "../domain/ledger/money.ts";
import { operationOf } from "../domain/operations/all.ts";
import { originKey } from "../domain/operations/operation.ts";
import { receiptOf } from "../domain/operations/reversal.ts";
import { callFromEdge, claimsStub } from "../durable-objects/rpc/stubs.ts";
import { callOf, type AppContext } from "./context.ts";
import type { reversals } from "./schemas/movement.ts";

export type Reversals = z.infer<z.ZodObject<typeof reversals>>;

/** Undefined where there is none. Where there can be none, no account is asked. */
export async function findReversals(
  c: AppContext,
  transaction: TransactionRecord,
): Promise<Reversals | undefined> {
  const { id: transactionId, tenant, request, state } = transaction;
  const moved = operationOf(request).reversibleAmounts(request);
  const receipt = receiptOf(moved);
  if (state !== "committed" || !receipt) return undefined;
  const address = addressOf(transaction, receipt.account);
  const call = { ...callOf(c), account: address.id, key: originKey(transactionId) };
  const stub = () => claimsStub(c.env, tenant, address);
  const { posted: claims } = await callFromEdge(() => stub().readClaims(call));
  if (claims.length === 0) return undefined;
  if (moved.length > 1) return { reversals: claims.map((claim) => ({ id: claim.transactionId })) };
  return {
    reversals: claims.map(({ transactionId: id, amount }) => ({ id, amount })),
    reversedAmount: claims.reduce((sum, { amount }) => add(sum, amount), 0),
  };
}
