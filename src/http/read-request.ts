// From a validated body to the request that it asks for, for every operation: finds the transaction
// that it acts on, checks the scopes, and that the caller may spend. Records nothing.
import type { SentRequest } from "../domain/operations/all.ts";
import type { Scope } from "../domain/principal.ts";
import type { TransactionRecord } from "../domain/protocol/transaction.ts";
import { mayUseWallet } from "./access.ts";
import type { AppContext } from "./context.ts";
import { actsOnTransaction, type AnyOperation, type Body } from "./operations/all.ts";
import type { Reading } from "./operations/operation.ts";
import { findTransaction } from "./submission.ts";

export interface Asked {
  readonly operation: AnyOperation;
  readonly body: Body;
  /** Of the one that it acts on. */
  readonly transactionId?: string | undefined;
}

/** What a request needs and the caller lacks, known only once its body is, and the transaction that
 *  it acts on: the route is open for one of the scopes. */
function missingScopes(
  c: AppContext,
  { operation, body }: Asked,
  origin?: TransactionRecord,
): readonly Scope[] {
  const { scopes } = c.get("principal");
  return operation.scopesOf(body, origin).filter((scope) => !scopes.includes(scope));
}

/** What is known of that before anything is read: nothing of what acts on a transaction. */
export function missingAtOnce(c: AppContext, asked: Asked): readonly Scope[] {
  return actsOnTransaction(asked.operation) ? [] : missingScopes(c, asked);
}

/** The request, or why there can be none. */
export async function readRequest(
  c: AppContext,
  asked: Asked,
): Promise<Reading<SentRequest> | { readonly missing: readonly Scope[] }> {
  const { operation, body, transactionId } = asked;
  const isOfOrigin = actsOnTransaction(operation);
  const origin = transactionId === undefined ? undefined : await findTransaction(c, transactionId);
  const missing = isOfOrigin ? missingScopes(c, asked, origin) : [];
  if (missing.length > 0) return { missing };
  if (!origin && isOfOrigin) return { problem: "transaction_not_found" };
  const reading = operation.read(body, origin);
  if ("problem" in reading) return reading;
  const { spends } = reading;
  if (spends === undefined || mayUseWallet(c.get("principal"), spends)) return reading;
  return { problem: isOfOrigin ? "transaction_not_found" : "wallet_not_found" };
}
