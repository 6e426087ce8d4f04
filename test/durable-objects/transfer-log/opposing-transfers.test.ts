// Guarantee: transfers that run against each other or in a ring neither lock each other out nor
// lose money: each ends with a decision, and the sum over the wallets stays what it was.
import { describe, expect, it } from "vitest";
import { outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { balanceOf, fundedWallet, readBalance } from "../../support/wallets.ts";

const move = async (from: string, to: string, amount: number) =>
  outcomeOf(await submit(submission(transfer(from, to, amount))));

const sumOf = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);

async function heldIn(walletId: string): Promise<number> {
  const { positions } = await readBalance(walletId);
  return sumOf(positions.map(({ held, incoming }) => held + incoming));
}

describe("opposing transfers", { timeout: 30_000 }, () => {
  it("all commit where both sides can pay for all of theirs", async () => {
    const [ada, bob] = await Promise.all([fundedWallet(300), fundedWallet(300)]);
    const there = Array.from({ length: 15 }, () => move(ada, bob, 20));
    const back = Array.from({ length: 15 }, () => move(bob, ada, 10));
    const outcomes = new Set(await Promise.all([...there, ...back]));
    expect([...outcomes]).toEqual(["committed"]);
    expect(await balanceOf(ada)).toBe(300 - 15 * 20 + 15 * 10);
    expect(await balanceOf(bob)).toBe(300 + 15 * 20 - 15 * 10);
  });

  it("of everything at once end, each with a decision, and keep the sum", async () => {
    const [ada, bob] = await Promise.all([fundedWallet(100), fundedWallet(100)]);
    const both = [move(ada, bob, 100), move(bob, ada, 100)];
    const again = [move(ada, bob, 200), move(bob, ada, 200)];
    const outcomes = await Promise.all([...both, ...again]);
    for (const outcome of outcomes) expect(["committed", "insufficient_funds"]).toContain(outcome);
    // What each can pay from its own money is never refused because of the other direction.
    expect(outcomes.slice(0, 2)).toContain("committed");
    const balances = await Promise.all([ada, bob].map(balanceOf));
    expect(sumOf(balances)).toBe(200);
    expect(Math.min(...balances)).toBeGreaterThanOrEqual(0);
    expect(await Promise.all([ada, bob].map(heldIn))).toEqual([0, 0]);
  });
});

describe("a ring of transfers", { timeout: 30_000 }, () => {
  it("turns, with every wallet sending all that it has", async () => {
    const wallets = await Promise.all(Array.from({ length: 6 }, () => fundedWallet(40)));
    const next = (index: number) => wallets[(index + 1) % wallets.length] ?? "";
    for (let round = 0; round < 4; round++) {
      const moves = wallets.map((from, index) => move(from, next(index), 40));
      expect(new Set(await Promise.all(moves))).toEqual(new Set(["committed"]));
    }
    expect(await Promise.all(wallets.map(balanceOf))).toEqual(Array(6).fill(40));
    expect(await Promise.all(wallets.map(heldIn))).toEqual(Array(6).fill(0));
  });

  it("keeps the sum where there is money for some of the transfers only", async () => {
    const wallets = await Promise.all([10, 1, 1, 1].map((amount) => fundedWallet(amount)));
    const moves = Array.from({ length: 32 }, (_, index) => {
      const from = wallets[index % 4] ?? "";
      const to = wallets[(index + 1) % 4] ?? "";
      return move(from, to, 1 + (index % 5));
    });
    const outcomes = new Set(await Promise.all(moves));
    expect([...outcomes].toSorted()).toEqual(["committed", "insufficient_funds"]);
    const balances = await Promise.all(wallets.map(balanceOf));
    expect(sumOf(balances)).toBe(13);
    expect(Math.min(...balances)).toBeGreaterThanOrEqual(0);
    expect(await Promise.all(wallets.map(heldIn))).toEqual([0, 0, 0, 0]);
  });
});
