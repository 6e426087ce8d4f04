// The leg machine: what one account does with its side of a transaction. Wallets and the outside
// world share it and differ only in who is admitted. Pure: the account performs what is decided.
import type { Refusal } from "../errors.ts";
import { openLegsMax } from "../limits.ts";
import { available, hasHeadroom, type Direction } from "../ledger/money.ts";

/** `none`: never heard of. `void`: the tombstone of a leg that will never be posted. */
export type LegState = "none" | "held" | "posted" | "void";
export type LegCommand = "hold" | "post" | "release";

/** What a command does to a leg: the effect, and the state after it. */
export type LegEffect =
  | { readonly effect: "admit"; readonly yes: "held"; readonly no: "void"; readonly busy: "none" }
  | { readonly effect: "vote_again"; readonly next: "held" | "posted" | "void" }
  | { readonly effect: "append_entry"; readonly next: "posted" }
  | { readonly effect: "write_void"; readonly next: "void" }
  | { readonly effect: "acknowledge"; readonly next: "posted" | "void" }
  | { readonly effect: "integrity_fault" };

/** The whole machine. Leg rows are never deleted, so every state answers at any age. */
export const legTransitions: Readonly<Record<LegState, Readonly<Record<LegCommand, LegEffect>>>> = {
  none: {
    hold: { effect: "admit", yes: "held", no: "void", busy: "none" },
    post: { effect: "integrity_fault" },
    release: { effect: "write_void", next: "void" },
  },
  held: {
    hold: { effect: "vote_again", next: "held" },
    post: { effect: "append_entry", next: "posted" },
    release: { effect: "write_void", next: "void" },
  },
  posted: {
    hold: { effect: "vote_again", next: "posted" },
    post: { effect: "acknowledge", next: "posted" },
    release: { effect: "integrity_fault" },
  },
  void: {
    hold: { effect: "vote_again", next: "void" },
    post: { effect: "integrity_fault" },
    release: { effect: "acknowledge", next: "void" },
  },
};

export type BusyReason = "open_legs" | "claim_undecided" | "ask_failed" | "protocol_version";

/** An account's answer to a hold. YES binds and NO is final; BUSY is no vote and wrote nothing. */
export type Vote =
  | { readonly vote: "yes" }
  | { readonly vote: "no"; readonly refusal: Refusal }
  | { readonly vote: "busy"; readonly reason: BusyReason }
  | { readonly vote: "fault"; readonly detail: string };

/** What admission says of a new leg. `contestable`: another leg that is still undecided here could
 *  change this answer, so its log must be asked before the answer is given. */
export type Admission =
  | { readonly vote: "yes" }
  | { readonly vote: "no"; readonly refusal: Refusal; readonly contestable: boolean }
  | { readonly vote: "busy"; readonly reason: BusyReason; readonly contestable: boolean };

export interface NewLeg {
  readonly account: string;
  readonly direction: Direction;
  readonly amount: number;
}

/** A wallet as admission sees it: amounts of the leg's currency, in minor units. */
export interface WalletStanding {
  /** Asked of debits only: credits enter a frozen wallet too. */
  readonly frozen: boolean;
  readonly balance: number;
  readonly heldDebits: number;
  readonly heldCredits: number;
  /** Undecided legs of the account, in all currencies. */
  readonly openLegs: number;
}

/** Held legs count as if they took place where that is the careful side: debits are spent already,
 *  credits use up headroom but cannot be spent. */
export function admitToWallet(standing: WalletStanding, leg: NewLeg): Admission {
  const { account, direction, amount } = leg;
  if (direction === "debit") {
    if (standing.frozen) {
      return { vote: "no", refusal: { code: "wallet_frozen", account }, contestable: false };
    }
    if (amount > available(standing.balance, standing.heldDebits)) {
      return { vote: "no", refusal: { code: "insufficient_funds", account }, contestable: true };
    }
  } else if (!hasHeadroom(standing.balance, standing.heldCredits, amount)) {
    return { vote: "no", refusal: { code: "balance_limit_exceeded", account }, contestable: true };
  }
  return admitUnderLimit(standing.openLegs);
}

/** The outside world as admission sees it: who has claimed the leg's payment reference. */
export interface ExternalStanding {
  readonly claim: { readonly transactionId: string; readonly posted: boolean } | undefined;
  readonly openLegs: number;
}

/** A reference is refused only against a posted claim: the refusal names what really happened. */
export function admitToExternalAccount(standing: ExternalStanding): Admission {
  const { claim } = standing;
  if (claim?.posted) {
    const { transactionId } = claim;
    const refusal = { code: "duplicate_payment_reference", transactionId } as const;
    return { vote: "no", refusal, contestable: false };
  }
  if (claim) return { vote: "busy", reason: "claim_undecided", contestable: true };
  return admitUnderLimit(standing.openLegs);
}

function admitUnderLimit(openLegs: number): Admission {
  return openLegs < openLegsMax
    ? { vote: "yes" }
    : { vote: "busy", reason: "open_legs", contestable: true };
}
