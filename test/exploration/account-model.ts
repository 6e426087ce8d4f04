// An account in the explorer: what waits in its queues, what a crash takes, and the writes of the
// production ladder (domain/protocol/leg.ts, domain/admission) on the explored state. What happens
// between two awaits of an account's core is one step here.
import { admit, type Admission } from "../../src/domain/admission/admit.ts";
import type { Standing } from "../../src/domain/admission/rule.ts";
import { netOf } from "../../src/domain/ledger/position.ts";
import { openLegsMax } from "../../src/domain/limits.ts";
import { refuseUnopened, type LegWrite, type RecordedLeg } from "../../src/domain/protocol/leg.ts";
import type { Vote as AccountVote } from "../../src/domain/protocol/vote.ts";
import { claimStandings, originStateOf } from "./claim-model.ts";
import type { State } from "./layout.ts";
import type { Emit, Model } from "./model.ts";
import { addLeg, addLine, amountsOf, checkEntry, fundsOf } from "./money-model.ts";
import { refusalNumber, refusalOf } from "./refusals.ts";
import { dateEntries, newestOf } from "./time-model.ts";
import {
  Ask,
  isRejected,
  LegIs,
  legNames,
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

/** What the account's core finds, with `held` counted as held legs and `resolved` as decided. */
function standingOf(
  model: Model,
  state: State,
  leg: LegModel,
  held: readonly LegModel[],
  resolved: readonly LegModel[],
): Standing {
  const { account, posting } = leg;
  const standing = {
    freeze: account.frozen >= 0 && state[account.frozen] === 1 ? account.freeze : "none",
    openLegs: held.length + Math.max(0, openLegsMax - account.openLegs),
    claims: claimStandings(state, leg, resolved),
    ...(posting.origin && { origin: originStateOf(state, leg, resolved) }),
  } as const;
  if (!account.isWallet) return standing;
  const amounts = amountsOf(state, account);
  for (const other of resolved) if (!isRejected(state, other.transaction)) addLeg(amounts, other);
  return { ...standing, funds: fundsOf(model, leg, amounts, held) };
}

/** Admission of a leg, with the other legs as `standingOf` counts them. */
function admitLeg(
  model: Model,
  state: State,
  leg: LegModel,
  held: readonly LegModel[],
  resolved: readonly LegModel[],
): Admission {
  const { account, posting } = leg;
  const standing = standingOf(model, state, leg, held, resolved);
  return admit(model.rules.admissionRules, standing, { ...posting, account: account.name });
}

function recordedLeg(state: State, leg: LegModel): RecordedLeg | undefined {
  const known = legNames[state[leg.state]!]!;
  if (known === "none") return undefined;
  const refused = known === "void" ? state[leg.refusal]! : 0;
  const refusal = refused > 0 && { refusal: refusalOf(leg, refused) };
  return { ...leg.posting, state: known, ...refusal };
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
  dateEntries(model, state, leg);
}

/** Of a leg that is about to be held. */
function checkFreeze({ blame }: Model, state: State, { account, posting }: LegModel): void {
  const { frozen, freeze, name } = account;
  if (frozen < 0 || state[frozen] === 0) return;
  const nets = posting.lines.map(({ currency }) => netOf(posting.lines, currency));
  if (freeze !== "credits" && nets.some((net) => net < 0)) blame(`${name} is frozen and debited`);
  if (freeze !== "debits" && nets.some((net) => net > 0)) blame(`${name} is frozen and credited`);
}

/** What only moves between the buckets of a wallet is refused for want of money alone. */
function checkMove({ blame }: Model, { posting: { lines } }: LegModel, given: Admission): void {
  if (given.vote !== "no") return;
  const { code } = given.refusal;
  if (code !== "wallet_frozen" && code !== "balance_limit_exceeded") return;
  if (lines.every(({ currency }) => netOf(lines, currency) === 0)) {
    blame(`a move inside of a wallet is refused: ${code}`);
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

/** The vote travels to the attempt that asked for it, if that still runs. BUSY is none. */
function reply(model: Model, state: State, leg: LegModel, given: AccountVote): void {
  if (given.vote === "fault") model.blame(`the hold of ${leg.name}: ${given.detail}`);
  if (given.vote === "busy" || given.vote === "fault") return;
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
  if (learned === Ask.commit) post(model, state, leg);
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
