// A key is claimed up to its capacity: a payment reference once, an origin for as much as it has
// put into the account. It is refused only against posted claims, so that the refusal names what
// really happened; while a claim is held, its log is asked.
import type { RefusalCode } from "../errors.ts";
import type { Line } from "../ledger/line.ts";
import { reversalsMax } from "../limits.ts";
import { endsOfOrigins, operationOf } from "../operations/all.ts";
import { originId, originKey, type Claim } from "../operations/operation.ts";
import type { AdmissionRule, ClaimStanding, NewLeg, Standing, UsedClaim } from "./rule.ts";

const reason = "claim_undecided";

/** What all claims of a key may add up to: 1, or what its origin has put into the account, as the
 *  leg that is posted there says and never as a message does. Of several currencies the first
 *  counts: claims are numbers of one. */
export function capacityOf(
  key: string,
  origin: { readonly transactionId: string; readonly lines: readonly Line[] } | undefined,
): bigint {
  if (originId(key) === undefined) return 1n;
  if (origin === undefined || key !== originKey(origin.transactionId)) return 0n;
  const credits = origin.lines.filter(({ direction }) => direction === "credit");
  const counted = credits.filter(({ currency }) => currency === credits[0]?.currency);
  return counted.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}

/** What a claim is refused with because of one that was posted before it: what ends an origin says
 *  so itself. */
export function codeAgainst(
  { key, refusal }: Pick<Claim, "key" | "refusal">,
  posted: UsedClaim,
): RefusalCode {
  if (originId(key) === undefined) return refusal;
  const ending = posted.type && operationOf({ type: posted.type }).endsAs;
  return ending ?? refusal;
}

/** All that a claim may be refused with. */
export function codesOf({ key, refusal }: Pick<Claim, "key" | "refusal">): readonly RefusalCode[] {
  return originId(key) === undefined ? [refusal] : [refusal, ...endsOfOrigins];
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

function isPosted({ posted }: UsedClaim): boolean {
  return posted;
}

export const postedClaim: AdmissionRule = {
  code: "claim",
  contestable: false,
  objection(standing, leg) {
    for (const one of measured(standing, leg)) {
      const posted = one.standing.used.filter(isPosted);
      if (!exceeds(one, posted)) continue;
      const [first] = posted;
      const { refusal: code } = one.claim;
      if (!first) return { vote: "no", refusal: { code, account: leg.account } };
      const { transactionId } = first;
      return { vote: "no", refusal: { code: codeAgainst(one.claim, first), transactionId } };
    }
    return undefined;
  },
};

/** A key has a limited number of claims, however small. */
export const tooManyClaims: AdmissionRule = {
  code: "too_many_reversals",
  contestable: false,
  objection(standing, leg) {
    for (const {
      standing: { used },
    } of measured(standing, leg)) {
      const [first, ...others] = used.filter(isPosted);
      if (!first || 1 + others.length < reversalsMax) continue;
      const { transactionId } = first;
      return { vote: "no", refusal: { code: "too_many_reversals", transactionId } };
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
      if (!exceeds(one, used) && used.length < reversalsMax) continue;
      const held = used.filter(({ posted }) => !posted);
      return { vote: "busy", reason, claimants: held.map(({ transactionId }) => transactionId) };
    }
    return undefined;
  },
};
