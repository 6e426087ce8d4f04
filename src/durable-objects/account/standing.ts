// Reads the standing by which a new leg is judged: the figures that the kind of account looks up,
// and the claims and the origin, which are read alike in all accounts. Decides nothing: the rules
// of admission are in the domain.
import { capacityOf } from "../../domain/admission/claim.ts";
import type { Standing } from "../../domain/admission/rule.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { Look } from "./kind.ts";
import type { AccountStore } from "./store.ts";

export function standingOf(
  store: AccountStore,
  { freeze, funds, openLegs }: Look,
  { claims, origin }: Posting,
): Standing {
  const originLeg = origin && store.leg(origin.transactionId);
  return {
    freeze,
    ...(funds && { funds }),
    openLegs,
    claims: claims.map(({ key }) => ({
      capacity: capacityOf(key, originLeg),
      used: store.claimsOf(key),
    })),
    ...(origin && { origin: originLeg?.state ?? "none" }),
  };
}

/** When the origin of a leg was decided, in ms since the epoch, if it is posted here. */
export function originDecidedAt(store: AccountStore, { origin }: Posting): number | undefined {
  return origin && store.decidedAtOf(origin.transactionId);
}
