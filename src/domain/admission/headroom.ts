// What a leg brings into an account fits under the largest balance, with all that is held counted
// as arrived. Debits that are only held make no room.
import { hasHeadroom } from "../ledger/money.ts";
import { balanceOf, netOf } from "../ledger/position.ts";
import type { AdmissionRule } from "./rule.ts";

const code = "balance_limit_exceeded";

export const headroom: AdmissionRule = {
  code,
  contestable: true,
  objection(standing, { account, lines }) {
    for (const [currency, { posted, undecided }] of standing.funds ?? []) {
      const net = netOf(lines, currency);
      if (net > 0 && !hasHeadroom(balanceOf(posted), undecided.incoming, net)) {
        return { vote: "no", refusal: { code, account } };
      }
    }
    return undefined;
  },
};
