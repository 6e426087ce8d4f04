// Invariants of refusals: a NO is true, and what fits is not refused. The first looks at the account
// in the moment of its NO; the second at the decisions alone, as if accounts had no tables.
import { paymentOf } from "../../operations/all.ts";
import { amountMax } from "../../../src/domain/limits.ts";
import type { Leg } from "../../../src/domain/operations/operation.ts";
import type { BusyReason } from "../../../src/domain/protocol/vote.ts";
import { referenceOf, signedAmount, type Books, type Recorded } from "../books.ts";
import { outcomeOf } from "../history.ts";
import type { HeldThen, Refused } from "../refusals.ts";
import type { Finding, Invariant, World } from "./invariant.ts";

/** What an account had to know of a leg that it held: decided before it was asked, or not. */
function decisionOn({ leg, since }: HeldThen, askedAt: number, books: Books): Recorded["state"] {
  const transaction = books.transaction(leg.transaction_id);
  const known = since < askedAt && (transaction?.decidedAt ?? Infinity) < askedAt;
  return known ? (transaction?.state ?? "preparing") : "preparing";
}

/** What could be spent: debits that may still happen are spent, credits are there once committed. */
function spendable({ balance, held, askedAt }: Refused, books: Books): bigint {
  return held.reduce((sum, one) => {
    const state = decisionOn(one, askedAt, books);
    const counts = one.leg.direction === "debit" ? state !== "rejected" : state === "committed";
    return counts ? sum + signedAmount(one.leg) : sum;
  }, balance);
}

/** How high the balance could get: the other way round. */
function highest({ balance, held, askedAt }: Refused, books: Books): bigint {
  return held.reduce((sum, one) => {
    const state = decisionOn(one, askedAt, books);
    const counts = one.leg.direction === "credit" ? state !== "rejected" : state === "committed";
    return counts ? sum + signedAmount(one.leg) : sum;
  }, balance);
}

function isPostedClaim(refused: Refused, books: Books): boolean {
  const { refusal, leg, book } = refused;
  const request = books.transaction(leg.transaction_id)?.request;
  const payment = request && paymentOf(request);
  if (refusal.code !== "duplicate_payment_reference" || !payment) return false;
  const query = `SELECT 1 FROM entries
    WHERE transaction_id = ? AND provider = ? AND payment_reference = ?`;
  const { provider, paymentReference } = payment;
  const first = refusal.transactionId ?? null;
  return book.object.disk.query(query, first, provider, paymentReference).length > 0;
}

function objectionTo(refused: Refused, books: Books): string | undefined {
  const { leg, refusal, frozen } = refused;
  const amount = BigInt(leg.amount);
  switch (refusal.code) {
    case "insufficient_funds": {
      const free = spendable(refused, books);
      return amount <= free ? `${free} could be spent` : undefined;
    }
    case "balance_limit_exceeded": {
      const top = highest(refused, books) + amount;
      return top <= BigInt(amountMax) ? `the balance would be ${top} at most` : undefined;
    }
    case "wallet_frozen":
      return frozen && leg.direction === "debit" ? undefined : "nothing was frozen";
    case "duplicate_payment_reference":
      return isPostedClaim(refused, books) ? undefined : "no such payment is posted";
    case "wallet_not_found":
    case "transaction_expired":
      return "no account records such a refusal";
  }
}

function* findUnjustified({ books, newRefusals }: World): Iterable<Finding> {
  for (const refused of newRefusals) {
    const objection = objectionTo(refused, books);
    if (objection === undefined) continue;
    const { leg, refusal, book } = refused;
    const about = `${book.address.id} refuses ${leg.direction} ${leg.amount} ${leg.currency}`;
    yield { what: `${about}, ${refusal.code}: ${objection}`, subject: leg.transaction_id };
  }
}

function* findMisjudgedIds({ books, votes }: World): Iterable<Finding> {
  const accounts = new Map([...books.accounts.values()].map((book) => [book.object.name, book]));
  for (const { transactionId, account, vote, arrivedAt } of votes) {
    if (vote.vote !== "no" || vote.refusal.code !== "wallet_not_found") continue;
    const openedAt = accounts.get(account)?.openedAt ?? Infinity;
    if (openedAt >= arrivedAt) continue;
    const what = `${account} is said not to exist, open since step ${openedAt}`;
    yield { what, subject: transactionId };
  }
}

/** The leg of `transaction` in the account of `leg`, in its currency. */
function sameAccount(transaction: Recorded, leg: Leg): Leg | undefined {
  return transaction.legs.find(
    (one) => one.account === leg.account && one.currency === leg.currency,
  );
}

/** The leg that was refused: of the direction that the code is about, where only one has it. */
function refusedLeg({ refusal, legs }: Recorded): Leg | undefined {
  if (refusal?.code === "insufficient_funds") return legs.find((leg) => leg.direction === "debit");
  if (refusal?.code !== "balance_limit_exceeded") return undefined;
  return legs.find((leg) => leg.direction === "credit");
}

/** What the account of `leg` is worth if all goes against `refused` that was undecided meanwhile:
 *  legs against it count if they may have been there, legs in its favour if they surely were. */
function worstCase(books: Books, refused: Recorded, leg: Leg): bigint {
  const { id, tenant, recordedAt, decidedAt = Infinity } = refused;
  let sum = 0n;
  for (const other of books.transactions()) {
    const its = other.id === id || other.tenant !== tenant ? undefined : sameAccount(other, leg);
    if (!its) continue;
    const against = its.direction === leg.direction;
    const gone = other.state === "rejected" && (other.closedAt ?? Infinity) < recordedAt;
    const there = other.state === "committed" && (other.decidedAt ?? Infinity) < recordedAt;
    const counts = against ? other.recordedAt <= decidedAt && !gone : there;
    if (counts) sum += signedAmount(its);
  }
  return sum;
}

function* findRefusedThoughFitting({ books }: World): Iterable<Finding> {
  for (const transaction of books.transactions()) {
    const leg = refusedLeg(transaction);
    if (transaction.state !== "rejected" || !leg) continue;
    const after = worstCase(books, transaction, leg) + signedAmount(leg);
    if (after < 0n || after > BigInt(amountMax)) continue;
    const what = `${transaction.refusal?.code}, though ${leg.account} would have had ${after}`;
    yield { what: `${what} in the worst case`, subject: transaction.id };
  }
}

/** What had to wait for room at an account with as many open legs as it may have, and the fundings
 *  that waited for the claim of such a one. */
function waitedForRoom({ books, votes }: World): ReadonlySet<string> {
  const toldBusy = (reason: BusyReason) =>
    votes.flatMap(({ transactionId, vote }) =>
      vote.vote === "busy" && vote.reason === reason ? [transactionId] : [],
    );
  const claimOf = (id: string) => {
    const transaction = books.transaction(id);
    return transaction && referenceOf(transaction);
  };
  const room = new Set(toldBusy("open_legs"));
  const payments = new Set([...room].map(claimOf));
  payments.delete(undefined);
  const claims = toldBusy("claim_undecided").filter((id) => payments.has(claimOf(id)));
  return new Set([...room, ...claims]);
}

function* findHeldUp(world: World): Iterable<Finding> {
  const { calm, books, newAnswers } = world;
  if (!calm) return;
  const waited = waitedForRoom(world);
  for (const { id, refusal } of books.transactions()) {
    if (refusal?.code !== "transaction_expired" || waited.has(id)) continue;
    yield { what: "expired, and nothing went wrong", subject: id };
  }
  for (const { submission, result } of newAnswers) {
    const outcome = outcomeOf(result);
    if ((outcome !== "pending" && outcome !== "overloaded") || waited.has(submission.id)) continue;
    yield { what: `answered ${outcome}, and nothing went wrong`, subject: submission.id };
  }
}

export const refusalInvariants: readonly Invariant[] = [
  {
    name: "refusals-are-justified",
    promise:
      "A NO is true of the account in that moment, with all counted that was decided before it was asked.",
    holds: "always",
    find: findUnjustified,
  },
  {
    name: "open-wallets-are-found",
    promise: "No hold that arrives at an open wallet is told that there is none.",
    holds: "at quiescence",
    find: findMisjudgedIds,
  },
  {
    name: "what-fits-is-not-refused",
    promise:
      "Nothing is refused for funds or limit that fits whatever becomes of what was undecided then.",
    holds: "at quiescence",
    find: findRefusedThoughFitting,
  },
  {
    name: "nothing-is-held-up",
    promise:
      "Without faults, and below 256 open legs, nothing expires and every first answer is final.",
    holds: "at quiescence",
    find: findHeldUp,
  },
];
