// The rule of the largest balance: no leg may take an account above it, with all held credits
// counted as arrived. Held debits make no room.
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
