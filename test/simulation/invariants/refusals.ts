// Invariants of refusals: a NO is true, and what fits is not refused. The first looks at the account
// in the moment of its NO; the second at the decisions alone, as if accounts had no tables.
import { paymentName, paymentOf } from "../../operations/all.ts";
import { amountMax } from "../../../src/domain/limits.ts";
import { operationOf, type TransactionRequest } from "../../../src/domain/operations/all.ts";
import type { AccountLine } from "../../../src/domain/ledger/line.ts";
import type { BusyReason } from "../../../src/domain/protocol/vote.ts";
import { referenceOf, type Books, type HeldLeg, type Recorded } from "../books.ts";
import { currenciesOf, netIn, signedAmount } from "../sums.ts";
import { outcomeOf } from "../history.ts";
import type { HeldThen, Refused } from "../refusals.ts";
import type { Finding, Invariant, World } from "./invariant.ts";
import { isStopped } from "./ledger.ts";
import { creditsOf } from "./legs.ts";

/** What an account had to know of a leg that it held: decided before it was asked, or not. */
function decisionOn({ leg, since }: HeldThen, askedAt: number, books: Books): Recorded["state"] {
  const transaction = books.transaction(leg.transactionId);
  const known = since < askedAt && (transaction?.decidedAt ?? Infinity) < askedAt;
  return known ? (transaction?.state ?? "preparing") : "preparing";
}

function inPile({ lines }: HeldLeg, currency: string, direction: "debit" | "credit"): bigint {
  const own = lines.filter(
    (line) =>
      line.currency === currency && line.bucket === "available" && line.direction === direction,
  );
  return own.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}

/** What could be spent: debits that may still happen are spent, credits are there once committed. */
function spendable({ piles, held, askedAt }: Refused, currency: string, books: Books): bigint {
  return held.reduce(
    (sum, one) => {
      const state = decisionOn(one, askedAt, books);
      const spent = state === "rejected" ? 0n : inPile(one.leg, currency, "debit");
      return sum - spent + (state === "committed" ? inPile(one.leg, currency, "credit") : 0n);
    },
    piles.get(`available ${currency}`) ?? 0n,
  );
}

/** How high the balance could get: what may still arrive is there, what may still leave is too. */
function highest({ piles, held, askedAt }: Refused, currency: string, books: Books): bigint {
  const inBucket = (bucket: string) => piles.get(`${bucket} ${currency}`) ?? 0n;
  return held.reduce(
    (sum, one) => {
      const state = decisionOn(one, askedAt, books);
      const net = netIn(one.leg.lines, currency);
      const counts = net > 0n ? state !== "rejected" : state === "committed";
      return counts ? sum + net : sum;
    },
    inBucket("available") + inBucket("reserved"),
  );
}

function isPostedClaim(refused: Refused, books: Books): boolean {
  const { refusal, leg, book } = refused;
  const request = books.transaction(leg.transactionId)?.request;
  const payment = paymentName(request && paymentOf(request));
  const [kind] = payment?.split(" ") ?? [];
  if (refusal.code !== `duplicate_${kind}_reference`) return false;
  const first = book.entries.filter(({ transactionId }) => transactionId === refusal.transactionId);
  return first.some((entry) => paymentName(entry) === payment);
}

/** What ends an authorization as the code says. */
const endings: Readonly<Record<string, string>> = {
  authorization_captured: "capture",
  authorization_cancelled: "cancellation",
  authorization_expired: "expiry",
};

function isEnded({ refusal, leg, book }: Refused): boolean {
  return book.entries.some(
    ({ transactionId, type, origin }) =>
      transactionId === refusal.transactionId &&
      type === endings[refusal.code] &&
      origin === leg.origin,
  );
}

function isVoidOrigin({ refusal, leg, book }: Refused): boolean {
  const { transactionId } = refusal;
  const isPosted = book.entries.some((entry) => entry.transactionId === transactionId);
  return transactionId === leg.origin && !isPosted;
}

/** Why none of the leg's currencies is short of money. */
function fundsFor(refused: Refused, books: Books): string | undefined {
  const { leg } = refused;
  const free = [...currenciesOf(leg.lines)].map((currency) => ({
    sum: spendable(refused, currency, books),
    asked: inPile(leg, currency, "debit"),
    currency,
  }));
  if (free.some(({ sum, asked }) => asked > sum)) return undefined;
  return free.map(({ sum, currency }) => `${sum} ${currency} could be spent`).join(", ");
}

function roomFor(refused: Refused, books: Books): string | undefined {
  const tops = [...currenciesOf(refused.leg.lines)].flatMap((currency) => {
    const net = netIn(refused.leg.lines, currency);
    return net > 0n ? [{ currency, top: highest(refused, currency, books) + net }] : [];
  });
  if (tops.some(({ top }) => top > BigInt(amountMax))) return undefined;
  return tops.map(({ top, currency }) => `it would be ${top} ${currency} at most`).join(", ");
}

/** What the posted reversals of the same transaction took out of the account, each by its id. */
function reversalsIn({ book, leg }: Refused): ReadonlyMap<string, bigint> {
  const taken = new Map<string, bigint>();
  const credit = book.entries.find(
    ({ transactionId, direction }) => transactionId === leg.origin && direction === "credit",
  );
  for (const { origin, direction, currency, amount, transactionId } of book.entries) {
    if (origin !== leg.origin || direction !== "debit" || currency !== credit?.currency) continue;
    taken.set(transactionId, (taken.get(transactionId) ?? 0n) + BigInt(amount));
  }
  return taken;
}

/** Why the leg would not take more than its original has put into the account. */
function reversibleIn(refused: Refused): string | undefined {
  const { book, leg } = refused;
  const given = creditsOf(book, leg.origin ?? "");
  const taken = [...reversalsIn(refused).values()].reduce((sum, one) => sum + one, 0n);
  const debits = leg.lines.filter(({ direction }) => direction === "debit");
  const own = debits.filter(({ currency }) => currency === debits[0]?.currency);
  const asked = own.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  return taken + asked > given ? undefined : `${taken} of ${given} were reversed`;
}

function objectionTo(refused: Refused, books: Books): string | undefined {
  const { leg, refusal, freeze } = refused;
  switch (refusal.code) {
    case "insufficient_funds":
      return fundsFor(refused, books);
    case "balance_limit_exceeded":
      return roomFor(refused, books);
    case "wallet_frozen":
      return isStopped(freeze, leg) ? undefined : "nothing was frozen";
    case "duplicate_payment_reference":
    case "duplicate_payout_reference":
      return isPostedClaim(refused, books) ? undefined : "no such payment is posted";
    case "authorization_rejected":
    case "original_rejected":
      return isVoidOrigin(refused) ? undefined : "its origin is not void";
    case "authorization_captured":
    case "authorization_cancelled":
    case "authorization_expired":
      return isEnded(refused) ? undefined : "no such end is posted";
    case "reversal_exceeds_original":
      return reversibleIn(refused);
    case "too_many_reversals":
      return reversalsIn(refused).size >= 256 ? undefined : "there are fewer";
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
    const about = `${book.address.id} refuses ${JSON.stringify(leg.lines)}`;
    yield { what: `${about}, ${refusal.code}: ${objection}`, subject: leg.transactionId };
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

/** The lines that were refused, of the direction that the code is about: in one account, as far as
 *  the refusal names one. */
function refusedLines({ refusal, lines }: Recorded): readonly AccountLine[] {
  const own = lines.filter(({ account }) => account === refusal?.account);
  if (refusal?.code === "insufficient_funds") {
    return own.filter(({ direction }) => direction === "debit");
  }
  if (refusal?.code !== "balance_limit_exceeded") return [];
  return own.filter(({ direction }) => direction === "credit");
}

/** What the account of `line` is worth if all goes against `refused` that was undecided meanwhile:
 *  lines against it count if they may have been there, lines in its favour if they surely were. */
function worstCase(books: Books, refused: Recorded, line: AccountLine): bigint {
  const { id, tenant, recordedAt, decidedAt = Infinity } = refused;
  let sum = 0n;
  for (const other of books.transactions()) {
    if (other.id === id || other.tenant !== tenant) continue;
    const gone = other.state === "rejected" && (other.closedAt ?? Infinity) < recordedAt;
    const there = other.state === "committed" && (other.decidedAt ?? Infinity) < recordedAt;
    for (const its of other.lines) {
      if (its.account !== line.account || its.currency !== line.currency) continue;
      // What is reserved cannot be spent.
      if (line.direction === "debit" && its.bucket !== line.bucket) continue;
      const against = its.direction === line.direction;
      const counts = against ? other.recordedAt <= decidedAt && !gone : there;
      if (counts) sum += signedAmount(its);
    }
  }
  return sum;
}

/** What the account would have had in the worst case, in each currency that was asked for. */
function worthAfter(books: Books, refused: Recorded): readonly bigint[] {
  const byCurrency = Map.groupBy(refusedLines(refused), ({ currency }) => currency);
  return [...byCurrency.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const asked = [first, ...others].reduce((sum, line) => sum + signedAmount(line), 0n);
    return [worstCase(books, refused, first) + asked];
  });
}

function* findRefusedThoughFitting({ books }: World): Iterable<Finding> {
  for (const transaction of books.transactions()) {
    if (transaction.state !== "rejected") continue;
    const worth = worthAfter(books, transaction);
    const fits = worth.every((after) => after >= 0n && after <= BigInt(amountMax));
    if (worth.length === 0 || !fits) continue;
    const { code, account } = transaction.refusal ?? {};
    const what = `${code}, though ${account} would have had ${worth.join(", ")}`;
    yield { what: `${what} in the worst case`, subject: transaction.id };
  }
}

/** What had to wait for room at an account with as many open legs as it may have, the fundings
 *  that waited for the claim of such a one, and what waited for such a one as its origin. */
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
  const waited = new Set([...room, ...claims]);
  const acts = toldBusy("origin_undecided").filter((id) => waited.has(originOf(id, books) ?? ""));
  return new Set([...waited, ...acts]);
}

function originOf(id: string, books: Books): string | undefined {
  const request = books.transaction(id)?.request;
  return request && operationOf(request).movementOf(request).origin?.transactionId;
}

/** What it ends or reverses may have no leg there: under its key another request was recorded, which
 *  the edge would have seen. */
function waitsInVain(request: TransactionRequest, books: Books): boolean {
  const { origin } = operationOf(request).movementOf(request);
  const found = books.transaction(origin?.transactionId ?? "");
  const accounts = new Set(found?.lines.map(({ account }) => account));
  return origin?.accounts.some((account) => !accounts.has(account)) ?? false;
}

function* findHeldUp(world: World): Iterable<Finding> {
  const { calm, books, newAnswers } = world;
  if (!calm) return;
  const waited = waitedForRoom(world);
  for (const { id, refusal, request } of books.transactions()) {
    if (refusal?.code !== "transaction_expired" || waited.has(id)) continue;
    if (waitsInVain(request, books)) continue;
    yield { what: "expired, and nothing went wrong", subject: id };
  }
  for (const { submission, result } of newAnswers) {
    const outcome = outcomeOf(result);
    if ((outcome !== "pending" && outcome !== "overloaded") || waited.has(submission.id)) continue;
    if (waitsInVain(submission.request, books)) continue;
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
