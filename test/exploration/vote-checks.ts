// What is checked of a vote when it is given.
import type { Admission } from "../../src/domain/admission/admit.ts";
import { netOf } from "../../src/domain/ledger/position.ts";
import type { State } from "./layout.ts";
import type { Model } from "./model.ts";
import { admitLeg, heldLegs } from "./standing-model.ts";
import { LegIs, Row, type LegModel } from "./world.ts";

/** Of a leg that is about to be held. */
export function checkFreeze({ blame }: Model, state: State, { account, posting }: LegModel): void {
  const { frozen, freeze, name } = account;
  if (frozen < 0 || state[frozen] === 0) return;
  const nets = posting.lines.map(({ currency }) => netOf(posting.lines, currency));
  if (freeze !== "credits" && nets.some((net) => net < 0)) blame(`${name} is frozen and debited`);
  if (freeze !== "debits" && nets.some((net) => net > 0)) blame(`${name} is frozen and credited`);
}

/** What only moves between the buckets of a wallet is refused for want of money alone. */
export function checkMove(
  { blame }: Model,
  { posting: { lines } }: LegModel,
  given: Admission,
): void {
  if (given.vote !== "no") return;
  const { code } = given.refusal;
  if (code !== "wallet_frozen" && code !== "balance_limit_exceeded") return;
  if (lines.every(({ currency }) => netOf(lines, currency) === 0)) {
    blame(`a move inside of a wallet is refused: ${code}`);
  }
}

/** Before any NO or BUSY that another undecided leg could change, its log is asked. So what was
 *  decided of the legs that were not asked about must not change the answer. */
export function checkRefusal(
  model: Model,
  state: State,
  leg: LegModel,
  given: Admission,
  unasked: readonly LegModel[],
): void {
  const decided = unasked.filter((one) => isDecided(state, one) && state[one.state] === LegIs.held);
  if (decided.length === 0) return;
  const rest = heldLegs(state, leg.account).filter((one) => !decided.includes(one));
  const then = admitLeg(model, state, leg, rest, decided);
  const same =
    then.vote === given.vote &&
    (then.vote !== "no" || given.vote !== "no" || then.refusal.code === given.refusal.code);
  if (!same) model.blame("an account refuses for a leg that was decided long ago");
}

function isDecided(state: State, leg: LegModel): boolean {
  return state[leg.transaction.row]! >= Row.committed;
}
