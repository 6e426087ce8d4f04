// What is checked of a vote when it is given.
import type { Admission } from "../../src/domain/admission/admit.ts";
import type { Refusal } from "../../src/domain/errors.ts";
import { netOf } from "../../src/domain/ledger/position.ts";
import type { State } from "./layout.ts";
import type { Model } from "./model.ts";
import { refusalNumber } from "./refusals.ts";
import { admitLeg, heldLegs } from "./standing-model.ts";
import { LegIs, Row, type LegModel } from "./world.ts";

/** Of a leg that is about to be held. */
export function checkFreeze({ blame }: Model, state: State, { account, posting }: LegModel): void {
  const { frozen, freeze, name } = account;
  if (frozen < 0 || state[frozen] === 0) return;
  const nets = posting.lines.map(({ currency }) => netOf(posting.lines, currency));
  const isDebited = nets.some((net) => net < 0);
  const mayBeDebited = freeze === "credits" || (freeze === "debits" && posting.origin);
  if (isDebited && !mayBeDebited) blame(`${name} is frozen and debited`);
  if (freeze !== "debits" && nets.some((net) => net > 0)) blame(`${name} is frozen and credited`);
}

/** A leg is refused with what its operation lists. */
export function checkListed({ blame }: Model, leg: LegModel, refusal: Refusal): void {
  const { code } = refusal;
  if (code === "transaction_expired" || refusalNumber(leg, refusal) > 0) return;
  blame(`${leg.name} is refused with ${code}, which it cannot be`);
}

/** What only moves between the buckets of a wallet is refused for want of money alone; a freeze of
 *  debits refuses nothing that ends or reverses another transaction. */
export function checkMove(
  { blame }: Model,
  { account, posting: { lines, origin } }: LegModel,
  given: Admission,
): void {
  if (given.vote !== "no") return;
  const { code } = given.refusal;
  if (code === "wallet_frozen" && account.freeze === "debits" && origin) {
    blame("a freeze of debits stops what is taken back");
  }
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
