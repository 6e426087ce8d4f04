// The interface of a rule of admission, and the standing that it judges. One rule for each reason
// not to admit a new leg to an account. Pure; the account's store finds the figures.
import type { Refusal, RefusalCode } from "../errors.ts";
import type { Line } from "../ledger/line.ts";
import type { Amounts, Undecided } from "../ledger/position.ts";
import type { OperationType } from "../operations/all.ts";
import type { Claim, Origin } from "../operations/operation.ts";
import type { BusyReason } from "../protocol/vote.ts";
import type { LegState } from "../protocol/leg-state.ts";

export interface NewLeg {
  readonly account: string;
  readonly lines: readonly Line[];
  readonly claims: readonly Claim[];
  readonly origin?: Origin;
}

/** Of one currency, in minor units. */
export interface Funds {
  readonly posted: Amounts;
  readonly undecided: Undecided;
}

/** A claim of one of the account's legs, void ones left out. */
export interface UsedClaim {
  readonly transactionId: string;
  readonly amount: number;
  /** Whether its leg is posted; held otherwise. */
  readonly posted: boolean;
  /** Of a posted leg's transaction, as its entries show it. */
  readonly type?: OperationType;
}

/** What a claim of the new leg is measured against. */
export interface ClaimStanding {
  /** The sum that all claims of the key may reach. */
  readonly capacity: bigint;
  /** Of the same key, those that were posted first in front. */
  readonly used: readonly UsedClaim[];
}

/** Which new lines a wallet does not take: those that make it poorer, or richer, or either. */
export const freezeScopes = ["debits", "credits", "all", "none"] as const;
export type FreezeScope = (typeof freezeScopes)[number];

/** An account as the rules see it. Held legs count as if they took place where that is the careful
 *  side: debits are spent already, credits use up headroom but cannot be spent. */
export interface Standing {
  readonly freeze: FreezeScope;
  /** For each currency of the leg. Absent in the outside world, which is not limited by what it
   *  holds. */
  readonly funds?: ReadonlyMap<string, Funds>;
  /** In the order of the leg's claims. */
  readonly claims: readonly ClaimStanding[];
  /** The state of the origin's leg in this account; absent where the leg names no origin. */
  readonly origin?: LegState;
  /** Held legs of the account, in all currencies. */
  readonly openLegs: number;
}

/** NO, final once it is given; or BUSY, which is no vote. `claimants`: the only transactions whose
 *  outcome could change it; absent where that of every held leg could. */
export type Objection =
  | { readonly vote: "no"; readonly refusal: Refusal }
  | {
      readonly vote: "busy";
      readonly reason: BusyReason;
      readonly claimants?: readonly string[];
    };

export interface AdmissionRule {
  /** What it answers: the code of a NO, the reason of a BUSY, or whose choice the code is. */
  readonly code: RefusalCode | BusyReason | "claim" | "origin";
  /** Whether the outcome of an undecided leg of the account could change the objection: then its
   *  log is asked before the objection is given. */
  readonly contestable: boolean;
  readonly objection: (standing: Standing, leg: NewLeg) => Objection | undefined;
}
