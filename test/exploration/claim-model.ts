// Claims and origins of a leg, as its account finds them.
import { capacityOf } from "../../src/domain/admission/claim.ts";
import type { ClaimStanding, UsedClaim } from "../../src/domain/admission/rule.ts";
import type { LegState } from "../../src/domain/protocol/leg-state.ts";
import type { State } from "./layout.ts";
import { isRejected, LegIs, legNames, type ClaimModel, type LegModel } from "./world.ts";

/** The leg's state, with `resolved` legs as they were decided. */
function stateOf(state: State, leg: LegModel, resolved: readonly LegModel[]): LegState {
  if (!resolved.includes(leg)) return legNames[state[leg.state]!]!;
  return isRejected(state, leg.transaction) ? "void" : "posted";
}

export function originStateOf(
  state: State,
  { origin }: LegModel,
  resolved: readonly LegModel[],
): LegState {
  return origin ? stateOf(state, origin, resolved) : "none";
}

/** What each claim of a leg is measured against. */
export function claimStandings(
  state: State,
  leg: LegModel,
  resolved: readonly LegModel[],
): readonly ClaimStanding[] {
  return leg.claims.map(({ key }) => {
    const isKnown = originStateOf(state, leg, resolved) !== "none";
    const capacity = capacityOf(key, isKnown ? leg.origin?.posting : undefined);
    return { capacity, used: usedClaims(state, leg, key, resolved) };
  });
}

function usedClaims(
  state: State,
  { account }: LegModel,
  key: string,
  resolved: readonly LegModel[],
): readonly UsedClaim[] {
  const used = account.legs.flatMap((other): UsedClaim[] => {
    const claim = other.claims.find((one) => one.key === key);
    if (!claim || state[claim.written] === 0) return [];
    const { transactionId, posting } = other;
    const now = stateOf(state, other, resolved);
    if (now === "void" && resolved.includes(other)) return [];
    const { type } = posting;
    const posted = now === "posted";
    return [{ transactionId, amount: claim.amount, posted, ...(posted && { type }) }];
  });
  return used.toSorted((one, other) => Number(other.posted) - Number(one.posted));
}

/** All claims of the key that are written in the account add up to this. */
export function claimedOf(state: State, { account }: LegModel, { key }: ClaimModel): number {
  let sum = 0;
  for (const { claims } of account.legs) {
    for (const claim of claims) if (claim.key === key && state[claim.written]) sum += claim.amount;
  }
  return sum;
}

export function isTaken(state: State, leg: LegModel): boolean {
  return state[leg.state] === LegIs.held || state[leg.state] === LegIs.posted;
}
