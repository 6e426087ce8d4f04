// Guarantee: no account says YES to what it could not post. Held debits are spent already, held
// credits use up headroom but cannot be spent, and a payment reference is used once.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admissionRules, admit, contestedLegs } from "../../src/domain/admission/admit.ts";
import type { Funds, NewLeg } from "../../src/domain/admission/rule.ts";
import { refusalCodes, type RefusalCode } from "../../src/domain/errors.ts";
import { amountMax, openLegsMax } from "../../src/domain/limits.ts";

const account = "wal_A";
const outside = { frozen: false, openLegs: 0 };
const empty = { ...outside, balance: 0, heldDebits: 0, heldCredits: 0 };
const admitToWallet = (
  { frozen, openLegs, ...funds }: Funds & { readonly frozen: boolean; readonly openLegs: number },
  leg: NewLeg,
) => admit(admissionRules, { frozen, openLegs, funds }, leg);
const debit = (amount: number): NewLeg => ({ account, direction: "debit", amount });
const credit = (amount: number): NewLeg => ({ account, direction: "credit", amount });
const fromOutside = { ...debit(amountMax), account: "external-0" };
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
    const full = { frozen: false, openLegs: openLegsMax };
    expect(admit(admissionRules, full, fromOutside)).toEqual(busy);
    const almost = { ...full, openLegs: openLegsMax - 1 };
    expect(admit(admissionRules, almost, fromOutside)).toEqual({ vote: "yes" });
    expect(openLegsMax).toBe(256);
  });

  it("does not turn a refusal into BUSY", () => {
    const standing = { ...empty, openLegs: openLegsMax };
    expect(admitToWallet(standing, debit(1))).toEqual(refused("insufficient_funds", true));
  });
});

describe("a payment reference", () => {
  const transactionId = "txn_FIRST";
  const claimed = (posted: boolean, openLegs: number) =>
    admit(admissionRules, { ...outside, claim: { transactionId, posted }, openLegs }, fromOutside);

  it("that is free is admitted, whatever the amount", () => {
    expect(admit(admissionRules, outside, fromOutside)).toEqual({ vote: "yes" });
  });

  it("is refused against a posted claim, for good, naming the transaction that used it", () => {
    for (const openLegs of [1, openLegsMax]) {
      expect(claimed(true, openLegs)).toEqual({
        vote: "no",
        refusal: { code: "duplicate_payment_reference", transactionId },
        contestable: false,
      });
    }
  });

  it("is never refused against an undecided claim: BUSY, after asking the claimant's log", () => {
    const busy = { vote: "busy", reason: "claim_undecided", claimant: transactionId } as const;
    for (const openLegs of [1, openLegsMax]) {
      expect(claimed(false, openLegs)).toEqual({ ...busy, contestable: true });
    }
    const held = [{ transactionId: "txn_OTHER" }, { transactionId }];
    expect(contestedLegs({ ...busy, contestable: true }, held)).toEqual([{ transactionId }]);
  });
});

describe("the rules of admission", () => {
  it("run in the order of precedence of their refusals; what is only BUSY comes last", () => {
    const precedence = admissionRules.map(({ code }) => refusalCodes.indexOf(code as RefusalCode));
    const refusals = precedence.filter((place) => place >= 0);
    expect(refusals).toEqual(refusals.toSorted((one, other) => one - other));
    expect(precedence.slice(refusals.length)).toEqual([-1, -1]);
  });

  it("answer under their own code, contestable or not", () => {
    const shown = admissionRules.map(({ code, contestable }) => [code, contestable]);
    expect(shown).toEqual([
      ["wallet_frozen", false],
      ["duplicate_payment_reference", false],
      ["insufficient_funds", true],
      ["balance_limit_exceeded", true],
      ["claim_undecided", true],
      ["open_legs", true],
    ]);
    const claim = { transactionId: "txn_FIRST", posted: true };
    const funds = { balance: 0, heldDebits: 0, heldCredits: 0 };
    const all = { frozen: true, funds, claim, openLegs: openLegsMax };
    const codes = admissionRules.map(({ objection }) => {
      const found =
        objection(all, debit(1)) ??
        objection({ ...all, funds: { ...funds, balance: amountMax } }, credit(1)) ??
        objection({ ...all, claim: { ...claim, posted: false } }, debit(1));
      return found?.vote === "no" ? found.refusal.code : found?.reason;
    });
    expect(codes).toEqual(admissionRules.map(({ code }) => code));
  });

  it("of which none can be changed contest nothing, and the others every held leg", () => {
    const held = [{ transactionId: "txn_1" }, { transactionId: "txn_2" }];
    expect(contestedLegs({ vote: "yes" }, held)).toEqual([]);
    const frozen = admitToWallet({ ...empty, frozen: true }, debit(1));
    expect(contestedLegs(frozen, held)).toEqual([]);
    expect(contestedLegs(admitToWallet(empty, debit(1)), held)).toEqual(held);
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
