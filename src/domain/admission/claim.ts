// A payment reference is used once. It is refused only against a posted claim, so that the refusal
// names what really happened; while the claim is held, its log is asked.
import type { AdmissionRule } from "./rule.ts";

const code = "duplicate_payment_reference";
const reason = "claim_undecided";

export const postedClaim: AdmissionRule = {
  code,
  contestable: false,
  objection: ({ claim }) =>
    claim?.posted
      ? { vote: "no", refusal: { code, transactionId: claim.transactionId } }
      : undefined,
};

export const heldClaim: AdmissionRule = {
  code: reason,
  contestable: true,
  objection: ({ claim }) =>
    claim && !claim.posted ? { vote: "busy", reason, claimant: claim.transactionId } : undefined,
};
