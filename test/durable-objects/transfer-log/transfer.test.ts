// Guarantee: money moves between wallets as a whole or not at all, once for each key.
import { describe, expect, it } from "vitest";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { balanceOf, fundedWallet, openWallet } from "../../support/wallets.ts";

describe("a transfer", () => {
  it("debits the sender and credits the receiver", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(1_000), openWallet()]);
    const result = await submit(submission(transfer(sender, receiver, 400)));
    expect(outcomeOf(result)).toBe("committed");
    expect(await balanceOf(sender)).toBe(600);
    expect(await balanceOf(receiver)).toBe(400);
  });

  it("is refused as a whole where the sender lacks funds", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const result = await submit(submission(transfer(sender, receiver, 101)));
    expect(outcomeOf(result)).toBe("insufficient_funds");
    expect(await balanceOf(sender)).toBe(100);
    expect(await balanceOf(receiver)).toBe(0);
  });

  it("credits a payment reference once, in either order", async () => {
    const wallets = await Promise.all([openWallet(), openWallet()]);
    const reference = crypto.randomUUID();
    const results = await Promise.all(
      wallets.map((wallet) => submit(submission(funding(wallet, 70, reference)))),
    );
    expect(results.map(outcomeOf).toSorted()).toEqual(["committed", "duplicate_payment_reference"]);
    const balances = await Promise.all(wallets.map(balanceOf));
    expect(balances.toSorted((a, b) => a - b)).toEqual([0, 70]);
  });
});
