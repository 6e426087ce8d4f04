// Guarantee: nothing is dated before what it spends or ends. A YES says when the newest of all that
// is posted in its account was decided, and every entry says when its own transaction was.
import { describe, expect, it } from "vitest";
import { funding, submission } from "../../support/ledger.ts";
import { postMany, sideAt, sidesOf } from "../../support/legs.ts";
import { runSql } from "../../support/objects.ts";
import { endOf, inWallet, line, posting, settle } from "../../support/postings.ts";
import { committed, onAccountStage } from "../../support/staged-account.ts";
import { eventsHappen } from "../../support/staged-log.ts";
import { walletObject } from "../../support/stubs.ts";
import { openWallet, readBalance } from "../../support/wallets.ts";

const credit = (amount = 1) => posting([line("credit", amount)]);
const newestOf = async (walletId: string) => {
  const vote = await inWallet(walletId, credit()).hold();
  return vote.vote === "yes" ? { newest: vote.newestDecidedAt } : vote;
};

describe("the YES of a wallet", () => {
  it("carries no time where nothing is posted", async () => {
    expect(await inWallet(await openWallet(), credit()).hold()).toEqual({ vote: "yes" });
  });

  it("carries the newest decision of all entries, in whatever order they were posted", async () => {
    const wallet = await openWallet();
    for (const decidedAt of [2_000, 5_000, 3_000]) {
      await settle(inWallet(wallet, credit(), decidedAt));
    }
    expect(await newestOf(wallet)).toEqual({ newest: 5_000 });
  });

  it("carries it when the newest decision is in another currency, or behind a checkpoint", async () => {
    const wallet = await openWallet();
    const future = Date.now() + 60_000;
    await settle(inWallet(wallet, posting([line("credit", 1, { currency: "EUR" })]), future));
    expect(await newestOf(wallet)).toEqual({ newest: future });
    await postMany(wallet, 70, () => submission(funding(wallet, 1)));
    expect(await newestOf(wallet)).toEqual({ newest: future });
  });

  it("of a repeated hold carries it, too", async () => {
    const wallet = await openWallet();
    const side = inWallet(wallet, credit());
    expect(await side.hold()).toEqual({ vote: "yes" });
    await settle(inWallet(wallet, credit(), 7_000));
    expect(await side.hold()).toEqual({ vote: "yes", newestDecidedAt: 7_000 });
  });
});

describe("the YES of the outside world", () => {
  it("carries the time of its origin alone: other payments are nothing to it", async () => {
    const [first] = sidesOf(submission(funding(await openWallet(), 5)));
    const { account: id, posting: paid } = first.call;
    const address = { class: "external-account", id } as const;
    await settle(sideAt(address, paid, 4_000));
    const { provider, paymentReference } = paid;
    const payment = { provider: provider ?? "", paymentReference: paymentReference ?? "" };
    const reversed = posting([line("credit", 5)], payment);
    expect(await sideAt(address, reversed).hold()).toEqual({ vote: "yes" });
    const claims: [] = [];
    const reversal = { ...endOf(paid, 5, [line("credit", 5)]), ...payment, claims };
    const vote = await sideAt(address, reversal).hold();
    expect(vote).toEqual({ vote: "yes", newestDecidedAt: 4_000 });
  });
});

describe("an entry", () => {
  const timesOf = (walletId: string) =>
    runSql(
      walletObject(walletId),
      "SELECT decided_at AS decided, created_at AS created FROM entries ORDER BY sequence",
    );

  it("is never posted before its decision, nor before the entry in front of it", async () => {
    const wallet = await openWallet();
    const future = Date.now() + 60_000;
    await settle(inWallet(wallet, credit(), future));
    await settle(inWallet(wallet, credit(), 1_000));
    expect(await timesOf(wallet)).toEqual([
      { decided: future, created: future },
      { decided: 1_000, created: future },
    ]);
  });

  it("carries the decision of its log, also where the account had to ask for it", async () => {
    const wallet = await openWallet();
    const held = inWallet(wallet, credit(10), 1_234);
    await held.hold();
    await onAccountStage(held.object, "wallet", async (stage) => {
      stage.clock.pass(1_000);
      const vote = stage.account.hold(inWallet(wallet, posting([line("debit", 10)])).call);
      await eventsHappen();
      stage.logs.at(0).answer(committed(held.call));
      expect(await vote).toEqual({ vote: "yes", newestDecidedAt: 1_234 });
    });
    expect(await timesOf(wallet)).toMatchObject([{ decided: 1_234 }]);
    expect((await readBalance(wallet)).head.sequence).toBe(1);
  });
});
