// An account in the explorer: what waits in its queues, what a crash takes, and the writes of the
// production ladder (domain/protocol/leg.ts, domain/admission) on the explored state. What happens
// between two awaits of an account's core is one step here.
import type { Admission } from "../../src/domain/admission/admit.ts";
import { refuseUnopened, type LegWrite, type RecordedLeg } from "../../src/domain/protocol/leg.ts";
import type { Vote as AccountVote } from "../../src/domain/protocol/vote.ts";
import type { State } from "./layout.ts";
import type { Emit, Model } from "./model.ts";
import { addLine, amountsOf, checkEntry } from "./money-model.ts";
import { refusalNumber, refusalOf } from "./refusals.ts";
import { admitLeg, heldLegs, isOpen } from "./standing-model.ts";
import { dateEntries, newestOf } from "./time-model.ts";
import { checkFreeze, checkListed, checkMove, checkRefusal } from "./vote-checks.ts";
import { Ask, LegIs, legNames, Row, Vote, type LegModel } from "./world.ts";

function recordedLeg(state: State, leg: LegModel): RecordedLeg | undefined {
  const known = legNames[state[leg.state]!]!;
  if (known === "none") return undefined;
  const refused = known === "void" ? state[leg.refusal]! : 0;
  const refusal = refused > 0 && { refusal: refusalOf(leg, refused) };
  return { ...leg.posting, state: known, ...refusal };
}

/** Account.#holdNow: writes and votes, or returns the legs that have to be asked about. */
function hold(
  model: Model,
  state: State,
  leg: LegModel,
  attempt: { readonly mayAsk: boolean; readonly unanswered: readonly LegModel[] },
): readonly LegModel[] {
  const { rules } = model;
  if (!isOpen(state, leg.account)) {
    reply(model, state, leg, refuseUnopened(leg.account.name));
    return [];
  }
  const { mayAsk } = attempt;
  const held = heldLegs(state, leg.account);
  let admission: Admission | undefined;
  const step = rules.decideHold(recordedLeg(state, leg), leg.posting, {
    admission: () => (admission = admitLeg(model, state, leg, held, [])),
    mayAsk,
    held: () => held,
  });
  if (step.ask) return step.ask;
  if (admission && admission.vote !== "yes") {
    checkMove(model, leg, admission);
    checkRefusal(model, state, leg, admission, mayAsk ? held : attempt.unanswered);
  }
  if (step.write === "hold") checkFreeze(model, state, leg);
  write(model, state, leg, step.write, step.vote);
  reply(model, state, leg, step.vote);
  return [];
}

/** Account.#write. What only the preparing row needs is forgotten. */
function write(
  model: Model,
  state: State,
  leg: LegModel,
  what: LegWrite | undefined,
  vote?: AccountVote,
): void {
  if (what === "hold") {
    state[leg.state] = LegIs.held;
    for (const { written } of leg.claims) state[written] = 1;
  } else if (what === "tombstone") {
    state[leg.state] = LegIs.void;
    const isPreparing = state[leg.transaction.row] === Row.preparing;
    if (vote?.vote === "no" && isPreparing) state[leg.refusal] = refusalNumber(leg, vote.refusal);
  } else if (what === "void") {
    state[leg.state] = LegIs.void;
    if (model.rules.voidDropsClaim) dropClaims(state, leg);
  } else if (what === "entries") append(model, state, leg);
}

/** The entries of all lines and the closing of the leg, in one sql transaction. */
function append(model: Model, state: State, leg: LegModel): void {
  const { rules } = model;
  const lines = leg.piles.length;
  const amounts = amountsOf(state, leg.account);
  const appended = rules.postsWholeLeg ? lines : 1;
  for (let entry = 0; entry < appended; entry++) {
    const before = state[leg.entries]!;
    if (before === 2 * lines) break;
    addLine(amounts, leg, before % lines);
    checkEntry(model, leg.account, amounts);
    state[leg.entries] = before + 1;
  }
  if (state[leg.entries]! < lines) return;
  state[leg.state] = LegIs.posted;
  if (!rules.postKeepsClaim) dropClaims(state, leg);
}

/** The vote travels to the attempt that asked for it, if that still runs. BUSY is none. */
function reply(model: Model, state: State, leg: LegModel, given: AccountVote): void {
  if (given.vote === "fault") model.blame(`the hold of ${leg.name}: ${given.detail}`);
  if (given.vote === "busy" || given.vote === "fault") return;
  if (given.vote === "no") checkListed(model, leg, given.refusal);
  const vote = given.vote === "yes" ? Vote.yes : Vote.no + refusalNumber(leg, given.refusal);
  const { transaction } = leg;
  if (state[transaction.row] !== Row.preparing || state[transaction.driven] === 0) return;
  const before = state[leg.vote]!;
  if (before !== Vote.nothing && before !== vote && !isUnopened(leg, before)) {
    model.blame("an account changed its vote");
  }
  state[leg.vote] = vote;
  if (model.world.clocks && vote === Vote.yes) state[leg.newest] = newestOf(state, leg);
}

function isUnopened(leg: LegModel, vote: number): boolean {
  return vote >= Vote.no && refusalOf(leg, vote - Vote.no).code === "wallet_not_found";
}

/** Account.#postNow. Returns whether it is acknowledged. `tellsTime`: whether who tells of the
 *  commit also tells when it was decided. */
export function post(model: Model, state: State, leg: LegModel, tellsTime: boolean): boolean {
  const { frozen } = leg.account;
  if (!model.rules.postsWhenFrozen && frozen >= 0 && state[frozen] === 1) {
    model.blame("a post is refused after a YES");
    return false;
  }
  const before = state[leg.state];
  const acknowledged = close(model, state, leg, "post");
  if (state[leg.state] !== before) dateEntries(model, state, leg, tellsTime);
  return acknowledged;
}

/** Account.#releaseNow. Returns whether it is acknowledged. */
export function release(model: Model, state: State, leg: LegModel): boolean {
  if (isOpen(state, leg.account)) return close(model, state, leg, "release");
  state[leg.unwritten] = 1;
  return true;
}

function close(model: Model, state: State, leg: LegModel, command: "post" | "release"): boolean {
  const step = model.rules.closeLeg(command, recordedLeg(state, leg), leg.posting);
  if (step.fault !== undefined) model.blame(`in ${leg.account.name}: ${step.fault}`);
  else write(model, state, leg, step.write);
  return step.fault === undefined;
}

function dropClaims(state: State, leg: LegModel): void {
  for (const { written } of leg.claims) state[written] = 0;
}

/** What an ask learned of a held leg is performed at once, as by Account.resolve. */
export function resolve(model: Model, state: State, leg: LegModel, learned: number): void {
  const { rules } = model;
  if (learned === Ask.commit) post(model, state, leg, rules.asksTellTime);
  else if (learned === Ask.reject) release(model, state, leg);
  else if (learned === Ask.undecided) {
    if (!rules.undecidedStaysHeld) release(model, state, leg);
    if (!rules.undecidedKeepsClaim) dropClaims(state, leg);
  }
}

export function isAsking(state: State, leg: LegModel): boolean {
  return leg.asks.some(({ answer }) => state[answer] !== Ask.nothing);
}

/** A hold reaches its account. At most one handler of each leg waits for asks at a time. */
export function receiveHold(model: Model, state: State, leg: LegModel, emit: Emit): void {
  const next = state.slice();
  const ask = hold(model, next, leg, { mayAsk: true, unanswered: [] });
  if (ask.length > 0) {
    if (isAsking(state, leg)) return;
    for (const { other, answer } of leg.asks) if (ask.includes(other)) next[answer] = Ask.sent;
  }
  emit(`${leg.account.name} receives the hold of ${leg.transaction.name}`, next);
}

/** All asks of a handler came back: it performs what it learned, starts over and votes. */
export function resumeHold(model: Model, state: State, leg: LegModel, emit: Emit): void {
  if (!isAsking(state, leg)) return;
  if (leg.asks.some(({ answer }) => state[answer] === Ask.sent)) return;
  const next = state.slice();
  const unanswered: LegModel[] = [];
  for (const { other, answer } of leg.asks) {
    const learned = next[answer]!;
    next[answer] = Ask.nothing;
    if (learned === Ask.failed) unanswered.push(other);
    resolve(model, next, other, learned);
  }
  const vote = model.rules.voteAfterAsks({ failed: unanswered.length > 0 });
  if (vote) reply(model, next, leg, vote);
  else hold(model, next, leg, { mayAsk: false, unanswered });
  emit(`${leg.account.name} goes on with the hold of ${leg.transaction.name}`, next);
}
