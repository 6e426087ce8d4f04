// A debit takes at most what is available. Credits that are only held cannot be spent. What is
// reserved is taken by claims on what reserved it.
import { add } from "../ledger/money.ts";
import { debitsOf } from "../ledger/position.ts";
import type { AdmissionRule } from "./rule.ts";

const code = "insufficient_funds";

export const funds: AdmissionRule = {
  code,
  contestable: true,
  objection(standing, { account, lines }) {
    for (const [currency, { posted, undecided }] of standing.funds ?? []) {
      const free = add(posted.available, -undecided.debits);
      if (debitsOf(lines, currency) > free) return { vote: "no", refusal: { code, account } };
    }
    return undefined;
  },
};
