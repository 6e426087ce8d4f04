// A reader: WalletAccount.#readClean, step by step, one wallet after the other, without end.
// A clean answer has to show exactly what had been committed at one moment between its begin and
// its end. Whatever was answered to a client, and whatever an earlier read showed, had been
// committed before: so clean reads never miss an acknowledged transaction and are monotone across
// wallets.
import { resolve } from "./account-model.ts";
import type { State } from "./layout.ts";
import { answerAsks } from "./log-model.ts";
import type { Emit, Model } from "./model.ts";
import { firstMoment, noteMoment, postedIn, rejectedIn, wasMoment } from "./moments.ts";
import { heldLegs, isOpen } from "./standing-model.ts";
import { Ask, type AccountModel, type ReaderModel } from "./world.ts";

const readPassesDefault = 2;

export function forgetRead(reader: ReaderModel, next: State): void {
  next[reader.wallet] = 0;
  next[reader.pass] = 0;
  next[reader.askFailed] = 0;
  next[reader.moments] = 0;
  next[reader.rejectedBefore] = 0;
  forgetCapture(reader, next);
}

function forgetCapture(reader: ReaderModel, next: State): void {
  for (const ask of reader.asks) next[ask] = Ask.nothing;
  next[reader.shown] = 0;
}

export function readerSteps(model: Model, state: State, reader: ReaderModel, emit: Emit): void {
  const { accounts, transactions, logs } = model.world;
  const reading = state[reader.wallet]!;
  if (reading === 0) {
    accounts.forEach((account, index) => {
      if (account.isWallet && isOpen(state, account)) begin(model, reader, state, index, emit);
    });
    return;
  }
  const account = accounts[reading - 1]!;
  const asks = transactions.map((about, index) => ({ about, answer: reader.asks[index]! }));
  const asker = nameOf(reader, account);
  for (const log of logs) answerAsks(model, state, { log, asks, asker }, emit);
  if (asks.every(({ answer }) => state[answer] !== Ask.sent))
    endPass(model, reader, state, account, emit);
}

function nameOf({ name }: ReaderModel, account: AccountModel): string {
  return `the read of ${account.name} by ${name}`;
}

function begin(model: Model, reader: ReaderModel, state: State, index: number, emit: Emit): void {
  const account = model.world.accounts[index]!;
  const next = state.slice();
  next[reader.wallet] = index + 1;
  next[reader.pass] = 1;
  next[reader.rejectedBefore] = rejectedIn(state, account);
  noteMoment(model.world, next);
  capture(model, reader, next, account);
  emit(`${nameOf(reader, account)} begins`, next);
}

/** Entries and holds of one moment. Without holds, that is the answer. */
function capture(model: Model, reader: ReaderModel, next: State, account: AccountModel): void {
  const entries = postedIn(next, account);
  const held = heldLegs(next, account);
  if (held.length === 0 || !model.rules.readAsks) {
    answerClean(model, reader, next, { entries, held: 0 });
    return;
  }
  next[reader.shown] = entries;
  for (const leg of held) next[reader.asks[leg.transaction.number]!] = Ask.sent;
}

/** All asks of a pass came back. */
function endPass(
  model: Model,
  reader: ReaderModel,
  state: State,
  account: AccountModel,
  emit: Emit,
): void {
  const { rules, world } = model;
  const label = nameOf(reader, account);
  const next = state.slice();
  let held = 0;
  let learnedCommit = false;
  for (const leg of account.legs) {
    const bit = 1 << leg.transaction.number;
    const learned = state[reader.asks[leg.transaction.number]!]!;
    resolve(model, next, leg, learned);
    if (learned === Ask.commit) learnedCommit = true;
    if (learned === Ask.failed) next[reader.askFailed] = 1;
    if (learned !== Ask.nothing && !(learned === Ask.reject && rules.readDropsRejected))
      held |= bit;
  }
  const failed = account.legs.some(
    ({ transaction }) => state[reader.asks[transaction.number]!] === Ask.failed,
  );
  if (!(learnedCommit && rules.readRepeats) && !(failed && rules.readNeedsAnswers)) {
    const captured = state[reader.shown]!;
    const entries = rules.readAnswersCapture ? captured : postedIn(next, account);
    answerClean(model, reader, next, { entries, held });
    emit(`${label} is answered`, next);
    return;
  }
  forgetCapture(reader, next);
  if (state[reader.pass]! < (world.configuration.readPasses ?? readPassesDefault)) {
    const again = next.slice();
    again[reader.pass] = state[reader.pass]! + 1;
    capture(model, reader, again, account);
    emit(`${label} captures again`, again);
  }
  giveUp(model, reader, next, account);
  emit(`${label} gives up after its last posting`, next);
}

/** The passes, or the time, are used up: the state as it is, with the number of open legs. */
function giveUp(model: Model, reader: ReaderModel, next: State, account: AccountModel): void {
  const entries = postedIn(next, account);
  if (heldLegs(next, account).length === 0) {
    answerClean(model, reader, next, { entries, held: 0 });
    return;
  }
  if (firstMoment(next[reader.moments]!) & ~entries && next[reader.askFailed] === 0) {
    model.blame("an answer with inFlight misses what was committed before the read began");
  }
  forgetRead(reader, next);
}

function answerClean(
  { blame }: Model,
  reader: ReaderModel,
  next: State,
  answer: { readonly entries: number; readonly held: number },
): void {
  const moments = next[reader.moments]!;
  if (firstMoment(moments) & ~answer.entries) {
    blame("a clean read misses what was committed before it began");
  } else if (!wasMoment(moments, answer.entries)) {
    blame("a clean read is not the state of any one moment");
  } else if (answer.held & next[reader.rejectedBefore]!) {
    blame("a clean read shows a hold that was rejected before it began");
  }
  forgetRead(reader, next);
}
