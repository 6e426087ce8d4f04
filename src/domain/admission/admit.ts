// Admission of a new leg to an account: the rules in order of precedence, and the first objection.
// One list for wallets and the outside world; a rule has nothing to say where an account has
// nothing of what it looks at. Pure.
import { heldClaim, postedClaim, tooManyClaims } from "./claim.ts";
import { frozen } from "./frozen.ts";
import { funds } from "./funds.ts";
import { headroom } from "./headroom.ts";
import { openLegs } from "./open-legs.ts";
import { originRejected, originUndecided } from "./origin.ts";
import type { AdmissionRule, NewLeg, Objection, Standing } from "./rule.ts";

/** Refusals in the order of `refusalCodes`. What a leg waits for comes before what it would be
 *  measured against too early; a full account still refuses what it could not admit anyway. */
export const admissionRules: readonly AdmissionRule[] = [
  frozen,
  originRejected,
  originUndecided,
  postedClaim,
  tooManyClaims,
  heldClaim,
  funds,
  headroom,
  openLegs,
];

export type Admission = { readonly vote: "yes" } | (Objection & Pick<AdmissionRule, "contestable">);

export function admit(rules: readonly AdmissionRule[], standing: Standing, leg: NewLeg): Admission {
  for (const { contestable, objection } of rules) {
    const found = objection(standing, leg);
    if (found) return { ...found, contestable };
  }
  return { vote: "yes" };
}

/** Those of the held legs whose outcome could change the answer. */
export function contestedLegs<Held extends { readonly transactionId: string }>(
  admission: Admission,
  held: readonly Held[],
): readonly Held[] {
  if (admission.vote === "yes" || !admission.contestable) return [];
  const claimants = admission.vote === "busy" ? admission.claimants : undefined;
  return claimants ? held.filter(({ transactionId }) => claimants.includes(transactionId)) : held;
}
