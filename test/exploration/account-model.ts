// An account in the explorer: what waits in its queues, what a crash takes, and the writes of the
// production ladder (domain/protocol/leg.ts, domain/admission) on the explored state. What happens
// between two awaits of an account's core is one step here.
import { admit, type Admission } from "../../src/domain/admission/admit.ts";
import type { Standing } from "../../src/domain/admission/rule.ts";
import { openLegsMax } from "../../src/domain/limits.ts";
import { refuseUnopened, type LegWrite, type RecordedLeg } from "../../src/domain/protocol/leg.ts";
import type { Vote as AccountVote } from "../../src/domain/protocol/vote.ts";
import { signed } from "../../src/domain/ledger/money.ts";
import type { Refusal } from "../../src/domain/errors.ts";
import type { State } from "./layout.ts";
import { refusalOf } from "./attempt-model.ts";
import type { Emit, Model } from "./model.ts";
import {
  Ask,
  duplicateOf,
  LegIs,
  legNames,
  refusalNames,
  Row,
  Vote,
  type AccountModel,
  type LegModel,
} from "./world.ts";

export function isOpen(state: State, account: AccountModel): boolean {
  return account.opened < 0 || state[account.opened] === 1;
}

export function heldLegs(state: State, account: AccountModel): LegModel[] {
  return account.legs.filter((leg) => state[leg.state] === LegIs.held);
}

/** The sum over the entries. */
export function balanceOf(state: State, account: AccountModel): number {
  let balance = account.opening;
  for (const leg of account.legs) {
    balance += state[leg.entries]! * signed(leg.direction, leg.amount);
  }
  return balance;
}

/** What AccountKind.look finds, with `held` counted as held legs and `resolved` as decided ones. */
function standingOf(
  { rules, world }: Model,
  state: State,
  leg: LegModel,
  held: readonly LegModel[],
  resolved: readonly LegModel[],
): Standing {
  const { account } = leg;
  const frozen = account.frozen >= 0 && state[account.frozen] === 1;
  const openLegs = held.length + Math.max(0, openLegsMax - account.openLegs);
  if (!account.isWallet) {
    const claimant = world.transactions[state[leg.claim]! - 1];
    const claimed = claimant?.legs[0];
    const dropped = claimed && resolved.includes(claimed) && isRejected(state, claimed);
    if (!claimant || dropped) return { frozen, openLegs };
    const posted =
      claimed !== undefined &&
      (state[claimed.state] === LegIs.posted || resolved.includes(claimed));
    return { frozen, openLegs, claim: { transactionId: claimant.id, posted } };
  }
  let balance = balanceOf(state, account);
  for (const other of resolved) {
    if (!isRejected(state, other)) balance += signed(other.direction, other.amount);
  }
  const { debits, credits } = rules.heldAmounts(
    held.map(({ content }) => content),
    leg.content.currency,
  );
  return { frozen, openLegs, funds: { balance, heldDebits: debits, heldCredits: credits } };
}

/** Admission of a leg, with the other legs as `standingOf` counts them. */
function admitLeg(
  model: Model,
  state: State,
  leg: LegModel,
  held: readonly LegModel[],
  resolved: readonly LegModel[],
): Admission {
  const { account, direction, amount } = leg;
  const standing = standingOf(model, state, leg, held, resolved);
  return admit(model.rules.admissionRules, standing, { account: account.name, direction, amount });
}

function recordedLeg({ world }: Model, state: State, leg: LegModel): RecordedLeg | undefined {
  const known = legNames[state[leg.state]!]!;
  if (known === "none") return undefined;
  const refused = known === "void" ? state[leg.refusal]! : 0;
  const refusal = refused > 0 && { refusal: refusalOf(world, leg, refused) };
  return { ...leg.content, state: known, ...refusal };
}

function isRejected(state: State, leg: LegModel): boolean {
  const row = state[leg.transaction.row];
  return row === Row.rejected || row === Row.rejectedSettled;
}

function isDecided(state: State, leg: LegModel): boolean {
  return state[leg.transaction.row]! >= Row.committed;
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
  const step = rules.decideHold(recordedLeg(model, state, leg), leg.content, {
    admission: () => (admission = admitLeg(model, state, leg, held, [])),
    mayAsk,
    held: () => held,
  });
  if (step.ask) return step.ask;
  if (admission && admission.vote !== "yes") {
    checkRefusal(model, state, leg, admission, mayAsk ? held : attempt.unanswered);
  }
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
    if (leg.claim >= 0) state[leg.claim] = leg.transaction.number + 1;
  } else if (what === "tombstone") {
    state[leg.state] = LegIs.void;
    const isPreparing = state[leg.transaction.row] === Row.preparing;
    if (vote?.vote === "no" && isPreparing) state[leg.refusal] = refusalNumber(model, vote.refusal);
  } else if (what === "void") {
    state[leg.state] = LegIs.void;
    if (model.rules.voidDropsClaim) dropClaim(state, leg);
  } else if (what === "entry") {
    if (state[leg.entries]! < 2) state[leg.entries]! += 1;
    state[leg.state] = LegIs.posted;
  }
}

/** Before any NO or BUSY that another undecided leg could change, its log is asked. So what was
 *  decided of the legs that were not asked about must not change the answer. */
function checkRefusal(
  model: Model,
  state: State,
  leg: LegModel,
  given: Admission,
  unasked: readonly LegModel[],
): void {
  const decided = unasked.filter((one) => isDecided(state, one) && state[one.state] === LegIs.held);
  if (decided.length === 0) return;
  const rest = heldLegs(state, leg.account).filter((one) => !decided.includes(one));
  const then = admitLeg(model, state, leg, rest, decided);
  const same =
    then.vote === given.vote &&
    (then.vote !== "no" || given.vote !== "no" || then.refusal.code === given.refusal.code);
  if (!same) model.blame("an account refuses for a leg that was decided long ago");
}

function refusalNumber({ world }: Model, { code, transactionId }: Refusal): number {
  if (code === "duplicate_payment_reference") {
    return duplicateOf + world.transactions.findIndex(({ id }) => id === transactionId);
  }
  return code === "transaction_expired" ? 0 : refusalNames.indexOf(code);
}

/** The vote travels to the attempt that asked for it, if that still runs. BUSY is none. */
function reply(model: Model, state: State, leg: LegModel, given: AccountVote): void {
  if (given.vote === "fault") model.blame(`the hold of ${leg.name}: ${given.detail}`);
  if (given.vote === "busy" || given.vote === "fault") return;
  const vote = given.vote === "yes" ? Vote.yes : Vote.no + refusalNumber(model, given.refusal);
  const { transaction } = leg;
  if (state[transaction.row] !== Row.preparing || state[transaction.driven] === 0) return;
  const before = state[leg.vote]!;
  const unopened = Vote.no + refusalNames.indexOf("wallet_not_found");
  if (before !== Vote.nothing && before !== unopened && before !== vote) {
    model.blame("an account changed its vote");
  }
  state[leg.vote] = vote;
}

/** Account.#postNow. Returns whether it is acknowledged. */
export function post(model: Model, state: State, leg: LegModel): boolean {
  const { frozen } = leg.account;
  if (!model.rules.postsWhenFrozen && frozen >= 0 && state[frozen] === 1) {
    model.blame("a post is refused after a YES");
    return false;
  }
  return close(model, state, leg, "post");
}

/** Account.#releaseNow. Returns whether it is acknowledged. */
export function release(model: Model, state: State, leg: LegModel): boolean {
  if (isOpen(state, leg.account)) return close(model, state, leg, "release");
  state[leg.unwritten] = 1;
  return true;
}

function close(model: Model, state: State, leg: LegModel, command: "post" | "release"): boolean {
  const step = model.rules.closeLeg(command, recordedLeg(model, state, leg), leg.content);
  if (step.fault !== undefined) model.blame(`in ${leg.account.name}: ${step.fault}`);
  else write(model, state, leg, step.write);
  return step.fault === undefined;
}

function dropClaim(state: State, leg: LegModel): void {
  if (leg.claim >= 0 && state[leg.claim] === leg.transaction.number + 1) state[leg.claim] = 0;
}

/** What an ask learned of a held leg is performed at once, as by Account.resolve. */
export function resolve(model: Model, state: State, leg: LegModel, learned: number): void {
  const { rules } = model;
  if (learned === Ask.commit) post(model, state, leg);
  else if (learned === Ask.reject) release(model, state, leg);
  else if (learned === Ask.undecided) {
    if (!rules.undecidedStaysHeld) release(model, state, leg);
    if (!rules.undecidedKeepsClaim) dropClaim(state, leg);
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
