// Guarantee: everything about balances is per currency. What is held of one currency neither spends
// another one, nor uses up its headroom, nor can be spent in its place.
import { describe, expect, it } from "vitest";
import { amountMax } from "../../../src/domain/limits.ts";
import type { SentFunding } from "../../../src/domain/operations/funding.ts";
import type { SentTransfer } from "../../../src/domain/operations/transfer.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { fundedWallet, openWallet, readBalance } from "../../support/wallets.ts";
import { sidesOf } from "../../support/legs.ts";
import { recordTransaction } from "../../support/log-rows.ts";

const yes = { vote: "yes" };
const inEuros = (sent: SentFunding | SentTransfer) => ({ ...sent, currency: "EUR" });

/** A hold on the wallet's side that is undecided in its log, too. */
async function hold(sent: SentFunding | SentTransfer) {
  const submitted = submission(sent);
  await recordTransaction(submitted);
  const [debit, credit] = sidesOf(submitted);
  return await (sent.type === "transfer" ? debit : credit).hold();
}

describe("a wallet with 100 dollars and 50 euros", () => {
  async function openBoth() {
    const [wallet, other] = [await fundedWallet(100), await openWallet()];
    expect(outcomeOf(await submit(submission(inEuros(funding(wallet, 50)))))).toBe("committed");
    return { wallet, other };
  }

  it("spends its dollars while its euros are held, and no euro twice", async () => {
    const { wallet, other } = await openBoth();
    expect(await hold(inEuros(transfer(wallet, other, 50)))).toMatchObject(yes);
    expect(await hold(transfer(wallet, other, 100))).toMatchObject(yes);
    for (const sent of [transfer(wallet, other, 1), inEuros(transfer(wallet, other, 1))]) {
      expect(await hold(sent)).toMatchObject({ refusal: { code: "insufficient_funds" } });
    }
  });

  it("cannot pay one currency with the other", async () => {
    const { wallet, other } = await openBoth();
    const refused = { vote: "no", refusal: { code: "insufficient_funds" } };
    expect(await hold(inEuros(transfer(wallet, other, 51)))).toMatchObject(refused);
    expect(await hold({ ...transfer(wallet, other, 1), currency: "CHF" })).toMatchObject(refused);
  });

  it("has the headroom of each currency to itself", async () => {
    const { wallet } = await openBoth();
    expect(await hold(inEuros(funding(wallet, amountMax - 50)))).toMatchObject(yes);
    expect(await hold(inEuros(funding(wallet, 1)))).toMatchObject({
      refusal: { code: "balance_limit_exceeded" },
    });
    expect(await hold(funding(wallet, amountMax - 100))).toMatchObject(yes);
  });

  it("shows what is held and incoming under its own currency", async () => {
    const { wallet, other } = await openBoth();
    await hold(inEuros(transfer(wallet, other, 20)));
    await hold(funding(wallet, 5));
    expect((await readBalance(wallet)).positions).toEqual([
      { currency: "EUR", balance: 50, available: 30, reserved: 0, held: 20, incoming: 0 },
      { currency: "USD", balance: 100, available: 100, reserved: 0, held: 0, incoming: 5 },
    ]);
  });
});
