// The account's shell around the leg machine, in the order of steps of account.ts and its two rules
// files in src/durable-objects: hold, post, release, and the asks before a refusal. What happens
// between two awaits there is one step here.
import { openLegsMax } from "../../src/domain/limits.ts";
import type { Admission } from "../../src/domain/protocol/leg.ts";
import { signed } from "../../src/domain/ledger/money.ts";
import type { Refusal } from "../../src/domain/errors.ts";
import type { State } from "./layout.ts";
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

/** AccountRules.admit, of both kinds of accounts, with `held` and `more` counted as entries. */
function admit(
  { rules, world }: Model,
  state: State,
  leg: LegModel,
  held: readonly LegModel[],
  resolved: readonly LegModel[],
): Admission {
  const { account } = leg;
  const openLegs = held.length + Math.max(0, openLegsMax - account.openLegs);
  if (!account.isWallet) {
    const claimant = world.transactions[state[leg.claim]! - 1];
    const claimed = claimant?.legs[0];
    const dropped = claimed && resolved.includes(claimed) && isRejected(state, claimed);
    const posted =
      claimed !== undefined &&
      (state[claimed.state] === LegIs.posted || resolved.includes(claimed));
    const claim = claimant && !dropped ? { transactionId: claimant.id, posted } : undefined;
    return rules.admitToExternalAccount({ claim, openLegs });
  }
  let balance = balanceOf(state, account);
  for (const other of resolved) {
    if (!isRejected(state, other)) balance += signed(other.direction, other.amount);
  }
  const { debits, credits } = rules.heldAmounts(
    held.map(({ open }) => open),
    leg.open.currency,
  );
  const frozen = account.frozen >= 0 && state[account.frozen] === 1;
  const standing = { frozen, balance, heldDebits: debits, heldCredits: credits, openLegs };
  const { direction, amount } = leg;
  return rules.admitToWallet(standing, { account: account.name, direction, amount });
}

function isRejected(state: State, leg: LegModel): boolean {
  const row = state[leg.transaction.row];
  return row === Row.rejected || row === Row.rejectedSettled;
}

function isDecided(state: State, leg: LegModel): boolean {
  return state[leg.transaction.row]! >= Row.committed;
}

function contested(state: State, leg: LegModel, held: readonly LegModel[]): readonly LegModel[] {
  if (leg.account.isWallet) return held;
  const claimant = state[leg.claim]!;
  return claimant === 0 ? held : held.filter((one) => one.transaction.number === claimant - 1);
}

/** Account.#attemptHold: votes, or returns the legs that have to be asked about. */
function attemptHold(
  model: Model,
  state: State,
  leg: LegModel,
  attempt: { readonly mayAsk: boolean; readonly unanswered: readonly LegModel[] },
): readonly LegModel[] {
  const { rules } = model;
  if (!isOpen(state, leg.account)) {
    reply(model, state, leg, Vote.no + refusalNames.indexOf("wallet_not_found"));
    return [];
  }
  const known = legNames[state[leg.state]!]!;
  const looksUp = attempt.mayAsk || rules.startsOver;
  const step = rules.legTransitions[looksUp ? known : "none"].hold;
  if (step.effect === "vote_again") {
    const isVoid = state[leg.state] === LegIs.void;
    reply(model, state, leg, isVoid ? Vote.no + state[leg.refusal]! : Vote.yes);
    return [];
  }
  const held = heldLegs(state, leg.account);
  const admission = admit(model, state, leg, held, []);
  if (admission.vote === "yes") {
    if (rules.yesIsWritten) {
      state[leg.state] = LegIs.held;
      if (leg.claim >= 0) state[leg.claim] = leg.transaction.number + 1;
    }
    reply(model, state, leg, Vote.yes);
    return [];
  }
  if (admission.contestable && attempt.mayAsk && rules.asksFirst) {
    const ask = contested(state, leg, held);
    if (ask.length > 0) return ask;
  }
  checkRefusal(model, state, leg, admission, attempt.mayAsk ? held : attempt.unanswered);
  if (admission.vote === "busy") return [];
  const refusal = refusalNumber(model, admission.refusal);
  if (rules.noIsWritten) {
    state[leg.state] = LegIs.void;
    if (state[leg.transaction.row] === Row.preparing) state[leg.refusal] = refusal;
  }
  reply(model, state, leg, Vote.no + refusal);
  return [];
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
  const then = admit(model, state, leg, rest, decided);
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

/** The vote travels to the attempt that asked for it, if that still runs. */
function reply(model: Model, state: State, leg: LegModel, vote: number): void {
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
export function post({ rules, blame }: Model, state: State, leg: LegModel): boolean {
  const { frozen } = leg.account;
  if (!rules.postsWhenFrozen && frozen >= 0 && state[frozen] === 1) {
    blame("a post is refused after a YES");
    return false;
  }
  const { effect } = rules.legTransitions[legNames[state[leg.state]!]!].post;
  if (effect === "integrity_fault") {
    blame(`the post of a leg that is ${legNames[state[leg.state]!]}`);
    return false;
  }
  if (effect === "append_entry") {
    if (state[leg.entries]! < 2) state[leg.entries]! += 1;
    state[leg.state] = LegIs.posted;
  }
  return true;
}

/** Account.#releaseNow. Returns whether it is acknowledged. */
export function release({ rules, blame }: Model, state: State, leg: LegModel): boolean {
  if (!isOpen(state, leg.account)) {
    state[leg.unwritten] = 1;
    return true;
  }
  const { effect } = rules.legTransitions[legNames[state[leg.state]!]!].release;
  if (effect === "integrity_fault") {
    blame(`the release of a leg that is ${legNames[state[leg.state]!]}`);
    return false;
  }
  if (effect === "write_void") {
    state[leg.state] = LegIs.void;
    if (rules.voidDropsClaim) dropClaim(state, leg);
  }
  return true;
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
  const ask = attemptHold(model, next, leg, { mayAsk: true, unanswered: [] });
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
  if (unanswered.length === 0 || !model.rules.failedAskIsBusy) {
    attemptHold(model, next, leg, { mayAsk: false, unanswered });
  }
  emit(`${leg.account.name} goes on with the hold of ${leg.transaction.name}`, next);
}
