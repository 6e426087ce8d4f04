// Guarantee: what a client sees of a wallet adds up: available = balance - held, per currency.
import { describe, expect, it } from "vitest";
import { heldAmounts, positionsOf, type OpenLeg } from "../../src/domain/ledger/position.ts";

const legs: readonly OpenLeg[] = [
  { direction: "debit", currency: "USD", amount: 30 },
  { direction: "debit", currency: "USD", amount: 5 },
  { direction: "credit", currency: "USD", amount: 7 },
  { direction: "credit", currency: "JPY", amount: 900 },
];

describe("the positions of a wallet", () => {
  it("list every currency held or incoming, in alphabetical order", () => {
    expect(positionsOf({ USD: 100, EUR: 0 }, legs)).toEqual([
      { currency: "EUR", balance: 0, available: 0, held: 0, incoming: 0 },
      { currency: "JPY", balance: 0, available: 0, held: 0, incoming: 900 },
      { currency: "USD", balance: 100, available: 65, held: 35, incoming: 7 },
    ]);
  });

  it("are none for a wallet that never saw money", () => {
    expect(positionsOf({}, [])).toEqual([]);
  });
});

describe("held amounts", () => {
  it("count debits and credits of one currency apart", () => {
    expect(heldAmounts(legs, "USD")).toEqual({ debits: 35, credits: 7 });
    expect(heldAmounts(legs, "EUR")).toEqual({ debits: 0, credits: 0 });
  });
});
