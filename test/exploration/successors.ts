// All that can happen next in a state: the steps of logs, accounts and readers, and what befalls
// them. Requests are a set that only grows: one that was sent may arrive never, late, and any
// number of times, in any order; which ones were sent follows from the rows. A reply lives as long
// as the attempt that waits for it, and an attempt may use any of its replies or none.
import { isAsking, post, receiveHold, release, resumeHold } from "./account-model.ts";
import type { State } from "./layout.ts";
import { callOf } from "./attempt-model.ts";
import { runExpiration } from "./expiration-model.ts";
import { runBatch } from "./batch-model.ts";
import { answerAsks, befallLog, runLog } from "./log-model.ts";
import type { Emit, Model } from "./model.ts";
import { forgetRead, readerSteps } from "./reader-model.ts";
import { Ask, LegIs, Row, type AccountModel, type ClocksModel, type LegModel } from "./world.ts";

/** Calls `emit` for each step that is possible in `state`, which is left as it is. */
export function successors(model: Model, state: State, emit: Emit): void {
  const { world } = model;
  for (const transaction of world.transactions) {
    runLog(model, state, transaction, emit);
    runExpiration(model, state, transaction, emit);
  }
  if (world.batch) runBatch(model, state, world.batch, emit);
  for (const log of world.logs) befallLog(model, state, log, emit);
  for (const leg of world.legs) deliver(model, state, leg, emit);
  for (const account of world.accounts) befall(model, state, account, emit);
  for (const reader of world.readers) readerSteps(model, state, reader, emit);
  if (world.clocks) runClocks(world.clocks, state, emit);
}

/** Time passes, or a clock that was ahead is put right, or one that was right jumps ahead. */
function runClocks({ now, last, all }: ClocksModel, state: State, emit: Emit): void {
  if (state[now] !== last) {
    const next = state.slice();
    next[now] = state[now]! + 1;
    emit("time passes", next, "mishap");
  }
  for (const [name, { isRight, jumps }] of all) {
    if (isRight < 0 || state[isRight] === 1) continue;
    const next = state.slice();
    next[isRight] = 1;
    emit(`the clock of ${name} ${jumps ? "jumps ahead" : "is put right"}`, next, "mishap");
  }
}

/** The requests that may reach the account of a leg, and the waiting handler of its hold. */
function deliver(model: Model, state: State, leg: LegModel, emit: Emit): void {
  const { transaction, account } = leg;
  const row = state[transaction.row]!;
  if (state[leg.after?.asked ?? transaction.sent] === 1) receiveHold(model, state, leg, emit);
  const called = callOf(model, state, transaction);
  if (called === "post" || called === "release") {
    const next = state.slice();
    const acknowledged =
      called === "post"
        ? post(model, next, leg, model.rules.postsTellTime)
        : release(model, next, leg);
    if (acknowledged && row < Row.committedSettled) {
      next[leg.acknowledged] = next[transaction.driven]!;
    }
    emit(`${account.name} receives the ${called} of ${transaction.name}`, next);
  }
  if (!isAsking(state, leg)) return;
  const asks = leg.asks.map(({ other, answer }) => ({ about: other.transaction, answer }));
  const asker = `${account.name} for the hold of ${transaction.name}`;
  for (const log of model.world.logs) answerAsks(model, state, { log, asks, asker }, emit);
  resumeHold(model, state, leg, emit);
}

/** What happens to an account from outside: a crash, its opening, a freeze. */
function befall(model: Model, state: State, account: AccountModel, emit: Emit): void {
  const { readers, accounts, configuration } = model.world;
  const place = accounts.indexOf(account) + 1;
  const reading = readers.filter(({ wallet }) => state[wallet] === place);
  const isBusy = reading.length > 0 || account.legs.some((leg) => isAsking(state, leg));
  if (isBusy && !configuration.isCalm) {
    const next = state.slice();
    for (const reader of reading) forgetRead(reader, next);
    for (const leg of account.legs) for (const { answer } of leg.asks) next[answer] = Ask.nothing;
    emit(`${account.name} crashes`, next, "mishap");
  }
  for (const [field, what] of [
    [account.opened, "is opened"],
    [account.frozen, "is frozen"],
  ] as const) {
    if (field < 0 || state[field] === 1) continue;
    const next = state.slice();
    next[field] = 1;
    emit(`${account.name} ${what}`, next, "mishap");
  }
  if (model.rules.holdsForEver) return;
  for (const leg of account.legs) {
    if (state[leg.state] !== LegIs.held || state[leg.transaction.overdue] === 0) continue;
    const next = state.slice();
    release(model, next, leg);
    emit(`${account.name} gives up its hold of ${leg.transaction.name}`, next);
  }
}
