// How an account stands when a leg is admitted, as its core finds it.
import { admit, type Admission } from "../../src/domain/admission/admit.ts";
import type { Standing } from "../../src/domain/admission/rule.ts";
import { openLegsMax } from "../../src/domain/limits.ts";
import { claimStandings, originStateOf } from "./claim-model.ts";
import type { State } from "./layout.ts";
import type { Model } from "./model.ts";
import { addLeg, amountsOf, fundsOf } from "./money-model.ts";
import { isRejected, LegIs, type AccountModel, type LegModel } from "./world.ts";

export function isOpen(state: State, account: AccountModel): boolean {
  return account.opened < 0 || state[account.opened] === 1;
}

export function heldLegs(state: State, account: AccountModel): LegModel[] {
  return account.legs.filter((leg) => state[leg.state] === LegIs.held);
}

/** What the account's core finds, with `held` counted as held legs and `resolved` as decided. */
function standingOf(
  model: Model,
  state: State,
  leg: LegModel,
  held: readonly LegModel[],
  resolved: readonly LegModel[],
): Standing {
  const { account, posting } = leg;
  const standing = {
    freeze: account.frozen >= 0 && state[account.frozen] === 1 ? account.freeze : "none",
    openLegs: held.length + Math.max(0, openLegsMax - account.openLegs),
    claims: claimStandings(state, leg, resolved),
    ...(posting.origin && { origin: originStateOf(state, leg, resolved) }),
  } as const;
  if (!account.isWallet) return standing;
  const amounts = amountsOf(state, account);
  for (const other of resolved) if (!isRejected(state, other.transaction)) addLeg(amounts, other);
  return { ...standing, funds: fundsOf(model, leg, amounts, held) };
}

/** Admission of a leg, with the other legs as `standingOf` counts them. */
export function admitLeg(
  model: Model,
  state: State,
  leg: LegModel,
  held: readonly LegModel[],
  resolved: readonly LegModel[],
): Admission {
  const { account, posting } = leg;
  const standing = standingOf(model, state, leg, held, resolved);
  return admit(model.rules.admissionRules, standing, { ...posting, account: account.name });
}
