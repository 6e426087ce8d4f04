// The vote of one account on its leg of a transaction. It crosses from the account to the log.
import type { Refusal } from "../errors.ts";

export type BusyReason = "open_legs" | "claim_undecided" | "ask_failed" | "protocol_version";

/** An account's answer to a hold. YES binds and NO is final; BUSY is no vote and wrote nothing. */
export type Vote =
  | { readonly vote: "yes" }
  | { readonly vote: "no"; readonly refusal: Refusal }
  | { readonly vote: "busy"; readonly reason: BusyReason }
  | { readonly vote: "fault"; readonly detail: string };
