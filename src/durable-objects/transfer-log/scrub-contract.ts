// The contract of the scrub: calls from a log shard to its accounts, and from the edge to the
// shards. As in contract.ts, expected outcomes are values and every call may be repeated.
import type { LegReading, ScrubDifferenceKind } from "../../domain/protocol/scrub.ts";
import type { Call, WriteCall } from "../rpc/contract.ts";

/** To an account, about legs that it should have. */
export interface LegsCall extends Call {
  /** The id in the `AccountAddress` of the object that is called. */
  readonly account: string;
  readonly transactionIds: readonly string[];
}

export type LegsResult =
  /** In order of the ids. */
  | { readonly ok: true; readonly legs: readonly LegReading[] }
  | { readonly ok: false; readonly problem: "protocol_version" };

/** What both kinds of accounts offer for audits. */
export interface LegsApi {
  /** What the account has of the transactions: one synchronous read, writes nothing. */
  readLegs(call: LegsCall): Promise<LegsResult>;
}

export interface StartScrubCall extends WriteCall {
  /** Made of the command's key: the same command begins one round. */
  readonly scrubId: string;
  /** The id of the principal that gave the command. */
  readonly principal: string;
}

/** `empty`: the shard has no transactions, and nothing was written. `known`: an earlier request
 *  gave the command. Otherwise a round has begun, or the one that is running goes on. */
export type StartScrubResult = "empty" | "known" | "started";

/** Times in ms since the epoch. */
export interface ScrubDifference {
  readonly transactionId: string;
  /** As in the transaction's lines; absent where the transaction's own row is wrong. */
  readonly account?: string;
  readonly kind: ScrubDifferenceKind;
  readonly firstFoundAt: number;
  readonly lastFoundAt: number;
}

/** How far the scrub of one shard is; null for a shard without transactions. */
export interface ScrubStatus {
  readonly running: boolean;
  /** Of the present round, from 0 to 1: ids are spread evenly, so the place in them tells. */
  readonly progress: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly nextAt: number;
  /** Whether the latest round left transactions out, because an account did not answer. */
  readonly incomplete: boolean;
  /** Of the calling tenant only, those seen latest first, at most `scrubDifferencesShownMax`. */
  readonly differences: readonly ScrubDifference[];
  readonly differenceCount: number;
}

export interface ScrubApi {
  /** Begins a round now, unless one is running. Answers when that is recorded. */
  startScrub(call: StartScrubCall): Promise<StartScrubResult>;
  scrubStatus(call: Call): Promise<ScrubStatus | null>;
}
