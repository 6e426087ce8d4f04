// The two phases of a transaction, as both kinds of accounts offer them to the transfer log. All
// calls may be repeated: a repeated call has the effect and the answer of the first.
import type { OperationType } from "../../domain/operations/all.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { BusyReason, Vote } from "../../domain/protocol/vote.ts";
import type { Call } from "../rpc/contract.ts";

/** To an account, about its leg of a transaction: all of its lines. */
export interface LegCall extends Call {
  /** The id in the `AccountAddress` of the object that is called. */
  readonly account: string;
  readonly posting: Posting;
}

/** After a commit. `decidedAt` in ms since the epoch. */
export interface PostCall extends LegCall {
  readonly decidedAt: number;
}

/** `entryHash`: of the entry of the leg's last line. The log keeps its beginning, which anchors the
 *  account's hash chain outside of its own file. Absent after a release.
 *  `fault`: the call contradicts what was recorded. Nothing is written, and people must look. */
export type Acknowledgement =
  | { readonly acknowledged: true; readonly entryHash?: string }
  | { readonly acknowledged: false; readonly reason: BusyReason }
  | { readonly acknowledged: false; readonly reason: "fault"; readonly detail: string };

export interface ClaimsCall extends Call {
  /** The id in the `AccountAddress` of the object that is called. */
  readonly account: string;
  /** Of the claims, as in `Claim`. */
  readonly key: string;
}

/** `transactionId`: the claimant. */
export interface HeldClaim {
  readonly transactionId: string;
  /** Of what the key counts: minor units, or 1 where it is used once. */
  readonly amount: number;
}

export interface PostedClaim extends HeldClaim {
  readonly type: OperationType;
}

/** The posted ones in the order of their posting, at most `reversalsMax` of them. */
export interface Claims {
  readonly posted: readonly PostedClaim[];
  readonly held: readonly HeldClaim[];
}

export interface ClaimsApi {
  /** Who claims a key? One synchronous read; never calls out, writes nothing. */
  readClaims(call: ClaimsCall): Promise<Claims>;
}

/** The two phases, as both kinds of accounts offer them. */
export interface AccountApi {
  /** Phase one. Writes a hold (YES) or a void (NO) before it answers; BUSY, fault write nothing. */
  hold(call: LegCall): Promise<Vote>;
  /** Phase two after a commit: appends the entries of all lines. Never refused after a YES. */
  post(call: PostCall): Promise<Acknowledgement>;
  /** Phase two after a rejection: leaves a void, so that a late hold cannot keep money. */
  release(call: LegCall): Promise<Acknowledgement>;
}
