// A credit fits under the largest balance, with all held credits counted as arrived. Debits that
// are only held make no room.
import { hasHeadroom } from "../ledger/money.ts";
import type { AdmissionRule } from "./rule.ts";

const code = "balance_limit_exceeded";

export const headroom: AdmissionRule = {
  code,
  contestable: true,
  objection({ funds: found }, { account, direction, amount }) {
    if (!found || direction !== "credit") return undefined;
    const fits = hasHeadroom(found.balance, found.heldCredits, amount);
    return fits ? undefined : { vote: "no", refusal: { code, account } };
  },
};
