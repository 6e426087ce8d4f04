// A frozen wallet admits no debit. No other leg could change that.
import type { AdmissionRule } from "./rule.ts";

const code = "wallet_frozen";

export const frozen: AdmissionRule = {
  code,
  contestable: false,
  objection: (standing, { account, direction }) =>
    standing.frozen && direction === "debit"
      ? { vote: "no", refusal: { code, account } }
      : undefined,
};
