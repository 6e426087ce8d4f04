// Guarantee: transfers that race for the same money never spend it twice: no wallet goes below
// zero, as many commit as the money pays for, and none is lost or made.
import { describe, expect, it } from "vitest";
import { outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { walletObject } from "../../support/stubs.ts";
import { balanceOf, fundedWallet, openWallet, readBalance } from "../../support/wallets.ts";
import { runSql } from "../../support/objects.ts";

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const countOf = (results: readonly string[], outcome: string) =>
  results.filter((result) => result === outcome).length;

/** The balance after each entry, lowest first. */
async function lowestBalance(walletId: string): Promise<number> {
  const [row] = await runSql(
    walletObject(walletId),
    `SELECT min(net) AS lowest FROM (
       SELECT SUM(CASE direction WHEN 'credit' THEN amount ELSE -amount END)
         OVER (ORDER BY sequence) AS net FROM entries)`,
  );
  return Number(row?.["lowest"]);
}

describe("many transfers out of one wallet at once", { timeout: 30_000 }, () => {
  it("commit exactly as many equal ones as it can pay", async () => {
    const sender = await fundedWallet(1_000);
    const receivers = await Promise.all(times(4, () => openWallet()));
    const outcomes = await Promise.all(
      times(40, async (index) => {
        const receiver = receivers[index % receivers.length] ?? sender;
        return outcomeOf(await submit(submission(transfer(sender, receiver, 70))));
      }),
    );
    expect(countOf(outcomes, "committed")).toBe(14);
    expect(countOf(outcomes, "insufficient_funds")).toBe(26);
    expect(await balanceOf(sender)).toBe(1_000 - 14 * 70);
    expect(await lowestBalance(sender)).toBe(20);
    const received = await Promise.all(receivers.map(balanceOf));
    expect(received.reduce((sum, amount) => sum + amount)).toBe(14 * 70);
  });

  it("leave nothing held and nothing below zero, whatever their sizes", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(500), openWallet()]);
    const amounts = times(30, (index) => 1 + ((index * 37) % 90));
    const outcomes = await Promise.all(
      amounts.map(async (amount) =>
        outcomeOf(await submit(submission(transfer(sender, receiver, amount)))),
      ),
    );
    const paid = amounts.filter((_, index) => outcomes[index] === "committed");
    const refused = amounts.filter((_, index) => outcomes[index] === "insufficient_funds");
    expect(paid.length + refused.length).toBe(amounts.length);
    const left = 500 - paid.reduce((sum, amount) => sum + amount, 0);
    expect(left).toBeGreaterThanOrEqual(0);
    // No other transfer takes money here, so what was refused could not have been paid at the end.
    expect(Math.min(...refused)).toBeGreaterThan(left);
    const { positions } = await readBalance(sender);
    const usd = {
      currency: "USD",
      balance: left,
      available: left,
      reserved: 0,
      held: 0,
      incoming: 0,
    };
    expect(positions).toEqual([usd]);
    expect(await balanceOf(receiver)).toBe(500 - left);
    expect(await lowestBalance(sender)).toBe(left);
  });

  it("refuse a second currency's debit from the first currency's money", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(500), openWallet()]);
    const inEuros = { ...transfer(sender, receiver, 1), currency: "EUR" };
    expect(outcomeOf(await submit(submission(inEuros)))).toBe("insufficient_funds");
    expect(await balanceOf(sender)).toBe(500);
  });
});

describe("money that was just received", () => {
  it("can be spent at once, all the way down a chain", async () => {
    const wallets = [await fundedWallet(90), ...(await Promise.all(times(5, () => openWallet())))];
    for (const [index, from] of wallets.slice(0, -1).entries()) {
      const to = wallets[index + 1] ?? "";
      expect(outcomeOf(await submit(submission(transfer(from, to, 90))))).toBe("committed");
    }
    expect(await Promise.all(wallets.map(balanceOf))).toEqual([0, 0, 0, 0, 0, 90]);
  });

  it("is paid for once when receiver and sender spend it at the same time", async () => {
    const [first, second, third] = [await fundedWallet(50), await openWallet(), await openWallet()];
    const outcomes = await Promise.all([
      submit(submission(transfer(first, second, 50))).then(outcomeOf),
      submit(submission(transfer(second, third, 50))).then(outcomeOf),
      submit(submission(transfer(first, third, 50))).then(outcomeOf),
    ]);
    const fromFirst = [outcomes[0], outcomes[2]].toSorted();
    expect(fromFirst).toEqual(["committed", "insufficient_funds"]);
    const balances = await Promise.all([first, second, third].map(balanceOf));
    expect(balances[0]).toBe(0);
    expect(balances.reduce((sum, balance) => sum + balance)).toBe(50);
  });
});
