// Rules left out of the shape of a transaction: lines, claims, origins and times.
import { admissionRules } from "../../src/domain/admission/admit.ts";
import type { AdmissionRule, Objection } from "../../src/domain/admission/rule.ts";
import { nextEntries } from "../../src/domain/ledger/entry.ts";
import { flawOf, type Line, type LinesFlaw } from "../../src/domain/ledger/line.ts";
import { undecidedOf } from "../../src/domain/ledger/position.ts";
import { amountMax } from "../../src/domain/limits.ts";
import { nextStep } from "../../src/domain/protocol/saga.ts";
import { divideByAccount } from "../../src/domain/protocol/transaction.ts";
import {
  admitting,
  asPosted,
  seeing,
  seeingClaims,
  uncontested,
  votes,
  without,
  type Mutant,
} from "./mutant.ts";
import type { Rules } from "./rules.ts";

/** Lines are not refused for this. */
function tolerating(flaw: LinesFlaw): Partial<Rules> {
  return {
    flawOf(lines) {
      const found = flawOf(lines);
      return found === flaw ? undefined : found;
    },
  };
}

/** Admission with another objection of one rule. */
function objecting(
  code: AdmissionRule["code"],
  objection: AdmissionRule["objection"],
): Partial<Rules> {
  return {
    admissionRules: admissionRules.map((rule) =>
      rule.code === code ? { ...rule, objection } : rule,
    ),
  };
}

/** Admission of a leg that is measured otherwise than it is. */
function measuring(look: (lines: readonly Line[]) => readonly Line[]): Partial<Rules> {
  return {
    admissionRules: admissionRules.map((rule) => ({
      ...rule,
      objection: (standing, leg) => rule.objection(standing, { ...leg, lines: look(leg.lines) }),
    })),
  };
}

function refusing(code: "wallet_frozen" | "balance_limit_exceeded", account: string): Objection {
  return { vote: "no", refusal: { code, account } };
}

export const movementMutants: readonly Mutant[] = [
  without("line-by-line", "debited-twice", "the entries of a leg are one sql transaction", {
    postsWholeLeg: false,
  }),
  without("credits-first", "full-wallet", "the entries of a leg: debits first", {
    divideByAccount: (movement) =>
      divideByAccount(movement).map((one) => ({ ...one, lines: one.lines.toReversed() })),
  }),
  without(
    "both-directions",
    "flawed",
    "a pile is only debited or only credited",
    tolerating("both_directions"),
  ),
  without("out-of-balance", "flawed", "debits equal credits", tolerating("unbalanced")),
  without("held-line-not-counted", "debited-twice", "all lines of a held leg count", {
    undecidedOf: (legs, currency) =>
      undecidedOf(
        legs.map(({ lines }) => ({ lines: lines.slice(0, 1) })),
        currency,
      ),
  }),
  without(
    "line-not-measured",
    "debited-twice",
    "all lines of a new leg count",
    measuring((lines) => lines.slice(0, 1)),
  ),
  without(
    "currency-not-measured",
    "two-currencies",
    "each currency is measured",
    seeing(({ funds, ...standing }) => ({
      ...standing,
      ...(funds && { funds: new Map([...funds].slice(0, 1)) }),
    })),
  ),
  without(
    "freeze-not-checked",
    "two-currencies",
    "a frozen wallet admits nothing that makes it poorer",
    admitting("wallet_frozen"),
  ),
  without(
    "freeze-goes-by-lines",
    "full-wallet",
    "a freeze goes by what enters or leaves the wallet",
    objecting("wallet_frozen", ({ freeze }, { account }) =>
      freeze === "none" ? undefined : refusing("wallet_frozen", account),
    ),
  ),
  without(
    "freeze-stops-reversals",
    "reversed-and-spent",
    "a freeze of debits does not stop a reversal",
    objecting("wallet_frozen", ({ freeze }, { account, lines }) =>
      freeze === "debits" && lines.some(({ direction }) => direction === "debit")
        ? refusing("wallet_frozen", account)
        : undefined,
    ),
  ),
  without(
    "headroom-goes-by-lines",
    "full-wallet",
    "headroom goes by what enters the wallet",
    objecting("balance_limit_exceeded", ({ funds }, { account, lines }) => {
      const isFull = lines.some(({ direction, currency, amount }) => {
        const { available = 0, reserved = 0 } = funds?.get(currency)?.posted ?? {};
        return direction === "credit" && amount > amountMax - available - reserved;
      });
      return isFull ? refusing("balance_limit_exceeded", account) : undefined;
    }),
  ),
  without(
    "capacity-ignores-held",
    "reversed-in-parts",
    "the claims of a key, held and posted, never exceed its capacity",
    admitting("claim_undecided"),
  ),
  without(
    "capacity-ignores-posted",
    "reversed-in-parts",
    "a claim beyond what is posted is refused, and does not wait",
    admitting("claim"),
  ),
  without(
    "refuse-beyond-held",
    "reversed-in-parts",
    "a claim is refused only against posted ones",
    seeingClaims(asPosted),
  ),
  without(
    "capacity-without-end",
    "reversed-in-parts",
    "capacity: what the origin has put into the account",
    seeingClaims(({ used }) => ({ used, capacity: BigInt(amountMax) })),
  ),
  without("posted-claim-dropped", "one-end", "a claim that is posted never goes", {
    postKeepsClaim: false,
  }),
  without(
    "origin-not-needed",
    "late-reversal",
    "nothing stands in a ledger before its origin",
    admitting("origin_undecided"),
  ),
  without(
    "held-origin-is-enough",
    "late-reversal",
    "an account votes YES only when the origin's leg is posted there",
    objecting("origin_undecided", ({ origin }) =>
      origin === "none" ? { vote: "busy", reason: "origin_undecided" } : undefined,
    ),
  ),
  without(
    "origin-only-at-claim",
    "late-reversal",
    "the origin is looked for in each account in which it has a leg",
    {
      divideByAccount: (movement) =>
        divideByAccount(movement).map(({ origin, ...one }) => ({
          ...one,
          ...(origin && one.claims.length > 0 && { origin }),
        })),
    },
  ),
  without(
    "held-origin-not-contested",
    "late-reversal",
    "origin held: its log is asked",
    uncontested("origin_undecided"),
  ),
  without(
    "late-origin-is-no",
    "late-reversal",
    "origin held or not heard of: BUSY, and no NO",
    objecting("origin", ({ origin: state }, { origin }) =>
      origin && state !== "posted"
        ? { vote: "no", refusal: { code: origin.refusal, transactionId: origin.transactionId } }
        : undefined,
    ),
  ),
  without(
    "void-origin-waits",
    "late-reversal",
    "origin void: NO, and no waiting",
    admitting("origin"),
  ),
  without("unknown-origin", "late-reversal", "the edge reads the record of the origin", {
    originRecorded: false,
  }),
  without("claims-in-parallel", "crossed-claims", "claims in two accounts one after the other", {
    holdOrder: (legs) => [...legs.keys()].map((place) => [place]),
  }),
  without("claims-sender-first", "crossed-claims", "claims in one order by all transactions", {
    holdOrder: (legs) => [[...legs.keys()]],
  }),
  without(
    "dated-before-spent",
    "clocks-apart",
    "decidedAt is not before anything that is spent",
    votes((heard) => heard.map((vote) => (vote?.vote === "yes" ? { vote: "yes" } : vote))),
  ),
  without(
    "reversed-before-it-was",
    "clocks-of-a-reversal",
    "decidedAt is not before that of the origin",
    votes((heard) => heard.map((vote) => (vote?.vote === "yes" ? { vote: "yes" } : vote))),
  ),
  without("wrong-clock-followed", "clock-far-ahead", "a clock over 30 s ahead is not followed", {
    nextStep(seen, replies, time) {
      const step = nextStep(seen, replies, time);
      const ignored = step.step === "decide" ? step.ignored : undefined;
      return ignored === undefined ? step : { ...step, decidedAt: ignored };
    },
  }),
  without("dated-by-account", "clocks-apart", "a post says when the leg was decided", {
    postsTellTime: false,
  }),
  without("dated-by-asker", "clocks-apart", "the answer to an ask says when the leg was decided", {
    asksTellTime: false,
  }),
  without("posted-before-decided", "clocks-apart", "created_at is not before decidedAt", {
    nextEntries: (head, posting, { now }) => nextEntries(head, posting, { decidedAt: 0, now }),
  }),
  without(
    "posted-before-the-last",
    "clocks-of-two-debits",
    "created_at is not before the previous entry's",
    {
      nextEntries: (head, posting, times) => nextEntries({ ...head, createdAt: 0 }, posting, times),
    },
  ),
];
