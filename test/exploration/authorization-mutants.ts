// Rules left out of how an authorization ends.
import { isDue } from "../../src/domain/protocol/clock-steps.ts";
import { originId } from "../../src/domain/operations/operation.ts";
import { deadlineFor } from "../../src/domain/protocol/saga.ts";
import { deadlineOf, divideByAccount } from "../../src/domain/protocol/transaction.ts";
import { admitting, seeingClaims, uncontested, without, type Mutant } from "./mutant.ts";

export const authorizationMutants: readonly Mutant[] = [
  without("end-without-claim", "late-and-cancelled", "an end claims its origin", {
    divideByAccount: (movement) => divideByAccount(movement).map((one) => ({ ...one, claims: [] })),
  }),
  without("end-claims-its-part", "two-captures", "a capture in part claims all of its origin", {
    divideByAccount: (movement) =>
      divideByAccount(movement).map(({ claims, ...one }) => ({
        ...one,
        claims: claims.map((claim) => ({ ...claim, amount: 1 })),
      })),
  }),
  without(
    "ended-by-held-claim",
    "two-captures",
    "authorization_captured and the like only against a posted claim",
    seeingClaims(({ capacity, used }) => ({
      capacity,
      used: used.map((one) => ({ ...one, posted: true, type: "capture" })),
    })),
  ),
  without(
    "end-before-authorization",
    "late-authorization",
    "no end stands before its authorization",
    admitting("origin_undecided"),
  ),
  without(
    "end-does-not-ask",
    "late-authorization",
    "the log of an authorization that is held is asked",
    uncontested("origin_undecided"),
  ),
  without(
    "end-of-rejected-waits",
    "late-and-expired",
    "the end of an authorization that was rejected is refused",
    admitting("origin"),
  ),
  without("payout-without-claim", "two-payouts-reserved", "a payout claims its reference", {
    divideByAccount: (movement) =>
      divideByAccount({
        ...movement,
        claims: movement.claims.filter(({ key }) => originId(key) !== undefined),
      }),
  }),
  without(
    "payouts-not-contested",
    "payout-or-withdrawal",
    "the log of who holds a payout reference is asked",
    uncontested("claim_undecided"),
  ),
  without(
    "payout-claims-at-once",
    "paid-out-twice",
    "a payout claims its authorization first, then its reference",
    { holdOrder: (legs) => [...legs.keys()].map((place) => [place]) },
  ),
  without(
    "captured-too-late",
    "late-and-expired",
    "what is asked for after the expiry is no capture",
    {
      deadlineOf: (request, createdAt) => deadlineOf(request, createdAt) && deadlineFor(createdAt),
    },
  ),
  without("expiry-has-deadline", "late-and-cancelled", "an expiry has no deadline", {
    deadlineOf: (_, createdAt) => deadlineFor(createdAt),
  }),
  without(
    "expiration-after-decision",
    "late-and-expired",
    "the expiration is written with the decision",
    { expirationWithDecision: false },
  ),
  without(
    "expiration-without-alarm",
    "late-and-expired",
    "its alarm is armed with the decision, too",
    { alarmWithExpiration: false },
  ),
  without(
    "expiration-gone-first",
    "late-and-cancelled",
    "the expiration goes in the sql transaction that records the expiry",
    { expirationUntilExpiry: false },
  ),
  without(
    "held-end-is-enough",
    "late-and-cancelled",
    "an expiration goes without an expiry only where another end is posted",
    { expirationNeedsPostedEnd: false },
  ),
  without("expiry-needs-room", "full-log", "a full log records expiries", { expiryHasRoom: false }),
  without(
    "start-forgets-expirations",
    "late-and-cancelled",
    "a log that starts arms the alarm for what is to expire",
    { startCoversExpirations: false },
  ),
  without(
    "expired-by-wrong-clock",
    "clock-of-an-expiry",
    "what a clock that was ahead has set comes late, never early",
    { isOver: (expiresAt, now) => isDue(expiresAt, now, 10_000) },
  ),
];
