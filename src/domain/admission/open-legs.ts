// An account holds a limited number of legs, so that a vote stays cheap. BUSY and never a NO: room
// comes with the next decision.
import { openLegsMax } from "../limits.ts";
import type { AdmissionRule } from "./rule.ts";

const reason = "open_legs";

export const openLegs: AdmissionRule = {
  code: reason,
  contestable: true,
  objection: (standing) => (standing.openLegs < openLegsMax ? undefined : { vote: "busy", reason }),
};
