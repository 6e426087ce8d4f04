// The rule of freezes, for each currency of a leg. A freeze of debits refuses what makes the wallet
// poorer, except for the end or the reversal of another transaction: a wallet can be frozen first
// and made to give back afterwards. A freeze of credits refuses what makes it richer; a freeze of
// all refuses both, without exception. Moves between the wallet's own buckets always pass: money
// comes back from a cancelled or expired authorization. No undecided leg could change the answer.
import { netOf } from "../ledger/position.ts";
import type { AdmissionRule, FreezeScope } from "./rule.ts";

const code = "wallet_frozen";

function stops(freeze: FreezeScope, net: number, hasOrigin: boolean): boolean {
  if (net < 0) return freeze === "all" || (freeze === "debits" && !hasOrigin);
  return net > 0 && (freeze === "credits" || freeze === "all");
}

export const frozen: AdmissionRule = {
  code,
  contestable: false,
  objection(standing, { account, lines, origin }) {
    if (standing.freeze === "none") return undefined;
    const currencies = new Set(lines.map(({ currency }) => currency));
    const isStopped = [...currencies].some((one) =>
      stops(standing.freeze, netOf(lines, one), origin !== undefined),
    );
    return isStopped ? { vote: "no", refusal: { code, account } } : undefined;
  },
};
