// A transaction that ends or reverses another comes after it in every ledger: an account admits it
// only once the origin's leg is posted there. While that leg is held its log is asked; where it has
// not arrived yet, the new leg waits.
import type { AdmissionRule } from "./rule.ts";

const reason = "origin_undecided";

export const originRejected: AdmissionRule = {
  code: "origin",
  contestable: false,
  objection: (standing, { origin }) =>
    origin && standing.origin === "void"
      ? { vote: "no", refusal: { code: origin.refusal, transactionId: origin.transactionId } }
      : undefined,
};

export const originUndecided: AdmissionRule = {
  code: reason,
  contestable: true,
  objection: (standing, { origin }) =>
    origin && standing.origin !== "posted"
      ? { vote: "busy", reason, claimants: [origin.transactionId] }
      : undefined,
};
