// Guarantee: a scrub calls a difference what an account cannot have of a decided transaction, and
// nothing else; a round keeps its pace, reaches the end of its shard, and hides nothing left out.
import { describe, expect, it } from "vitest";
import { userIdFor, walletIdOfUser } from "../../src/domain/ids.ts";
import { shownOf } from "../../src/domain/ledger/entry.ts";
import type { AccountLine } from "../../src/domain/ledger/line.ts";
import { shownDigest } from "../../src/domain/ledger/posting-digest.ts";
import {
  clockDriftMaxMs,
  scrubIntervalMs,
  scrubSpacingMs,
  scrubTriesMax,
} from "../../src/domain/limits.ts";
import {
  beginBatch,
  compareWithAccount,
  compareWithExpirations,
  compareWithItself,
  endBatch,
  firstScrub,
  hurry,
  scrubDueAt,
  type LegReading,
  type ScrubProgress,
} from "../../src/domain/protocol/scrub.ts";
import { legsOf, linesOf, submissionOf, type Leg } from "../../src/domain/protocol/transaction.ts";

const [ann = "", ben = "", cid = "", dan = ""] = ["ann", "ben", "cid", "dan"].map((key) =>
  walletIdOfUser(userIdFor("main", key)),
);
const submitted = submissionOf(
  "main",
  "paid-1",
  { type: "transfer", fromWalletId: ann, toWalletId: ben, amount: 40 },
  "USD",
);
const lines = linesOf(submitted.request);
const [spent, received] = lines as readonly [AccountLine, AccountLine];
const decidedAt = 1_500;
const decided = { ...submitted, lines, decidedAt } as const;
const unsettled = { ...decided, state: "committed" } as const;
const committed = { ...unsettled, settledAt: 2_000 } as const;
const rejected = { ...committed, state: "rejected" } as const;
const preparing = { ...submitted, lines, state: "preparing" } as const;

const [debit] = legsOf(committed) as readonly [Leg, Leg];
const { posting } = debit;
const { fingerprint } = submitted;
const line = { bucket: "available", direction: "debit", currency: "USD", amount: 40 } as const;
const content = { fingerprint, lines: [line] } as const;
const shown = shownDigest(shownOf(posting, decidedAt));
const entries = { shown, anchor: "anchor" };
const held: LegReading = { state: "held", ...content };
const posted: LegReading = { state: "posted", ...content, posted: entries };
const voided: LegReading = { state: "void", ...content };

describe("a leg of a transaction", () => {
  it.each([
    ["committed and settled, posted", committed, posted, undefined],
    ["committed and settled, held", committed, held, "unposted_leg"],
    ["committed and settled, void", committed, voided, "void_leg"],
    ["committed and settled, gone", committed, { state: "none" }, "missing_leg"],
    ["committed, posted", unsettled, posted, undefined],
    ["committed, held", unsettled, held, undefined],
    ["committed, void", unsettled, voided, "void_leg"],
    ["committed, gone", unsettled, { state: "none" }, "missing_leg"],
    ["rejected, posted", rejected, posted, "posted_without_commit"],
    ["rejected, held: a late duplicate", rejected, held, undefined],
    ["rejected, void", rejected, voided, undefined],
    ["rejected, never heard of", rejected, { state: "none" }, undefined],
    ["undecided, posted", preparing, posted, "posted_without_commit"],
    ["undecided, held", preparing, held, undefined],
    ["undecided, not arrived", preparing, { state: "none" }, undefined],
    ["committed, unreadable", committed, { state: "unreadable" }, "unreadable_leg"],
    ["rejected, unreadable", rejected, { state: "unreadable" }, "unreadable_leg"],
  ] as const)("%s", (_case, transaction, reading, kind) => {
    expect(compareWithAccount(transaction, debit, reading, null)).toBe(kind);
  });

  it.each([
    ["another fingerprint", { fingerprint: "fp1:other" }],
    ["another bucket", { lines: [{ ...line, bucket: "reserved" }] }],
    ["another direction", { lines: [{ ...line, direction: "credit" }] }],
    ["another currency", { lines: [{ ...line, currency: "EUR" }] }],
    ["another amount", { lines: [{ ...line, amount: 41 }] }],
    ["a line too many", { lines: [line, line] }],
    ["a line too few", { lines: [] }],
    ["an origin", { origin: { transactionId: "txn_ANOTHER" } }],
  ] as const)("with %s is different, whatever its state", (_case, changed) => {
    for (const transaction of [committed, rejected, preparing]) {
      for (const reading of [held, posted, voided]) {
        const wrong = { ...reading, ...changed } as LegReading;
        expect(compareWithAccount(transaction, debit, wrong, null)).toBe("different_leg");
      }
    }
  });
});

describe("a leg that reserves money, of a transaction that its log is to end", () => {
  const open = { ...posted, ended: false };
  const ended = { ...posted, ended: true };
  it.each([
    ["waits for its end", committed, open, true, undefined],
    ["waits for no end", committed, open, false, "missing_expiration"],
    ["has an end", committed, ended, false, undefined],
    ["has an end whose expiration is not due yet", committed, ended, true, undefined],
    [
      "is not posted, and waits for no end",
      unsettled,
      { ...held, ended: false },
      false,
      "missing_expiration",
    ],
    ["says nothing of ends: an earlier release", committed, posted, false, undefined],
    ["is of no committed transaction", rejected, { ...voided, ended: false }, false, undefined],
    ["is undecided", preparing, { ...held, ended: false }, false, undefined],
    ["cannot be read", committed, { state: "unreadable" }, false, undefined],
  ] as const)("%s", (_case, transaction, reading, isToEnd, kind) => {
    expect(compareWithExpirations(transaction, reading, isToEnd)).toBe(kind);
  });
});

describe("the entries of a posted leg", () => {
  const kindOf = (changed: { shown?: string; anchor?: string }, anchor: string | null) =>
    compareWithAccount(committed, debit, { ...posted, posted: { ...entries, ...changed } }, anchor);

  it("have to be there", () => {
    const reading: LegReading = { state: "posted", ...content };
    expect(compareWithAccount(committed, debit, reading, null)).toBe("missing_entry");
  });

  it("show what their log knows", () => {
    const described = shownDigest(shownOf({ ...posting, description: "rent" }, decidedAt));
    expect(kindOf({ shown: described }, "anchor")).toBe("different_entry");
  });

  it("are dated by their log's decision", () => {
    const later = shownDigest(shownOf(posting, decidedAt + 1));
    expect(kindOf({ shown: later }, "anchor")).toBe("different_entry");
  });

  it("end with the hash whose beginning its log has kept, if it was told", () => {
    expect(kindOf({}, "anchor")).toBeUndefined();
    expect(kindOf({}, "another")).toBe("different_anchor");
    expect(kindOf({}, null)).toBeUndefined();
  });
});

describe("a transaction against itself", () => {
  const change = (changed: Partial<AccountLine>) => ({
    ...committed,
    lines: [spent, { ...received, ...changed }],
  });

  it("is sound", () => {
    expect(compareWithItself(committed)).toBeUndefined();
  });

  it.each([
    ["without lines", { ...committed, lines: [] }],
    ["with a line that is gone", { ...committed, lines: [spent] }],
    ["with another amount on one side", change({ amount: 41 })],
    ["with another currency on one side", change({ currency: "EUR" })],
    ["with two debits", change({ direction: "debit" })],
  ])("is unbalanced %s", (_case, transaction) => {
    expect(compareWithItself(transaction)).toBe("unbalanced");
  });

  it.each([
    ["another amount on both sides", lines.map((one) => ({ ...one, amount: 41 }))],
    ["another currency on both sides", lines.map((one) => ({ ...one, currency: "EUR" }))],
    ["another bucket on one side", change({ bucket: "reserved" }).lines],
    ["another account", change({ account: cid }).lines],
    ["another counterparty", change({ counterparty: cid }).lines],
    ["its lines in another order", lines.toReversed()],
    ["a pair of lines too many", [...lines, ...lines]],
  ])("differs from its request with %s", (_case, changed) => {
    const transaction = { ...committed, lines: changed };
    expect(compareWithItself(transaction)).toBe("lines_differ_from_request");
  });

  it("is added up exactly, beyond what a number can tell apart", () => {
    const amount = Number.MAX_SAFE_INTEGER;
    const unequal = [
      { ...spent, amount },
      { ...spent, account: cid, amount: 2 },
      { ...received, amount },
      { ...received, account: dan, amount: 1 },
    ];
    expect(compareWithItself({ ...committed, lines: unequal })).toBe("unbalanced");
  });
});

const now = 1_000_000;
const whole = { last: null, transactions: 3, unasked: 0 };
const more = { ...whole, last: "txn_A" };

/** What every state of progress has to keep to: no two batches of a shard begin within a minute. */
function begin(progress: ScrubProgress, at: number) {
  expect(scrubDueAt(progress, at)).toBeLessThanOrEqual(at);
  return beginBatch(progress, at);
}

describe("a round", () => {
  it("begins 7 days after the shard's first transaction", () => {
    expect(scrubDueAt(firstScrub(now), now)).toBe(now + scrubIntervalMs);
  });

  it("begins before the first id, and claims the minute before it asks an account", () => {
    const begun = begin(firstScrub(now - scrubIntervalMs), now);
    expect(begun).toMatchObject({ round: 1, cursor: "", startedAt: now });
    expect(scrubDueAt(begun, now)).toBe(now + scrubSpacingMs);
  });

  it("goes on behind the last transaction of each batch, and counts what it has checked", () => {
    const first = endBatch(begin(firstScrub(now - scrubIntervalMs), now), more, now + 5);
    expect(first).toMatchObject({ cursor: "txn_A", checked: 3, round: 1, endedAt: null });
    const second = begin(first, now + scrubSpacingMs);
    expect(second).toMatchObject({ cursor: "txn_A", startedAt: now, round: 1, checked: 3 });
    const ended = endBatch(second, whole, now + scrubSpacingMs + 5);
    expect(ended).toMatchObject({ cursor: null, checked: 6, endedAt: now + scrubSpacingMs + 5 });
    expect(ended.nextAt, "7 days after it began").toBe(now + scrubIntervalMs);
  });

  it("that took longer than 7 days is followed by the next one, a minute later", () => {
    const late = now + 2 * scrubIntervalMs;
    const begun = begin({ ...beginBatch(firstScrub(0), now), nextAt: late }, late);
    expect(endBatch(begun, whole, late + 5).nextAt).toBe(late + scrubSpacingMs);
  });

  it("counts anew", () => {
    const ended = { ...firstScrub(0), round: 4, checked: 9, skipped: 2, tries: 1, nextAt: now };
    expect(begin(ended, now)).toMatchObject({ round: 5, checked: 0, skipped: 0, tries: 0 });
  });
});

describe("a batch that left accounts unasked", () => {
  const partly = { last: "txn_A", transactions: 3, unasked: 2 };

  it("is repeated from where it began, a minute later, a few times; then it is left out", () => {
    let at = now;
    let progress: ScrubProgress = { ...firstScrub(0), nextAt: at };
    for (let tries = 1; tries < scrubTriesMax; tries++) {
      progress = endBatch(begin(progress, at), partly, at + 5);
      expect(progress).toMatchObject({ cursor: "", tries, checked: 0, skipped: 0 });
      at += scrubSpacingMs;
    }
    const left = endBatch(begin(progress, at), partly, at + 5);
    expect(left).toMatchObject({ cursor: "txn_A", tries: 0, checked: 1, skipped: 2 });
  });

  it("counts as checked once it is answered as a whole", () => {
    const tried = endBatch(begin({ ...firstScrub(0), nextAt: now }, now), partly, now + 5);
    const answered = endBatch(begin(tried, now + scrubSpacingMs), whole, now + scrubSpacingMs);
    expect(answered).toMatchObject({ cursor: null, tries: 0, checked: 3, skipped: 0 });
  });
});

describe("a command", () => {
  it("begins a round at once in a shard that was never looked at", () => {
    expect(scrubDueAt(hurry(firstScrub(now), now), now)).toBe(now);
  });

  it("waits for the minute of the last batch", () => {
    const ended = endBatch(begin({ ...firstScrub(0), nextAt: now }, now), whole, now + 5);
    expect(hurry(ended, now + 10).nextAt).toBe(now + scrubSpacingMs);
    expect(hurry(ended, now + scrubSpacingMs + 1).nextAt).toBe(now + scrubSpacingMs + 1);
  });

  it("puts nothing off that comes earlier", () => {
    const due = { ...firstScrub(0), nextAt: now - 5 };
    expect(hurry(due, now).nextAt).toBe(now - 5);
  });

  it("leaves a running round as it is", () => {
    const running = endBatch(begin({ ...firstScrub(0), nextAt: now }, now), more, now + 5);
    expect(hurry(running, now + 10)).toBe(running);
  });
});

describe("a clock that was ahead", () => {
  const ahead = (aheadMs: number) => now + aheadMs + clockDriftMaxMs;

  it("puts a round off by no more than 7 days, and a batch by no more than a minute", () => {
    const waiting = { ...firstScrub(0), nextAt: ahead(scrubIntervalMs) };
    expect(scrubDueAt(waiting, now)).toBe(waiting.nextAt);
    expect(scrubDueAt({ ...waiting, nextAt: waiting.nextAt + 1 }, now)).toBe(now);
    const running = { ...waiting, cursor: "txn_A", nextAt: ahead(scrubSpacingMs) };
    expect(scrubDueAt(running, now)).toBe(running.nextAt);
    expect(scrubDueAt({ ...running, nextAt: running.nextAt + 1 }, now)).toBe(now);
  });

  it("keeps no command waiting", () => {
    const ended = { ...firstScrub(0), batchAt: ahead(0) + 1, nextAt: now + scrubIntervalMs };
    expect(hurry(ended, now).nextAt).toBe(now);
    const near = { ...ended, batchAt: ahead(0) };
    expect(hurry(near, now).nextAt).toBe(near.batchAt + scrubSpacingMs);
  });
});
