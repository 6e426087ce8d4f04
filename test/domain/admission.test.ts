// Guarantee: no account says YES to what it could not post. Held debits are spent already, held
// credits use up headroom but cannot be spent, and a payment reference is used once.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  admitToExternalAccount,
  admitToWallet,
  type NewLeg,
  type WalletStanding,
} from "../../src/domain/protocol/leg.ts";
import { amountMax, openLegsMax } from "../../src/domain/limits.ts";

const account = "wal_A";
const empty: WalletStanding = {
  frozen: false,
  balance: 0,
  heldDebits: 0,
  heldCredits: 0,
  openLegs: 0,
};
const debit = (amount: number): NewLeg => ({ account, direction: "debit", amount });
const credit = (amount: number): NewLeg => ({ account, direction: "credit", amount });
const refused = (code: string, contestable: boolean) => ({
  vote: "no",
  refusal: { code, account },
  contestable,
});

describe("a debit", () => {
  it("may take what is available to the last unit, and not one more", () => {
    const standing = { ...empty, balance: 100, heldDebits: 30 };
    expect(admitToWallet(standing, debit(70))).toEqual({ vote: "yes" });
    expect(admitToWallet(standing, debit(71))).toEqual(refused("insufficient_funds", true));
  });

  it("cannot spend a credit that is only held", () => {
    const standing = { ...empty, balance: 10, heldCredits: 1_000 };
    expect(admitToWallet(standing, debit(11))).toEqual(refused("insufficient_funds", true));
  });

  it("is refused by a freeze, before funds are looked at, and no other leg could change that", () => {
    const standing = { ...empty, frozen: true, balance: 100 };
    expect(admitToWallet(standing, debit(1))).toEqual(refused("wallet_frozen", false));
    expect(admitToWallet(standing, debit(101))).toEqual(refused("wallet_frozen", false));
  });

  it("of everything is admitted at the top of the range", () => {
    const standing = { ...empty, balance: amountMax };
    expect(admitToWallet(standing, debit(amountMax))).toEqual({ vote: "yes" });
  });
});

describe("a credit", () => {
  it("enters a frozen wallet", () => {
    expect(admitToWallet({ ...empty, frozen: true }, credit(1))).toEqual({ vote: "yes" });
  });

  it("may fill the wallet to 2^53 - 1 with held credits counted, and not one more", () => {
    const standing = { ...empty, balance: amountMax - 50, heldCredits: 20 };
    expect(admitToWallet(standing, credit(30))).toEqual({ vote: "yes" });
    expect(admitToWallet(standing, credit(31))).toEqual(refused("balance_limit_exceeded", true));
    expect(admitToWallet(empty, credit(amountMax))).toEqual({ vote: "yes" });
    const full = { ...empty, balance: amountMax };
    expect(admitToWallet(full, credit(1))).toEqual(refused("balance_limit_exceeded", true));
  });

  it("gets no headroom from debits that are only held", () => {
    const standing = { ...empty, balance: amountMax, heldDebits: amountMax };
    expect(admitToWallet(standing, credit(1))).toEqual(refused("balance_limit_exceeded", true));
  });
});

describe("the limit of open legs", () => {
  it("admits the 256th and is BUSY for the 257th, which is worth asking about", () => {
    const busy = { vote: "busy", reason: "open_legs", contestable: true };
    for (const leg of [debit(1), credit(1)]) {
      const standing = { ...empty, balance: 10, openLegs: openLegsMax - 1 };
      expect(admitToWallet(standing, leg)).toEqual({ vote: "yes" });
      expect(admitToWallet({ ...standing, openLegs: openLegsMax }, leg)).toEqual(busy);
    }
    const claimless = { claim: undefined, openLegs: openLegsMax };
    expect(admitToExternalAccount(claimless)).toEqual(busy);
    expect(admitToExternalAccount({ ...claimless, openLegs: openLegsMax - 1 })).toEqual({
      vote: "yes",
    });
    expect(openLegsMax).toBe(256);
  });

  it("does not turn a refusal into BUSY", () => {
    const standing = { ...empty, openLegs: openLegsMax };
    expect(admitToWallet(standing, debit(1))).toEqual(refused("insufficient_funds", true));
  });
});

describe("a payment reference", () => {
  const transactionId = "txn_FIRST";

  it("that is free is admitted", () => {
    expect(admitToExternalAccount({ claim: undefined, openLegs: 0 })).toEqual({ vote: "yes" });
  });

  it("is refused against a posted claim, for good, naming the transaction that used it", () => {
    const admission = admitToExternalAccount({
      claim: { transactionId, posted: true },
      openLegs: 0,
    });
    expect(admission).toEqual({
      vote: "no",
      refusal: { code: "duplicate_payment_reference", transactionId },
      contestable: false,
    });
  });

  it("is never refused against an undecided claim: BUSY, after asking", () => {
    const claim = { transactionId, posted: false };
    for (const openLegs of [1, openLegsMax]) {
      expect(admitToExternalAccount({ claim, openLegs })).toEqual({
        vote: "busy",
        reason: "claim_undecided",
        contestable: true,
      });
    }
  });
});

describe("whatever was admitted", () => {
  it("can be posted and released in any order within 0 .. 2^53 - 1", () => {
    const amount = fc.integer({ min: 1, max: amountMax });
    const leg = fc.record({
      direction: fc.constantFrom("debit" as const, "credit" as const),
      amount,
    });
    // Each leg is offered, and those held before are posted (true) or released (false) in turn.
    const step = fc.tuple(leg, fc.option(fc.boolean()));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let balance = 0;
        const held: { direction: "debit" | "credit"; amount: number }[] = [];
        const sum = (direction: string) =>
          held.reduce((total, one) => total + (one.direction === direction ? one.amount : 0), 0);
        for (const [offered, outcome] of steps) {
          const standing = {
            frozen: false,
            balance,
            heldDebits: sum("debit"),
            heldCredits: sum("credit"),
            openLegs: held.length,
          };
          if (admitToWallet(standing, { account, ...offered }).vote === "yes") held.push(offered);
          if (outcome === null) continue;
          const settled = held.shift();
          if (settled && outcome) {
            balance += settled.direction === "credit" ? settled.amount : -settled.amount;
          }
          expect(balance).toBeGreaterThanOrEqual(0);
          expect(balance).toBeLessThanOrEqual(amountMax);
        }
      }),
    );
  });
});
