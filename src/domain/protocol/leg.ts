// The leg machine: what one account does with its leg of a transaction, all of its lines together.
// Wallets and the outside world share it; so does the explorer of the protocol. Pure: an account
// performs what is decided.
import { contestedLegs, type Admission } from "../admission/admit.ts";
import type { Refusal } from "../errors.ts";
import { areSameLines, type Line } from "../ledger/line.ts";
import type { LegState } from "./leg-state.ts";
import type { Vote } from "./vote.ts";

export type LegCommand = "hold" | "post" | "release";

/** The state after a command. `fault`: the command contradicts the record and changes nothing. */
interface Closing {
  readonly post: LegState | "fault";
  readonly release: LegState | "fault";
}

/** Of a new leg, the state after each vote. */
interface Admitting {
  readonly hold: Readonly<Record<Admission["vote"], LegState>>;
}

/** The whole machine. Leg rows are never deleted, so every state answers at any age: the hold
 *  of a known leg gives the vote that it gave before. */
export const legTransitions = {
  none: { hold: { yes: "held", no: "void", busy: "none" }, post: "fault", release: "void" },
  held: { hold: "held", post: "posted", release: "void" },
  posted: { hold: "posted", post: "posted", release: "fault" },
  void: { hold: "void", post: "fault", release: "void" },
} as const satisfies { readonly none: Admitting & Closing } & Readonly<
  Record<Exclude<LegState, "none">, Closing & { readonly hold: LegState }>
>;

/** What a move of a leg writes. `tombstone`: the void of a leg that was never held. */
export type LegWrite = "hold" | "tombstone" | "entries" | "void";

/** Undefined where the leg stays as it is. */
export function writeOf(from: LegState, to: LegState): LegWrite | undefined {
  if (from === to) return undefined;
  if (to === "void") return from === "none" ? "tombstone" : "void";
  return to === "posted" ? "entries" : "hold";
}

/** What a repeated call must agree with. */
export interface LegContent {
  readonly transactionId: string;
  readonly fingerprint: string;
  /** In the order in which they are posted: debits first. */
  readonly lines: readonly Line[];
  /** The transaction that this one ends or reverses, where that one has a leg in this account. */
  readonly origin?: { readonly transactionId: string };
}

export interface RecordedLeg extends LegContent {
  readonly state: Exclude<LegState, "none">;
  /** void after a NO: the refusal it was voted with. */
  readonly refusal?: Refusal;
}

/** The first thing in which two readings of a leg differ. */
export function differenceOf(
  leg: LegContent,
  other: LegContent,
): "fingerprint" | "lines" | "origin" | undefined {
  if (leg.fingerprint !== other.fingerprint) return "fingerprint";
  if (!areSameLines(leg.lines, other.lines)) return "lines";
  return leg.origin?.transactionId === other.origin?.transactionId ? undefined : "origin";
}

function contradiction(leg: RecordedLeg, call: LegContent): string | undefined {
  return differenceOf(leg, call) && "another content than the recorded leg's";
}

/** How a hold goes on: it asks the logs of these legs first, or writes and votes. */
export type HoldStep<Held> =
  | { readonly ask: readonly Held[] }
  | { readonly ask?: never; readonly write: LegWrite | undefined; readonly vote: Vote };

/** The ladder of a hold. A known leg votes again. A new one is admitted, or the logs of the held
 *  legs that could change the answer are asked, unless that was done (`mayAsk`); then it is BUSY,
 *  which leaves no trace, or refused. */
export function decideHold<Held extends { readonly transactionId: string }>(
  leg: RecordedLeg | undefined,
  call: LegContent,
  look: {
    readonly admission: () => Admission;
    readonly mayAsk: boolean;
    readonly held: () => readonly Held[];
  },
): HoldStep<Held> {
  if (leg) {
    const write = writeOf(leg.state, legTransitions[leg.state].hold);
    return { write, vote: voteAgain(leg, call) };
  }
  const admission = look.admission();
  if (look.mayAsk && admission.vote !== "yes" && admission.contestable) {
    const ask = contestedLegs(admission, look.held());
    if (ask.length > 0) return { ask };
  }
  const write = writeOf("none", legTransitions.none.hold[admission.vote]);
  if (admission.vote === "yes") return { write, vote: { vote: "yes" } };
  if (admission.vote === "busy") return { write, vote: { vote: "busy", reason: admission.reason } };
  return { write, vote: { vote: "no", refusal: admission.refusal } };
}

/** A void without a refusal was released: nothing moved and nothing will, which is what the
 *  deadline's refusal says. */
function voteAgain(leg: RecordedLeg, call: LegContent): Vote {
  const detail = contradiction(leg, call);
  if (detail !== undefined) return { vote: "fault", detail };
  if (leg.state !== "void") return { vote: "yes" };
  return { vote: "no", refusal: leg.refusal ?? { code: "transaction_expired" } };
}

/** Whether a vote waits for the origin's leg. Where no leg was to be asked about, that leg is not
 *  here. */
export function isOriginAwaited(vote: Vote): boolean {
  return vote.vote === "busy" && vote.reason === "origin_undecided";
}

/** The vote of a wallet that was never opened: it leaves no trace of having been asked. */
export function refuseUnopened(account: string): Vote {
  return { vote: "no", refusal: { code: "wallet_not_found", account } };
}

/** The vote after asks that did not all bring an answer; undefined where the hold starts over. */
export function voteAfterAsks({ failed }: { readonly failed: boolean }): Vote | undefined {
  return failed ? { vote: "busy", reason: "ask_failed" } : undefined;
}

/** A post or a release: what it writes before it is acknowledged, or why it is a fault. */
export type CloseStep =
  | { readonly fault: string; readonly write?: never }
  | { readonly fault?: never; readonly write: LegWrite | undefined };

/** Phase two. What was done before is acknowledged again and writes nothing. */
export function closeLeg(
  command: "post" | "release",
  leg: RecordedLeg | undefined,
  call: LegContent,
): CloseStep {
  const detail = leg && contradiction(leg, call);
  if (detail !== undefined) return { fault: detail };
  const state = leg?.state ?? "none";
  const next = legTransitions[state][command];
  if (next === "fault") return { fault: `${command} of a leg that is ${state}` };
  return { write: writeOf(state, next) };
}
