// The checks of an account's claims: each is that of a held or posted leg, together they keep to
// the capacity of their key, each leg has those of its posting and no other, and what was refused
// because of a claim was refused rightly. Reads only.
import { capacityOf, codeAgainst, codesOf, tooManyClaims } from "../../domain/admission/claim.ts";
import type { Refusal } from "../../domain/errors.ts";
import { reversalsMax } from "../../domain/limits.ts";
import { operationOf } from "../../domain/operations/all.ts";
import {
  originId,
  originKey,
  paymentClaim,
  payoutClaim,
  type Claim,
  type Origin,
} from "../../domain/operations/operation.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { AuditDifference } from "./audit-contract.ts";
import { type AuditedClaim, type AuditedLeg, type AuditStore } from "./audit-store.ts";

type Difference = AuditDifference | undefined;

/** What a transaction may claim, as its entries show it. */
type Claimant = Pick<AuditedClaim, "origin" | "provider" | "paymentReference" | "payoutReference">;

function keysOf({ origin, provider, paymentReference, payoutReference }: Claimant): string[] {
  const keys = origin === null ? [] : [originKey(origin)];
  if (provider === null) return keys;
  if (paymentReference !== null) keys.push(paymentClaim({ provider, paymentReference }).key);
  if (payoutReference !== null) keys.push(payoutClaim({ provider, payoutReference }).key);
  return keys;
}

function keysOfPosting(posting: Posting): string[] {
  const { origin, provider = null, paymentReference = null, payoutReference = null } = posting;
  const originOf = origin?.transactionId ?? null;
  return keysOf({ origin: originOf, provider, paymentReference, payoutReference });
}

export class ClaimCheck {
  readonly #store: AuditStore;
  readonly #account: { readonly class: string; readonly id: string };
  /** Keys that a leg had claimed when it was held: no entry says which are its own. */
  readonly #ofHeld = new Map<string, string[]>();
  count = 0;

  constructor(store: AuditStore, account: { readonly class: string; readonly id: string }) {
    this.#store = store;
    this.#account = account;
  }

  /** Every row, in turns. */
  async checkRows(rowsPerTurn: number, letOthersIn: () => Promise<void>): Promise<Difference> {
    for (let [key, id] = ["", ""]; ; await letOthersIn()) {
      const turn = this.#store.claimsAfter(key, id, rowsPerTurn);
      for (const [index, claim] of turn.entries()) {
        this.count += 1;
        const isFirst = claim.key !== turn[index - 1]?.key;
        const isRight = this.#isOfItsLeg(claim) && !(isFirst && this.#exceedsCapacity(claim.key));
        if (!isRight) return { kind: "wrong_claim", transactionId: claim.transactionId };
      }
      const last = turn.at(-1);
      if (!last || turn.length < rowsPerTurn) return undefined;
      [key, id] = [last.key, last.transactionId];
    }
  }

  #isOfItsLeg(claim: AuditedClaim): boolean {
    const { key, transactionId, open, sequence } = claim;
    if (open === 1) {
      const others = this.#ofHeld.get(transactionId) ?? [];
      this.#ofHeld.set(transactionId, [...others, key]);
      return true;
    }
    return open === 0 && sequence !== null && keysOf(claim).includes(key);
  }

  #exceedsCapacity(key: string): boolean {
    const used = this.#store.claimsOf(key).reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    return used > this.#capacityOf(key);
  }

  /** Only what is posted can be ended or reversed. */
  #capacityOf(key: string): bigint {
    const id = originId(key);
    const leg = id === undefined ? undefined : this.#store.leg(id);
    if (leg?.state !== "posted" || !leg.lines) return capacityOf(key, undefined);
    return capacityOf(key, { transactionId: leg.transactionId, lines: leg.lines });
  }

  /** A leg as it is now, against the posting that its log knows. */
  checkLeg(leg: AuditedLeg, posting: Posting): Difference {
    if (leg.state === "void") return this.#checkRefusal(leg, posting);
    const { transactionId } = leg;
    const due = new Map(posting.claims.map(({ key, amount }) => [key, amount]));
    const held = this.#ofHeld.get(transactionId) ?? [];
    const keys = new Set([...due.keys(), ...keysOfPosting(posting), ...held]);
    const isRight = [...keys].every(
      (key) => this.#store.claimed(key, transactionId) === due.get(key),
    );
    return isRight ? undefined : { kind: "wrong_claim" };
  }

  /** A refusal is one that this account can have given, and where a claim or an origin is its
   *  reason, it names what really happened. */
  #checkRefusal({ refusal }: AuditedLeg, posting: Posting): Difference {
    if (refusal === null) return undefined;
    const { claims, origin } = posting;
    const due = [
      ...claims.flatMap((claim) => this.#refusalsOf(claim)),
      ...claims.flatMap((claim) => this.#refusalsOfNumber(claim)),
      ...(origin ? this.#refusalsOfOrigin(origin) : []),
      ...(this.#account.class === "wallet" ? this.#otherRefusals(posting) : []),
    ];
    const isRight = due.some((one) => JSON.stringify(one) === refusal);
    return isRight ? undefined : { kind: "leg_differs_from_log", field: "refusal" };
  }

  #refusalsOfOrigin({ transactionId, refusal: code }: Origin): readonly Refusal[] {
    return this.#store.leg(transactionId)?.state === "void" ? [{ code, transactionId }] : [];
  }

  /** The outside world refuses only for claims and origins. */
  #otherRefusals({ type, claims, origin }: Posting): readonly Refusal[] {
    const explained = [origin?.refusal, tooManyClaims.code, ...claims.flatMap(codesOf)];
    const codes = operationOf({ type }).refusals.filter((code) => !explained.includes(code));
    return codes.map((code) => ({ code, account: this.#account.id }));
  }

  /** What a claim may have been refused with because there were as many as there may be. */
  #refusalsOfNumber({ key }: Claim): readonly Refusal[] {
    const [first, ...others] = this.#store.claimsOf(key).filter(({ posted }) => posted);
    if (!first || 1 + others.length < reversalsMax) return [];
    return [{ code: "too_many_reversals", transactionId: first.transactionId }];
  }

  /** What a claim may have been refused with: in favour of the first that was posted, or because it
   *  alone is more than the capacity. */
  #refusalsOf(claim: Claim): readonly Refusal[] {
    const { key, amount, refusal: code } = claim;
    const first = this.#store.claimsOf(key).find(({ posted }) => posted);
    return [
      ...(first ? [{ code: codeAgainst(claim, first), transactionId: first.transactionId }] : []),
      ...(BigInt(amount) > this.#capacityOf(key) ? [{ code, account: this.#account.id }] : []),
    ];
  }
}
