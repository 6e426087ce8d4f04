// Invariants of votes and decisions: an account does not change its mind, and a log decides nothing
// that the accounts did not say.
import { paymentName, paymentOf } from "../../operations/all.ts";
import type { Vote } from "../../../src/domain/protocol/vote.ts";
import { callMaxMs, clockDriftMaxMs, preparingMaxMs } from "../../../src/domain/limits.ts";
import { legsIn, type Recorded } from "../books.ts";
import type { Finding, Invariant, World } from "./invariant.ts";

/** What may follow what. A NO of a wallet that was not open left no trace and binds nothing; a YES
 *  binds until the release, which is answered as a void leg of an expired transaction. */
function mayFollow(earlier: Vote, later: Vote): boolean {
  if (earlier.vote === "yes") {
    return later.vote === "yes" || isNo(later, "transaction_expired");
  }
  if (isNo(earlier, "wallet_not_found")) return true;
  return JSON.stringify(earlier) === JSON.stringify(later);
}

function isNo(vote: Vote, code: string): boolean {
  return vote.vote === "no" && vote.refusal.code === code;
}

function* findChangedVotes({ votes }: World): Iterable<Finding> {
  const last = new Map<string, Vote>();
  for (const { transactionId, account, vote } of votes) {
    if (vote.vote === "busy") continue;
    const key = `${transactionId} ${account}`;
    const earlier = last.get(key);
    last.set(key, vote);
    if (earlier && !mayFollow(earlier, vote)) {
      const what = `${account}: ${JSON.stringify(earlier)}, later ${JSON.stringify(vote)}`;
      yield { what, subject: transactionId };
    }
  }
}

function rejectedOf({ changed }: World): readonly Recorded[] {
  const all = changed.logs.flatMap((log) => log.changed);
  return all.filter((transaction) => transaction.state === "rejected");
}

/** How far ahead a deadline can be while the clock is right. Beyond, it was put back. */
const aheadMaxMs = preparingMaxMs + clockDriftMaxMs;

function* findUnvotedRefusals(world: World): Iterable<Finding> {
  for (const { id, refusal, decidedTime = 0, deadline } of rejectedOf(world)) {
    const hasExpired = decidedTime >= deadline || deadline > decidedTime + aheadMaxMs;
    if (refusal?.code === "transaction_expired" && hasExpired) continue;
    const said = JSON.stringify({ vote: "no", refusal });
    const voted = world.votes.some(
      ({ transactionId, vote }) => transactionId === id && JSON.stringify(vote) === said,
    );
    if (!voted) yield { what: `rejected with ${JSON.stringify(refusal)}`, subject: id };
  }
}

function* findUnvotedCommits({ books, votes }: World): Iterable<Finding> {
  const yes = new Set<string>();
  for (const { transactionId, account, vote } of votes) {
    if (vote.vote === "yes") yes.add(`${transactionId} ${account}`);
  }
  for (const transaction of books.transactions()) {
    if (transaction.state !== "committed") continue;
    for (const account of legsIn(transaction).keys()) {
      const name = books.bookOf(transaction, account)?.object.name;
      if (yes.has(`${transaction.id} ${name}`)) continue;
      yield { what: `committed without a YES of ${account}`, subject: transaction.id };
    }
  }
}

function* findLateCommits({ changed, clocksJumped }: World): Iterable<Finding> {
  if (clocksJumped) return;
  for (const { id, state, decidedTime = 0, deadline } of changed.logs.flatMap(
    (one) => one.changed,
  )) {
    if (state === "committed" && decidedTime > deadline + callMaxMs) {
      yield { what: `committed ${decidedTime - deadline} ms after the deadline`, subject: id };
    }
  }
}

function* findWrongDuplicates(world: World): Iterable<Finding> {
  for (const { id, refusal, request } of rejectedOf(world)) {
    if (!refusal || !/^duplicate_pay(?:ment|out)_reference$/.test(refusal.code)) continue;
    const payment = paymentName(paymentOf(request));
    const first = world.books.transaction(refusal.transactionId ?? "");
    const same =
      first?.state === "committed" &&
      payment !== undefined &&
      paymentName(paymentOf(first.request)) === payment;
    if (!same) yield { what: `a duplicate of ${refusal.transactionId}`, subject: id };
  }
}

export const decisionInvariants: readonly Invariant[] = [
  {
    name: "votes-never-change",
    promise: "An account that is asked again for the same leg votes the same again.",
    holds: "at quiescence",
    find: findChangedVotes,
  },
  {
    name: "commits-are-voted",
    promise: "A transaction is committed only after every account voted YES.",
    holds: "at quiescence",
    find: findUnvotedCommits,
  },
  {
    name: "refusals-are-voted",
    promise:
      "A recorded refusal was some account's NO, or the deadline's: never a failed call or BUSY.",
    holds: "always",
    find: findUnvotedRefusals,
  },
  {
    name: "no-late-commit",
    promise: "No transaction is committed on votes that were asked for after its deadline.",
    holds: "always",
    find: findLateCommits,
  },
  {
    name: "duplicates-name-a-commit",
    promise: "A refused duplicate names a committed transaction with the same reference.",
    holds: "always",
    find: findWrongDuplicates,
  },
];
