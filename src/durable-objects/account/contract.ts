// The two phases of a transaction, as both kinds of accounts offer them to the transfer log. All
// calls may be repeated: a repeated call has the effect and the answer of the first.
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { BusyReason, Vote } from "../../domain/protocol/vote.ts";
import type { Call } from "../rpc/contract.ts";

/** To an account, about one leg of it. */
export interface LegCall extends Call {
  /** The id in the `AccountAddress` of the object that is called. */
  readonly account: string;
  readonly posting: Posting;
}

/** `entryHash`: of the entry that posts the leg. The log keeps its beginning, which anchors the
 *  account's hash chain outside of its own file. Absent after a release.
 *  `fault`: the call contradicts what was recorded. Nothing is written, and people must look. */
export type Acknowledgement =
  | { readonly acknowledged: true; readonly entryHash?: string }
  | { readonly acknowledged: false; readonly reason: BusyReason }
  | { readonly acknowledged: false; readonly reason: "fault"; readonly detail: string };

/** The two phases, as both kinds of accounts offer them. */
export interface AccountApi {
  /** Phase one. Writes a hold (YES) or a void (NO) before it answers; BUSY, fault write nothing. */
  hold(call: LegCall): Promise<Vote>;
  /** Phase two after a commit: appends the entry. Never refused after a YES. */
  post(call: LegCall): Promise<Acknowledgement>;
  /** Phase two after a rejection: leaves a void, so that a late hold cannot keep money. */
  release(call: LegCall): Promise<Acknowledgement>;
}
