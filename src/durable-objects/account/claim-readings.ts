// The posted claims on what a transaction has put into an account. One synchronous read, which
// writes nothing even in an account that was never opened.
import { originKey } from "../../domain/operations/operation.ts";
import type { ClaimsCall, PostedClaim } from "./contract.ts";
import type { Account } from "./core.ts";

export function readClaims(account: Account, call: ClaimsCall): readonly PostedClaim[] {
  if (!account.exists(call.tenant, call.account)) return [];
  const used = account.store.claimsOf(originKey(call.transactionId));
  return used.flatMap(({ transactionId, amount, type }) =>
    type === undefined ? [] : [{ transactionId, type, amount }],
  );
}
