// A key is claimed up to its capacity: a payment reference once, an origin for as much as it has
// put into the account. It is refused only against posted claims, so that the refusal names what
// really happened; while a claim is held, its log is asked.
import type { Line } from "../ledger/line.ts";
import type { AdmissionRule, ClaimStanding, NewLeg, Standing, UsedClaim } from "./rule.ts";

const reason = "claim_undecided";

const originPrefix = "origin:";

/** The key of which the ends of a transaction claim their part. */
export function originKey(transactionId: string): string {
  return originPrefix + transactionId;
}

/** The transaction of which a key is claimed; undefined for a key of another kind. */
export function originId(key: string): string | undefined {
  return key.startsWith(originPrefix) ? key.slice(originPrefix.length) : undefined;
}

/** What all claims of a key may add up to: 1, or what its origin has put into the account, as the
 *  leg that is posted there says and never as a message does. */
export function capacityOf(
  key: string,
  origin: { readonly transactionId: string; readonly lines: readonly Line[] } | undefined,
): bigint {
  if (!key.startsWith(originPrefix)) return 1n;
  if (origin === undefined || key !== originKey(origin.transactionId)) return 0n;
  const credits = origin.lines.filter(({ direction }) => direction === "credit");
  return credits.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}

interface Measured {
  readonly claim: NewLeg["claims"][number];
  readonly standing: ClaimStanding;
}

function measured(standing: Standing, leg: NewLeg): readonly Measured[] {
  return leg.claims.flatMap((claim, index) => {
    const found = standing.claims[index];
    if (!found) throw new Error("a claim was not looked up");
    return [{ claim, standing: found }];
  });
}

/** Exact at any size: neither side is bounded by what a number holds. */
function exceeds({ claim, standing }: Measured, used: readonly UsedClaim[]): boolean {
  const sum = used.reduce((total, { amount }) => total + BigInt(amount), BigInt(claim.amount));
  return sum > standing.capacity;
}

export const postedClaim: AdmissionRule = {
  code: "claim",
  contestable: false,
  objection(standing, leg) {
    for (const one of measured(standing, leg)) {
      const posted = one.standing.used.filter((used) => used.posted);
      if (!exceeds(one, posted)) continue;
      const code = one.claim.refusal;
      const first = posted[0];
      const named = first ? { transactionId: first.transactionId } : { account: leg.account };
      return { vote: "no", refusal: { code, ...named } };
    }
    return undefined;
  },
};

export const heldClaim: AdmissionRule = {
  code: reason,
  contestable: true,
  objection(standing, leg) {
    for (const one of measured(standing, leg)) {
      const { used } = one.standing;
      if (!exceeds(one, used)) continue;
      const held = used.filter(({ posted }) => !posted);
      return { vote: "busy", reason, claimants: held.map(({ transactionId }) => transactionId) };
    }
    return undefined;
  },
};
