// The interface of a rule of admission, and the standing that it judges. One rule for each reason
// not to admit a new leg to an account. Pure; the account's store finds the figures.
import type { Refusal, RefusalCode } from "../errors.ts";
import type { BusyReason } from "../protocol/vote.ts";
import type { Direction } from "../ledger/money.ts";

export interface NewLeg {
  readonly account: string;
  readonly direction: Direction;
  /** Minor units. */
  readonly amount: number;
}

/** Minor units of the leg's currency. */
export interface Funds {
  readonly balance: number;
  readonly heldDebits: number;
  readonly heldCredits: number;
}

/** Who uses the leg's payment reference. `posted`: the claimant's leg is. */
export interface Claim {
  readonly transactionId: string;
  readonly posted: boolean;
}

/** An account as the rules see it. Held legs count as if they took place where that is the careful
 *  side: debits are spent already, credits use up headroom but cannot be spent. */
export interface Standing {
  /** Asked of debits only: credits enter a frozen wallet too. */
  readonly frozen: boolean;
  /** Absent in the outside world, which is not limited by what it holds. */
  readonly funds?: Funds;
  /** Absent where nothing claims what the leg would claim. */
  readonly claim?: Claim;
  /** Held legs of the account, in all currencies. */
  readonly openLegs: number;
}

/** NO, final once it is given; or BUSY, which is no vote. `claimant`: the only transaction whose
 *  outcome could change it; absent where that of every held leg could. */
export type Objection =
  | { readonly vote: "no"; readonly refusal: Refusal }
  | { readonly vote: "busy"; readonly reason: BusyReason; readonly claimant?: string };

export interface AdmissionRule {
  readonly code: RefusalCode | BusyReason;
  /** Whether a leg that is held here could change the objection once it is decided: then its log is
   *  asked before the objection is given. */
  readonly contestable: boolean;
  /** What the rule has against the leg, if anything. */
  readonly objection: (standing: Standing, leg: NewLeg) => Objection | undefined;
}
