// What must hold in every state, and when a state counts as settled. Promises about single steps
// (votes, refusals, entries, reads, integrity faults) are checked where the step is made.
import { amountMax } from "../../src/domain/limits.ts";
import { signed } from "../../src/domain/ledger/money.ts";
import { undecidedOf } from "../../src/domain/ledger/position.ts";
import { capacityOf } from "../../src/domain/admission/claim.ts";
import { claimedOf, isTaken } from "./claim-model.ts";
import { brokenByBatch } from "./batch-model.ts";
import { isAwaitingEnd, isEnded, isExpiring } from "./expiration-model.ts";
import type { State } from "./layout.ts";
import { amountsOf } from "./money-model.ts";
import { heldLegs } from "./standing-model.ts";
import { wasNegative } from "./time-model.ts";
import {
  isCommitted,
  isRejected,
  LegIs,
  Row,
  type AccountModel,
  type LegModel,
  type TransactionModel,
  type World,
} from "./world.ts";

/** The first promise that `state` breaks. */
export function brokenPromise(world: World, state: State): string | undefined {
  for (const transaction of world.transactions) {
    const broken = brokenByTransaction(state, transaction);
    if (broken) return broken;
  }
  for (const rivals of world.rivals) {
    const committed = rivals.filter((one) => isCommitted(state, one));
    if (committed.length > 1) {
      return `${committed.map(({ name }) => name).join(" and ")} use up the same`;
    }
  }
  const brokenBatch = world.batch && brokenByBatch(state, world.batch);
  if (brokenBatch) return brokenBatch;
  for (const account of world.accounts) {
    const broken = account.isWallet ? brokenByWallet(world, state, account) : undefined;
    if (broken) return broken;
  }
  for (const leg of world.legs) {
    const broken = brokenByClaims(state, leg);
    if (broken) return broken;
  }
  return brokenBySums(world, state);
}

function brokenByTransaction(state: State, transaction: TransactionModel): string | undefined {
  const { legs, name, origin } = transaction;
  const row = state[transaction.row]!;
  const committed = isCommitted(state, transaction);
  if (committed && origin && state[transaction.decidedAt]! < state[origin.decidedAt]!) {
    return `${name} is dated before its origin`;
  }
  if (committed && isExpiring(transaction)) {
    const { waits, ending } = transaction.expiration;
    const isRecorded = state[ending.row] !== Row.absent && !isRejected(state, ending);
    const isToEnd = state[waits] === 1 || isRecorded;
    if (!isToEnd && !isEnded(state, transaction)) return `nothing will end ${name}`;
  }
  for (const leg of legs) {
    const isAt = state[leg.state]!;
    if (state[leg.entries] !== (isAt === LegIs.posted ? leg.piles.length : 0)) {
      return `${leg.name} does not have exactly one entry for each line`;
    }
    if (isAt === LegIs.posted && leg.origin && state[leg.origin.state] !== LegIs.posted) {
      return `${leg.name} stands before its origin`;
    }
    if (committed && isAt !== LegIs.held && isAt !== LegIs.posted) {
      return `half a transaction: ${name} is committed and cannot be posted in ${leg.account.name}`;
    }
    if (!committed && isAt === LegIs.posted) {
      return `half a transaction: ${name} is posted in ${leg.account.name} and not committed`;
    }
    if (row === Row.committedSettled && isAt !== LegIs.posted) {
      return `${name} was answered before it was posted in ${leg.account.name}`;
    }
    const isLeft = row === Row.rejectedSettled && isAt === LegIs.held;
    if (isLeft && !(leg.unwritten >= 0 && state[leg.unwritten] === 1)) {
      return `${name} was rejected and settled, and ${leg.account.name} still holds it`;
    }
  }
  return undefined;
}

function brokenByWallet(
  { clocks }: World,
  state: State,
  account: AccountModel,
): string | undefined {
  const { name, piles } = account;
  const amounts = amountsOf(state, account);
  const held = heldLegs(state, account).map(({ posting }) => posting);
  if (isMisreserved(state, account, amounts)) {
    return `what is reserved in ${name} is not that of the open authorizations`;
  }
  for (const { currency } of piles) {
    let balance = 0;
    let available = 0;
    piles.forEach((pile, place) => {
      if (pile.currency !== currency) return;
      balance += amounts[place]!;
      if (pile.bucket === "available") available += amounts[place]!;
    });
    const { debits, incoming } = undecidedOf(held, currency);
    if (available - debits < 0) return `less than nothing is available in ${name}`;
    if (balance < available) return `less than nothing is reserved in ${name}`;
    if (amountMax - balance < incoming) return `${name} has no room for what it holds`;
  }
  if (!clocks || clocks.oneIsWrong || !wasNegative(clocks, account, state)) return undefined;
  return `at some moment of the past, ${name} had less than nothing`;
}

/** What authorizations have reserved and no end has taken, against the amounts of `reserved`. */
function isMisreserved(
  state: State,
  { piles, legs }: AccountModel,
  amounts: readonly number[],
): boolean {
  let reserved = 0;
  for (const leg of legs) {
    const { posting, transaction } = leg;
    if (posting.type !== "authorization" || state[leg.state] !== LegIs.posted) continue;
    if (!isEnded(state, transaction)) reserved += posting.lines[0]!.amount;
  }
  let found = 0;
  piles.forEach(({ bucket }, place) => {
    if (bucket === "reserved") found += amounts[place]!;
  });
  return found !== reserved;
}

/** A claim belongs to a leg that is held or posted, and those of a key do not exceed what the
 *  origin has brought. */
function brokenByClaims(state: State, leg: LegModel): string | undefined {
  for (const claim of leg.claims) {
    if ((state[claim.written] === 1) !== isTaken(state, leg)) {
      return `the claim of ${leg.transaction.name} is not its leg's`;
    }
    const capacity = capacityOf(claim.key, leg.origin?.posting);
    if (BigInt(claimedOf(state, leg, claim)) > capacity) {
      return `more is claimed in ${leg.account.name} than there is`;
    }
  }
  return undefined;
}

function brokenBySums(world: World, state: State): string | undefined {
  for (const currency of world.currencies) {
    if (sumOfAll(world, state, currency, Infinity) !== 0) return "money was created or destroyed";
    for (let until = 0; until <= (world.clocks?.latest ?? -1); until++) {
      if (sumOfAll(world, state, currency, until) === 0) continue;
      return "at some moment of the past, all accounts together do not come to zero";
    }
  }
  return undefined;
}

/** Entries of all accounts, and the legs that are committed and not yet posted; what was decided
 *  until a time. */
function sumOfAll(world: World, state: State, currency: string, until: number): number {
  let sum = 0;
  for (const { transaction, posting, entries, dated, state: leg } of world.legs) {
    const isOwed = state[transaction.row] === Row.committed && state[leg] === LegIs.held;
    const posted = state[dated]! > until ? 0 : state[entries]!;
    const owed = isOwed && !(state[transaction.decidedAt]! > until) ? posting.lines.length : 0;
    for (let entry = 0; entry < posted + owed; entry++) {
      const line = posting.lines[entry % posting.lines.length]!;
      if (line.currency === currency) sum += signed(line.direction, line.amount);
    }
  }
  return sum;
}

/** Nothing is left to do: every known transaction is answered, no leg is held, and what should have
 *  expired has ended. */
export function isSettled(world: World, state: State): boolean {
  return world.transactions.every((transaction) => {
    const isAt = state[transaction.row];
    const isDone = isAt === Row.absent || isAt! >= Row.committedSettled;
    if (!isDone || isAwaitingEnd(world, state, transaction)) return false;
    return transaction.legs.every((leg) => state[leg.state] !== LegIs.held);
  });
}
