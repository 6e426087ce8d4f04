// GET /transactions by the reference of a payment or payout: the one transaction that uses it.
import type { z } from "@hono/zod-openapi";
import { callFromEdge, claimsStub } from "../../durable-objects/rpc/stubs.ts";
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
  const address = externalAddress(call.tenant, payment.provider, referenceOf(payment));
  const asked = { ...call, account: address.id, key: claimOf(payment).key };
  const stub = () => claimsStub(c.env, call.tenant, address);
  const { posted, held } = await callFromEdge(() => stub().readClaims(asked));
  const claim = posted[0] ?? held[0];
  if (!claim) return undefined;
  const { transactionId } = claim;
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
