// The claims of a key in an account. One synchronous read, which writes nothing even in an account
// that was never opened.
import type { Claims, ClaimsCall } from "./contract.ts";
import type { Account } from "./core.ts";

export function readClaims(account: Account, call: ClaimsCall): Claims {
  if (!account.exists(call.tenant, call.account)) return { posted: [], held: [] };
  const used = account.store.claimsOf(call.key);
  return {
    posted: used.flatMap(({ transactionId, amount, type }) =>
      type === undefined ? [] : [{ transactionId, amount, type }],
    ),
    held: used.flatMap(({ transactionId, amount, posted }) =>
      posted ? [] : [{ transactionId, amount }],
    ),
  };
}
