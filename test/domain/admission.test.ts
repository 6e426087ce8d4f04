// Guarantee: no account says YES to what it could not post. Held debits are spent already, held
// credits use up headroom but cannot be spent, keys are claimed up to their capacity, and nothing
// stands in a ledger before its origin.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admissionRules, admit, contestedLegs } from "../../src/domain/admission/admit.ts";
import { capacityOf } from "../../src/domain/admission/claim.ts";
import { originKey } from "../../src/domain/operations/operation.ts";
import {
  freezeScopes,
  type FreezeScope,
  type NewLeg,
  type Standing,
  type UsedClaim,
} from "../../src/domain/admission/rule.ts";
import { refusalCodes, type RefusalCode } from "../../src/domain/errors.ts";
import type { Bucket, Line } from "../../src/domain/ledger/line.ts";
import type { Direction } from "../../src/domain/ledger/money.ts";
import { addLines, nothing, undecidedOf, type Net } from "../../src/domain/ledger/position.ts";
import { amountMax, openLegsMax } from "../../src/domain/limits.ts";

const account = "wal_A";
const outside: Standing = { freeze: "none", claims: [], openLegs: 0 };

interface Dollars {
  readonly available?: number;
  readonly reserved?: number;
  readonly debits?: number;
  readonly incoming?: number;
}

/** A wallet with these dollars, and as many euros as are given. */
function wallet(
  dollars: Dollars = {},
  more: Partial<Standing> = {},
  euros: Dollars = {},
): Standing {
  const funds = ({ available = 0, reserved = 0, debits = 0, incoming = 0 }: Dollars) => ({
    posted: { available, reserved },
    undecided: { debits, incoming },
  });
  const both = new Map([
    ["USD", funds(dollars)],
    ["EUR", funds(euros)],
  ]);
  return { ...outside, funds: both, ...more };
}

const line = (
  direction: Direction,
  amount: number,
  bucket: Bucket = "available",
  currency = "USD",
): Line => ({ bucket, direction, amount, currency });
const leg = (...lines: readonly Line[]): NewLeg => ({ account, lines, claims: [] });
const debit = (amount: number) => leg(line("debit", amount));
const credit = (amount: number) => leg(line("credit", amount));
const ask = (standing: Standing, asked: NewLeg) => admit(admissionRules, standing, asked);

const yes = { vote: "yes" };
const refused = (code: string, contestable: boolean) => ({
  vote: "no",
  refusal: { code, account },
  contestable,
});
const poor = refused("insufficient_funds", true);
const frozen = refused("wallet_frozen", false);
const full = refused("balance_limit_exceeded", true);

describe("a debit", () => {
  it("may take what is available to the last unit, and not one more", () => {
    const standing = wallet({ available: 100, debits: 30 });
    expect(ask(standing, debit(70))).toEqual(yes);
    expect(ask(standing, debit(71))).toEqual(poor);
  });

  it("cannot spend a credit that is only held", () => {
    expect(ask(wallet({ available: 10, incoming: 1_000 }), debit(11))).toEqual(poor);
  });

  it("cannot spend what is reserved", () => {
    const standing = wallet({ available: 10, reserved: 90 });
    expect(ask(standing, debit(10))).toEqual(yes);
    expect(ask(standing, debit(11))).toEqual(poor);
  });

  it("of what is reserved is not measured against what is available", () => {
    expect(ask(wallet({ reserved: 90 }), leg(line("debit", 90, "reserved")))).toEqual(yes);
  });

  it("of several lines takes their sum, in each currency for itself", () => {
    const standing = wallet({ available: 10 }, {}, { available: 5 });
    const euros = (amount: number) => line("debit", amount, "available", "EUR");
    const dollars = (amount: number) => line("debit", amount);
    expect(ask(standing, leg(dollars(4), dollars(6), euros(5)))).toEqual(yes);
    expect(ask(standing, leg(dollars(4), dollars(7), euros(1)))).toEqual(poor);
    expect(ask(standing, leg(dollars(1), euros(6)))).toEqual(poor);
  });

  it("gets nothing from what the same leg brings back", () => {
    const back = line("credit", 50, "reserved");
    expect(ask(wallet({ available: 10 }), leg(line("debit", 11), back))).toEqual(poor);
  });

  it("of everything is admitted at the top of the range", () => {
    expect(ask(wallet({ available: amountMax }), debit(amountMax))).toEqual(yes);
  });
});

describe("a credit", () => {
  it("may fill the wallet to 2^53 - 1 with all that is incoming, and not one more", () => {
    const standing = wallet({ available: amountMax - 60, reserved: 10, incoming: 20 });
    expect(ask(standing, credit(30))).toEqual(yes);
    expect(ask(standing, credit(31))).toEqual(full);
    expect(ask(wallet(), credit(amountMax))).toEqual(yes);
    expect(ask(wallet({ available: amountMax }), credit(1))).toEqual(full);
  });

  it("gets no headroom from debits that are only held", () => {
    expect(ask(wallet({ available: amountMax, debits: amountMax }), credit(1))).toEqual(full);
  });

  it("of several lines needs room for their sum, in each currency for itself", () => {
    const standing = wallet({ available: amountMax - 10 }, {}, { available: amountMax - 5 });
    const euros = (amount: number) => line("credit", amount, "available", "EUR");
    const dollars = (amount: number) => line("credit", amount);
    expect(ask(standing, leg(dollars(4), dollars(6), euros(5)))).toEqual(yes);
    expect(ask(standing, leg(dollars(4), dollars(7), euros(5)))).toEqual(full);
    expect(ask(standing, leg(dollars(1), euros(6)))).toEqual(full);
  });
});

describe("a freeze", () => {
  const into = leg(line("debit", 10), line("credit", 10, "reserved"));
  const back = leg(line("debit", 10, "reserved"), line("credit", 10));
  const partly = leg(line("debit", 10, "reserved"), line("credit", 9));
  const stopped: Readonly<Record<FreezeScope, readonly Direction[]>> = {
    none: [],
    debits: ["debit"],
    credits: ["credit"],
    all: ["debit", "credit"],
  };

  it.each(freezeScopes)("of %s stops what makes the wallet poorer or richer", (freeze) => {
    const standing = wallet({ available: 100, reserved: 100 }, { freeze });
    const stops = (direction: Direction) => stopped[freeze].includes(direction);
    expect(ask(standing, debit(1))).toEqual(stops("debit") ? frozen : yes);
    expect(ask(standing, partly)).toEqual(stops("debit") ? frozen : yes);
    expect(ask(standing, credit(1))).toEqual(stops("credit") ? frozen : yes);
  });

  it.each(freezeScopes)("of %s never stops a move inside of the wallet", (freeze) => {
    const standing = wallet({ available: 100, reserved: 100 }, { freeze });
    expect(ask(standing, into)).toEqual(yes);
    expect(ask(standing, back)).toEqual(yes);
  });

  it.each(freezeScopes)("of %s stops what ends or reverses another, unless of debits", (freeze) => {
    const origin = { transactionId: "txn_ORIGIN", refusal: "original_rejected" } as const;
    const standing = wallet({ available: 100 }, { freeze, origin: "posted" });
    const taken = ask(standing, { ...debit(1), origin });
    expect(taken).toEqual(freeze === "all" ? frozen : yes);
    const brought = ask(standing, { ...credit(1), origin });
    expect(brought).toEqual(stopped[freeze].includes("credit") ? frozen : yes);
  });

  it("goes by each currency for itself", () => {
    const swap = leg(line("debit", 10), line("credit", 10, "available", "EUR"));
    for (const freeze of ["debits", "credits", "all"] as const) {
      expect(ask(wallet({ available: 100 }, { freeze }), swap)).toEqual(frozen);
    }
  });

  it("comes before funds are looked at, and no other leg could change it", () => {
    expect(ask(wallet({ available: 1 }, { freeze: "debits" }), debit(2))).toEqual(frozen);
  });
});

describe("a move inside of a wallet", () => {
  it("needs no headroom, however full the wallet is", () => {
    const standing = wallet({ available: amountMax - 5, reserved: 5, incoming: 0 });
    const back = leg(line("debit", 5, "reserved"), line("credit", 5));
    expect(ask(standing, back)).toEqual(yes);
    expect(ask(standing, leg(line("debit", 9), line("credit", 9, "reserved")))).toEqual(yes);
  });
});

describe("the limit of open legs", () => {
  it("admits the 256th and is BUSY for the 257th, which is worth asking about", () => {
    const busy = { vote: "busy", reason: "open_legs", contestable: true };
    const atWallet = (openLegs: number) => wallet({ available: 10 }, { openLegs });
    for (const asked of [debit(1), credit(1)]) {
      expect(ask(atWallet(openLegsMax - 1), asked)).toEqual(yes);
      expect(ask(atWallet(openLegsMax), asked)).toEqual(busy);
    }
    expect(ask({ ...outside, openLegs: openLegsMax }, debit(amountMax))).toEqual(busy);
    expect(ask({ ...outside, openLegs: openLegsMax - 1 }, debit(amountMax))).toEqual(yes);
    expect(openLegsMax).toBe(256);
  });

  it("does not turn a refusal into BUSY", () => {
    expect(ask(wallet({}, { openLegs: openLegsMax }), debit(1))).toEqual(poor);
  });
});

describe("a claim", () => {
  const code = "duplicate_payment_reference";
  const used = (transactionId: string, amount: number, posted: boolean) => ({
    transactionId,
    amount,
    posted,
  });
  const claiming = (amount: number, key = "key"): NewLeg => ({
    ...debit(1),
    claims: [{ key, amount, refusal: code }],
  });
  const claimed = (
    amount: number,
    capacity: number,
    others: readonly UsedClaim[],
    { openLegs = 0, key }: { openLegs?: number; key?: string } = {},
  ) => {
    const claims = [{ capacity: BigInt(capacity), used: others }];
    return ask({ ...outside, openLegs, claims }, claiming(amount, key));
  };

  it("of a key that is free is admitted up to its capacity, whatever the leg moves", () => {
    expect(claimed(1, 1, [])).toEqual(yes);
    expect(claimed(10, 10, [])).toEqual(yes);
    expect(claimed(4, 10, [used("txn_1", 3, true), used("txn_2", 3, false)])).toEqual(yes);
  });

  it("is refused for good against posted ones, naming the first that was posted", () => {
    for (const openLegs of [0, openLegsMax]) {
      const others = [used("txn_1", 3, true), used("txn_2", 3, true), used("txn_3", 3, false)];
      const refusal = { code, transactionId: "txn_1" };
      expect(claimed(5, 10, others, { openLegs })).toEqual({
        vote: "no",
        refusal,
        contestable: false,
      });
    }
  });

  it.each([
    ["capture", "authorization_captured"],
    ["cancellation", "authorization_cancelled"],
    ["expiry", "authorization_expired"],
    ["transfer", code],
  ] as const)("of an origin is refused in the words of what was first: a %s", (type, said) => {
    const others = [{ ...used("txn_1", 10, true), type }, used("txn_2", 10, false)];
    const refusal = { code: said, transactionId: "txn_1" };
    const key = "origin:txn_0";
    expect(claimed(10, 10, others, { key })).toMatchObject({ vote: "no", refusal });
  });

  it("of a reference is refused in its own words, whatever has used it first", () => {
    const others = [{ ...used("txn_1", 1, true), type: "capture" as const }];
    const refusal = { code, transactionId: "txn_1" };
    const key = "payout:bank:po-1";
    expect(claimed(1, 1, others, { key })).toMatchObject({ vote: "no", refusal });
  });

  it("of more than there ever was is refused for good, naming the account", () => {
    const refusal = { code, account };
    expect(claimed(11, 10, [])).toEqual({ vote: "no", refusal, contestable: false });
    expect(claimed(11, 10, [used("txn_1", 1, false)])).toMatchObject({ refusal });
    expect(claimed(1, 0, [])).toMatchObject({ refusal });
  });

  it("is never refused against held ones: BUSY, after asking the logs of those alone", () => {
    const others = [used("txn_1", 3, true), used("txn_2", 3, false), used("txn_3", 2, false)];
    for (const openLegs of [0, openLegsMax]) {
      const busy = claimed(3, 10, others, { openLegs });
      expect(busy).toMatchObject({ vote: "busy", reason: "claim_undecided", contestable: true });
      const held = ["txn_2", "txn_3", "txn_4"].map((transactionId) => ({ transactionId }));
      expect(contestedLegs(busy, held)).toEqual(held.slice(0, 2));
    }
  });

  it("is measured exactly at any size", () => {
    const others = [used("txn_1", amountMax, true), used("txn_2", amountMax, true)];
    const capacity = 2n * BigInt(amountMax) + 1n;
    const standing = (room: bigint) => ({ ...outside, claims: [{ capacity: room, used: others }] });
    expect(ask(standing(capacity), claiming(1))).toEqual(yes);
    expect(ask(standing(capacity - 1n), claiming(1))).toMatchObject({ vote: "no" });
  });

  it("is refused where a key has 256 posted ones, however much of it is left", () => {
    const posted = (count: number) =>
      Array.from({ length: count }, (_, index) => used(`txn_${index + 1}`, 1, true));
    const tooMany = { code: "too_many_reversals", transactionId: "txn_1" };
    expect(claimed(1, 1_000, posted(255))).toEqual(yes);
    expect(claimed(1, 1_000, posted(256))).toEqual({
      vote: "no",
      refusal: tooMany,
      contestable: false,
    });
    expect(claimed(1, 256, posted(256))).toMatchObject({ refusal: { code } });
    const busy = claimed(1, 1_000, [...posted(255), used("txn_HELD", 1, false)]);
    expect(busy).toMatchObject({ vote: "busy", claimants: ["txn_HELD"] });
  });

  it("is looked at for each key of a leg", () => {
    const two = { ...claiming(1), claims: [...claiming(1).claims, ...claiming(1).claims] };
    const free = { capacity: 1n, used: [] };
    const gone = { capacity: 1n, used: [used("txn_1", 1, true)] };
    expect(ask({ ...outside, claims: [free, gone] }, two)).toMatchObject({ vote: "no" });
    expect(() => ask({ ...outside, claims: [free] }, two)).toThrow("a claim was not looked up");
  });
});

describe("the capacity of a key", () => {
  const origin = (...lines: readonly Line[]) => ({
    transactionId: "txn_1",
    fingerprint: "fp",
    lines,
  });

  it("of a payment is one, whatever the leg names as its origin", () => {
    expect(capacityOf("payment:bank:7", undefined)).toBe(1n);
    expect(capacityOf("payment:bank:7", origin(line("credit", 5)))).toBe(1n);
  });

  it("of an origin is what the origin's leg has put into the account", () => {
    const lines = [line("debit", 9), line("credit", 5, "reserved"), line("credit", amountMax)];
    expect(capacityOf(originKey("txn_1"), origin(...lines))).toBe(5n + BigInt(amountMax));
  });

  it("of an origin of several currencies goes by the first that came in", () => {
    const lines = [line("debit", 7), line("credit", 5, "available", "EUR"), line("credit", 2)];
    expect(capacityOf(originKey("txn_1"), origin(...lines))).toBe(5n);
    const more = [...lines, line("credit", 3, "available", "EUR")];
    expect(capacityOf(originKey("txn_1"), origin(...more))).toBe(8n);
  });

  it("of an origin that the account does not know, or of another one, is nothing", () => {
    expect(capacityOf(originKey("txn_1"), undefined)).toBe(0n);
    expect(capacityOf(originKey("txn_2"), origin(line("credit", 5)))).toBe(0n);
  });
});

describe("an origin", () => {
  const transactionId = "txn_ORIGIN";
  const refusal = "wallet_not_found";
  const ending: NewLeg = { ...debit(1), origin: { transactionId, refusal } };
  const standing = (origin: "none" | "held" | "posted" | "void"): Standing => ({
    ...outside,
    origin,
  });

  it("that is posted is followed", () => {
    expect(ask(standing("posted"), ending)).toEqual(yes);
  });

  it("that is void refuses for good, with the code that the request gives", () => {
    expect(ask(standing("void"), ending)).toEqual({
      vote: "no",
      refusal: { code: refusal, transactionId },
      contestable: false,
    });
  });

  it("that is held, or was not heard of, is waited for: its log alone is asked", () => {
    for (const state of ["held", "none"] as const) {
      const busy = ask(standing(state), ending);
      expect(busy).toMatchObject({ vote: "busy", reason: "origin_undecided", contestable: true });
      const held = [{ transactionId: "txn_OTHER" }, { transactionId }];
      expect(contestedLegs(busy, held)).toEqual([{ transactionId }]);
    }
  });
});

describe("the rules of admission", () => {
  it("run in the order of precedence of their refusals; being full comes last", () => {
    const precedence = admissionRules.map(({ code }) => refusalCodes.indexOf(code as RefusalCode));
    const refusals = precedence.filter((place) => place >= 0);
    expect(refusals).toEqual(refusals.toSorted((one, other) => one - other));
  });

  it("answer under their own code, contestable or not", () => {
    const shown = admissionRules.map(({ code, contestable }) => [code, contestable]);
    expect(shown).toEqual([
      ["wallet_frozen", false],
      ["origin", false],
      ["origin_undecided", true],
      ["claim", false],
      ["too_many_reversals", false],
      ["claim_undecided", true],
      ["insufficient_funds", true],
      ["balance_limit_exceeded", true],
      ["open_legs", true],
    ]);
  });

  it("of which none can be changed contest nothing, and the others every held leg", () => {
    const held = [{ transactionId: "txn_1" }, { transactionId: "txn_2" }];
    expect(contestedLegs({ vote: "yes" }, held)).toEqual([]);
    expect(contestedLegs(ask(wallet({}, { freeze: "debits" }), debit(1)), held)).toEqual([]);
    expect(contestedLegs(ask(wallet(), debit(1)), held)).toEqual(held);
  });
});

describe("whatever was admitted", () => {
  const amount = fc.integer({ min: 1, max: amountMax });
  /** What an authorization reserves, and what its end gives back, are moves of a wallet, too. */
  const lines = fc
    .tuple(fc.constantFrom("debit", "credit", "reserve"), amount)
    .map(([kind, value]): readonly Line[] =>
      kind === "reserve"
        ? [line("debit", value), line("credit", value, "reserved")]
        : [line(kind === "debit" ? "debit" : "credit", value)],
    );
  // Each leg is offered, and those held before are posted (true) or released (false) in turn.
  const step = fc.tuple(lines, fc.option(fc.boolean()));

  it("can be posted and released in any order with both buckets within 0 .. 2^53 - 1", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let net: Net = {};
        const held: { readonly lines: readonly Line[] }[] = [];
        for (const [offered, outcome] of steps) {
          const posted = net["USD"] ?? nothing;
          const funds = new Map([["USD", { posted, undecided: undecidedOf(held, "USD") }]]);
          const standing = { ...outside, funds, openLegs: held.length };
          if (ask(standing, leg(...offered)).vote === "yes") held.push({ lines: offered });
          if (outcome === null) continue;
          const settled = held.shift();
          if (settled && outcome) net = addLines(net, settled.lines);
          const { available, reserved } = net["USD"] ?? nothing;
          for (const sum of [available, reserved, available + reserved]) {
            expect(sum).toBeGreaterThanOrEqual(0);
            expect(sum).toBeLessThanOrEqual(amountMax);
          }
        }
      }),
    );
  });
});
