// Invariants of what clients are told: answers that never change, and reads that fit one order of
// all transactions, that of their decisions.
import { addressOf } from "../../../src/domain/protocol/transaction.ts";
import type { Refused } from "../../../src/durable-objects/transfer-log/contract.ts";
import type { HistoryEntry } from "../../../src/durable-objects/wallet/contract.ts";
import { walletAddress } from "../../../src/domain/ids.ts";
import type { Bucket } from "../../../src/domain/ledger/line.ts";
import { legsIn, type AccountBook, type Books } from "../books.ts";
import { pileOf } from "../sums.ts";
import { bodyOf, shownBy, type Reading, type Shown } from "../history.ts";
import type { Finding, Invariant, World } from "./invariant.ts";

function* findEarlyAcknowledgements({ books, newAnswers }: World): Iterable<Finding> {
  for (const { submission, result } of newAnswers) {
    if (result.outcome !== "settled" || result.transaction.state !== "committed") continue;
    for (const account of legsIn(result.transaction).keys()) {
      const book = books.account(submission.tenant, addressOf(submission, account));
      if (!book?.postedAs.has(submission.id)) {
        yield { what: `acknowledged before ${account} posted it`, subject: submission.id };
      }
    }
  }
}

interface Keyed {
  readonly id: string;
  readonly fingerprint: string;
}

/** A key is used for one transaction or for one batch. */
function isWronglyRefused({ id, fingerprint }: Keyed, { problem }: Refused, books: Books): boolean {
  if (problem !== "idempotency_key_reused") return false;
  const known = books.transaction(id) ?? books.batch(id);
  return !known || known.fingerprint === fingerprint;
}

/** Their items are looked at with all other transactions. */
function* findWrongAnswersToBatches(
  answers: World["history"]["batches"],
  books: Books,
): Iterable<Finding> {
  for (const { batch, result } of answers) {
    const subject = batch.id;
    if (result.outcome === "refused") {
      if (isWronglyRefused(batch, result, books)) {
        yield { what: "a batch refused as reused, and it was not", subject };
      }
      continue;
    }
    if (books.batch(subject)?.fingerprint !== batch.fingerprint) {
      yield { what: "answered as a batch that was not recorded", subject };
    }
    const shown = result.items.map(({ transaction }) => transaction.id);
    if (shown.join() !== batch.items.map(({ id }) => id).join()) {
      yield { what: "a batch answered with other items", subject };
    }
  }
}

function* findChangedAnswers({ history, books }: World): Iterable<Finding> {
  const told = new Map<string, { readonly fingerprint: string; readonly body: string }>();
  for (const answered of history.answers) {
    const { id, fingerprint } = answered.submission;
    if (answered.result.outcome === "refused") {
      if (isWronglyRefused(answered.submission, answered.result, books)) {
        yield { what: "refused as reused, and it was not", subject: id };
      }
      continue;
    }
    const recorded = books.transaction(id);
    if (recorded?.fingerprint !== fingerprint) {
      yield { what: "answered as a content that was not recorded", subject: id };
    }
    const body = bodyOf(answered);
    if (body === undefined) continue;
    const first = told.get(id);
    told.set(id, first ?? { fingerprint, body });
    if (first && (first.body !== body || first.fingerprint !== fingerprint)) {
      yield { what: `answered ${first.body} and later ${body}`, subject: id };
    }
  }
  yield* findWrongAnswersToBatches(history.batches, books);
  const opened = new Map<string, string>();
  for (const { walletId, answer } of history.openings) {
    if (answer === "idempotency_key_reused") continue;
    const first = opened.get(walletId) ?? answer;
    opened.set(walletId, first);
    if (first !== answer) yield { what: `opened as ${first} and ${answer}`, subject: walletId };
  }
}

function bookOf(books: Books, read: { tenant: string; walletId: string }): AccountBook | undefined {
  return books.account(read.tenant, walletAddress(read.walletId));
}

/** The transactions of a wallet as steps of their decisions: those shown, and those not shown. */
function decisions(books: Books, shown: Shown): { included: number[]; left: number[] } {
  const included: number[] = [];
  const left: number[] = [];
  for (const entry of bookOf(books, shown)?.entries ?? []) {
    const decidedAt = books.transaction(entry.transactionId)?.decidedAt;
    if (decidedAt === undefined) continue;
    (entry.sequence <= shown.sequence ? included : left).push(decidedAt);
  }
  return { included, left };
}

/** A clean reading fits between two decisions that lie, or could lie, within its interval. */
function* findReadsWithoutPoint({ history, books }: World): Iterable<Finding> {
  for (const shown of history.readings.flatMap((read) => shownBy(read) ?? [])) {
    if (!shown.clean) continue;
    const { included, left } = decisions(books, shown);
    const subject = shown.walletId;
    const lastIncluded = Math.max(-Infinity, ...included);
    const firstLeft = Math.min(Infinity, ...left);
    const where = `at ${shown.sequence} in steps ${shown.beganAt}-${shown.endedAt}`;
    if (firstLeft <= shown.beganAt) {
      yield { what: `${where}: misses what was decided in step ${firstLeft}`, subject };
    } else if (lastIncluded > shown.endedAt) {
      yield { what: `${where}: shows what was decided in step ${lastIncluded}`, subject };
    } else if (lastIncluded >= firstLeft) {
      const what = `${where}: shows step ${lastIncluded} without step ${firstLeft}`;
      yield { what, subject };
    }
  }
}

/** What a client can see for itself: acknowledged before the reading began, and missing from it. */
function* findMissingAcknowledged({ history, books }: World): Iterable<Finding> {
  const acknowledged = history.answers.filter(
    ({ result }) => result.outcome === "settled" && result.transaction.state === "committed",
  );
  for (const shown of history.readings.flatMap((read) => shownBy(read) ?? [])) {
    const book = bookOf(books, shown);
    for (const { submission, endedAt } of acknowledged) {
      if (endedAt > shown.beganAt) continue;
      const entry = book?.postedAs.get(submission.id);
      if (!entry || entry.sequence <= shown.sequence) continue;
      const what = `acknowledged in step ${endedAt}, missing from a read of ${shown.walletId}`;
      yield { what: `${what} begun in step ${shown.beganAt}`, subject: submission.id };
    }
  }
}

/** What two clients can see together: a clean reading shows a transaction, a later one does not. */
function* findContradictions({ history, books }: World): Iterable<Finding> {
  const clean = history.readings.flatMap((read) => shownBy(read) ?? []).filter((one) => one.clean);
  for (const earlier of clean) {
    const entries = bookOf(books, earlier)?.entries.slice(0, earlier.sequence) ?? [];
    for (const later of clean) {
      if (later.beganAt < earlier.endedAt) continue;
      const book = bookOf(books, later);
      for (const { transactionId } of entries) {
        const entry = book?.postedAs.get(transactionId);
        if (!entry || entry.sequence <= later.sequence) continue;
        const what = `shown by ${earlier.walletId} and afterwards not by ${later.walletId}`;
        yield { what, subject: transactionId };
      }
    }
  }
}

function pileAfter(book: AccountBook | undefined, sequence: number, pile: string): number {
  let sum = 0;
  for (const entry of book?.entries.slice(0, sequence) ?? []) {
    if (pileOf(entry) !== pile) continue;
    sum += entry.direction === "credit" ? entry.amount : -entry.amount;
  }
  return sum;
}

function* differencesFromLedger(book: AccountBook | undefined, read: Reading): Iterable<string> {
  if (read.kind === "balance") {
    const { head, positions } = read.reading;
    const hash = book?.entries[head.sequence - 1]?.hash;
    if (head.sequence > 0 && hash !== head.hash) yield `entry ${head.sequence} is gone`;
    for (const { currency, balance, available, reserved, held, incoming } of positions) {
      const inBucket = (bucket: Bucket) =>
        pileAfter(book, head.sequence, pileOf({ bucket, currency }));
      if (balance !== inBucket("available") + reserved) yield `balance in ${currency}`;
      if (reserved !== inBucket("reserved")) yield `reserved in ${currency}`;
      if (available !== balance - held || available < 0) yield `available in ${currency}`;
      if (held < 0 || incoming < 0) yield `held or incoming in ${currency}`;
    }
    return;
  }
  const shown = read.pages.flatMap((page) => page.entries);
  const first = shown[0]?.sequence ?? 0;
  const { currency, direction, type, from = -Infinity, to = Infinity } = read.filter;
  const expected = (book?.entries.slice(0, first) ?? [])
    .filter((entry) => currency === undefined || entry.currency === currency)
    .filter((entry) => direction === undefined || entry.direction === direction)
    .filter((entry) => type === undefined || entry.type === type)
    .filter((entry) => entry.decidedAt >= from && entry.decidedAt < to)
    .toReversed();
  if (read.complete ? shown.length !== expected.length : shown.length > expected.length) {
    yield `${shown.length} entries up to ${first}, not ${expected.length}`;
  }
  for (const [index, entry] of shown.entries()) {
    if (!sameEntry(book, entry, expected[index]?.hash)) yield `entry ${entry.sequence}`;
  }
}

function sameEntry(book: AccountBook | undefined, entry: HistoryEntry, hash?: string): boolean {
  const after = pileAfter(book, entry.sequence, pileOf(entry));
  return entry.hash === hash && entry.balanceAfter === after;
}

function* findWrongReadings({ history, books }: World): Iterable<Finding> {
  for (const read of history.readings) {
    for (const what of differencesFromLedger(bookOf(books, read), read)) {
      yield {
        what: `a read of steps ${read.beganAt}-${read.endedAt}: ${what}`,
        subject: read.walletId,
      };
    }
  }
}

function* findAuditDifferences({ history }: World): Iterable<Finding> {
  for (const { subject, report } of history.audits) {
    if (report.difference) yield { what: JSON.stringify(report), subject };
  }
}

export const clientInvariants: readonly Invariant[] = [
  {
    name: "acknowledged-is-posted",
    promise: "A success is answered only after every account has posted its leg.",
    holds: "always",
    find: findEarlyAcknowledgements,
  },
  {
    name: "one-answer-per-key",
    promise: "All final answers to a key are the same bytes; other content is refused as reused.",
    holds: "at quiescence",
    find: findChangedAnswers,
  },
  {
    name: "acknowledged-is-shown",
    promise: "A read that begins after a success was answered shows it, also with `inFlight`.",
    holds: "at quiescence",
    find: findMissingAcknowledged,
  },
  {
    name: "reads-never-contradict",
    promise: "What a clean read shows, no later clean read of any wallet leaves out.",
    holds: "at quiescence",
    find: findContradictions,
  },
  {
    name: "reads-have-one-point",
    promise:
      "A clean read shows exactly what was decided before one moment between its begin and end.",
    holds: "at quiescence",
    find: findReadsWithoutPoint,
  },
  {
    name: "reads-agree-with-the-ledger",
    promise: "Every balance and page that was shown is what the final ledger says of that moment.",
    holds: "at quiescence",
    find: findWrongReadings,
  },
  {
    name: "audits-find-nothing",
    promise: "The audit of a sound object reports no difference, whatever is going on meanwhile.",
    holds: "at quiescence",
    find: findAuditDifferences,
  },
];
