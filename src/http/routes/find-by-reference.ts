// GET /transactions by the reference of a payment or payout: the one transaction that uses it.
import type { z } from "@hono/zod-openapi";
import { callFromEdge, externalAccountStub } from "../../durable-objects/rpc/stubs.ts";
import { externalAddress } from "../../domain/ids.ts";
import { claimOf, referenceOf, type ExternalPayment } from "../../domain/operations/operation.ts";
import type { TransactionRecord } from "../../domain/protocol/transaction.ts";
import { callOf, type AppContext } from "../context.ts";
import { answerForbidden } from "../problem.ts";
import { readDetails } from "../read-details.ts";
import type { FoundTransactions } from "../schemas/transaction.ts";
import { findTransaction } from "../submission.ts";

/** A rejected transaction has not used the reference, whether it is released already or not. */
async function find(
  c: AppContext,
  payment: ExternalPayment,
): Promise<TransactionRecord | undefined> {
  const call = callOf(c);
  const { id: account } = externalAddress(call.tenant, payment.provider, referenceOf(payment));
  const { key } = claimOf(payment);
  const { transactionId } = await callFromEdge(() =>
    externalAccountStub(c.env, call.tenant, account).claimant({ ...call, account, key }),
  );
  if (transactionId === undefined) return undefined;
  c.set("transactionId", transactionId);
  const found = await findTransaction(c, transactionId);
  return found && found.state !== "rejected" ? found : undefined;
}

/** Not for users: a reference would tell them of others' payments. */
export async function answerByReference(
  c: AppContext,
  payment: ExternalPayment,
): Promise<Response> {
  const { userId } = c.get("principal");
  if (userId !== undefined) return answerForbidden(c, []);
  const found = await find(c, payment);
  const body: z.infer<typeof FoundTransactions> = {
    data: found ? [await readDetails(c, found)] : [],
    nextCursor: null,
  };
  return c.json(body, 200);
}
