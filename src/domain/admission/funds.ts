// A debit takes at most what is available. Credits that are only held cannot be spent.
import { available } from "../ledger/money.ts";
import type { AdmissionRule } from "./rule.ts";

const code = "insufficient_funds";

export const funds: AdmissionRule = {
  code,
  contestable: true,
  objection({ funds: found }, { account, direction, amount }) {
    if (!found || direction !== "debit") return undefined;
    const covered = amount <= available(found.balance, found.heldDebits);
    return covered ? undefined : { vote: "no", refusal: { code, account } };
  },
};
