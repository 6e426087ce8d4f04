// One page of what has reserved money of a wallet, computed from one state of its ledger,
// synchronously.
import { historyScanMax } from "../../domain/limits.ts";
import { originKey } from "../../domain/operations/operation.ts";
import type { PostedClaim } from "../account/contract.ts";
import type { AccountStore } from "../account/store.ts";
import type { AuthorizationsCall, AuthorizationsPage, ListedAuthorization } from "./contract.ts";
import type { WalletStore } from "./store.ts";
import type { LedgerSums } from "./sums.ts";

/** What a page is read from. */
interface Ledger {
  readonly store: WalletStore;
  readonly claims: Pick<AccountStore, "claimsOf">;
  readonly sums: LedgerSums;
}

type Page = Omit<AuthorizationsPage, "ok" | "inFlight">;

/** What ends an authorization claims all of it: there is one. */
function endOf({ claims }: Ledger, transactionId: string): PostedClaim | undefined {
  const [first] = claims.claimsOf(originKey(transactionId));
  if (first?.type === undefined) return undefined;
  return { transactionId: first.transactionId, amount: first.amount, type: first.type };
}

/** All that is reserved, whatever its currencies: what is open adds up to this, and every part of
 *  it is more than nothing. */
function reservedAt({ sums }: Ledger, last: number): bigint {
  const net = Object.values(sums.netAt(last));
  return net.reduce((sum, { reserved }) => sum + BigInt(reserved), 0n);
}

/** Of the entries up to sequence `last`. Looks at no more than `historyScanMax` of them; a first
 *  page of what is open ends where all that is reserved is accounted for. */
export function authorizationsOf(
  ledger: Ledger,
  last: number,
  { endedBy, limit, before }: Pick<AuthorizationsCall, "endedBy" | "limit" | "before">,
): Page {
  const end = Math.min(before ?? last + 1, last + 1);
  const lowest = Math.max(1, end - historyScanMax);
  const isAllOpen = endedBy === null && before === undefined;
  let toFind = isAllOpen ? reservedAt(ledger, last) : undefined;
  const authorizations: ListedAuthorization[] = [];
  let shownFrom = end;
  if (toFind === 0n) return { authorizations, nextBefore: null };
  for (let next = end; ;) {
    const found = ledger.store.newestReservation(lowest, next);
    if (!found) return { authorizations, nextBefore: lowest > 1 ? lowest : null };
    const { sequence, transactionId, amount } = found;
    next = sequence;
    const ended = endOf(ledger, transactionId);
    if (endedBy !== undefined && (ended?.type ?? null) !== endedBy) continue;
    // A full page goes on to look for one more: without any, it is the last.
    if (authorizations.length === limit) return { authorizations, nextBefore: shownFrom };
    authorizations.push({ transactionId, ...(ended && { end: ended }) });
    shownFrom = sequence;
    if (toFind !== undefined) toFind -= BigInt(amount);
    if (toFind === 0n) return { authorizations, nextBefore: null };
  }
}
