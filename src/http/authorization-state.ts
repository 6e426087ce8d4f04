// The state of an authorization: open, or ended by a posted claim in the wallet of its payer.
import { walletAddress } from "../domain/ids.ts";
import type { OperationType } from "../domain/operations/all.ts";
import { originKey } from "../domain/operations/operation.ts";
import {
  expirationOf,
  legsOf,
  linesOf,
  type TransactionRecord,
} from "../domain/protocol/transaction.ts";
import { callFromEdge, claimsStub } from "../durable-objects/rpc/stubs.ts";
import { callOf, type AppContext } from "./context.ts";

/** `expiresAt` in ms since the epoch. `end`: absent while nothing has ended it. */
export interface AuthorizationState {
  readonly expiresAt: number;
  readonly end?: { readonly transactionId: string; readonly type: OperationType };
}

/** As it is where its end is known, if it has one. Undefined for what reserves nothing. */
export function authorizationStateOf(
  record: TransactionRecord,
  end: AuthorizationState["end"],
): AuthorizationState | undefined {
  const { at: expiresAt } = expirationOf(record) ?? {};
  return expiresAt === undefined ? undefined : { expiresAt, ...(end && { end }) };
}

/** Undefined for what reserves nothing: no account is asked then. */
export async function readAuthorizationState(
  c: AppContext,
  record: TransactionRecord,
): Promise<AuthorizationState | undefined> {
  const expiration = record.state === "committed" ? expirationOf(record) : undefined;
  if (!expiration) return undefined;
  const { submission } = expiration;
  const [leg] = legsOf({ ...submission, lines: linesOf(submission.request) });
  if (!leg) throw new Error("an end has a leg");
  const { id: transactionId, tenant } = record;
  const call = { ...callOf(c), account: leg.account, key: originKey(transactionId) };
  const stub = () => claimsStub(c.env, tenant, walletAddress(leg.account));
  const { posted } = await callFromEdge(() => stub().readClaims(call));
  return authorizationStateOf(record, posted[0]);
}
