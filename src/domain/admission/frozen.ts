// A frozen wallet admits nothing that makes it poorer, or richer, as its freeze says. Moves between
// its own buckets go on: otherwise a freeze would lock reserved money for ever. What ends or
// reverses another transaction was open to happen when that one was made: a freeze of debits does
// not stop it, so that a wallet is frozen first and what it should not have is taken back then. No
// other leg could change the answer.
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
