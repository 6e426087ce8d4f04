// The vote of one account on its leg of a transaction. It crosses from the account to the log.
import type { Refusal } from "../errors.ts";

export type BusyReason =
  "open_legs" | "claim_undecided" | "origin_undecided" | "ask_failed" | "protocol_version";

/** An account's answer to a hold. YES binds and NO is final; BUSY is no vote and wrote nothing.
 *  `newestDecidedAt`: of all that is posted in the account and could be spent, in ms since the
 *  epoch; absent where nothing is. The decision is never dated before it. */
export type Vote =
  | { readonly vote: "yes"; readonly newestDecidedAt?: number }
  | { readonly vote: "no"; readonly refusal: Refusal }
  | { readonly vote: "busy"; readonly reason: BusyReason }
  | { readonly vote: "fault"; readonly detail: string };
