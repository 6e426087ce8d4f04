// Guarantee: all lines of a transaction in one account are one leg: one vote, one row, all of its
// entries together or none, one behind the other and of one time.
import { describe, expect, it } from "vitest";
import { funding, submission } from "../../support/ledger.ts";
import { postMany, sideAt, sidesOf } from "../../support/legs.ts";
import { contentsOf, failureOf, runSql } from "../../support/objects.ts";
import { inWallet, line, posting, reserving, settle } from "../../support/postings.ts";
import { walletObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet, readBalance } from "../../support/wallets.ts";

const reserved = { bucket: "reserved" } as const;
const entriesOf = (object: DurableObjectStub, transactionId: string) =>
  runSql(
    object,
    `SELECT sequence, line, bucket, direction, amount, decided_at, created_at FROM entries
     WHERE transaction_id = ? ORDER BY sequence`,
    transactionId,
  );

/** Three lines: 30 leave, 20 of them are reserved. */
const mixed = () =>
  posting([
    line("credit", 20, reserved),
    line("debit", 10),
    line("debit", 20, { currency: "USD" }),
  ]);

describe("a leg of several lines", () => {
  it("is held as one leg, and its debits count as spent", async () => {
    const wallet = await fundedWallet(100);
    const side = inWallet(wallet, mixed());
    expect(await side.hold()).toMatchObject({ vote: "yes" });
    expect(await side.hold()).toMatchObject({ vote: "yes" });
    expect(await runSql(side.object, "SELECT 1 FROM legs WHERE open = 1")).toHaveLength(1);
    const next = (amount: number) => inWallet(wallet, posting([line("debit", amount)])).hold();
    expect(await next(71)).toMatchObject({ vote: "busy" });
    expect(await next(70)).toMatchObject({ vote: "yes" });
  });

  it("is posted with contiguous entries, debits first, of one time, and closed by the last", async () => {
    const wallet = await fundedWallet(100);
    const side = inWallet(wallet, mixed(), Date.now() - 5);
    await settle(side);
    const { transactionId } = side.call.posting;
    const entries = await entriesOf(side.object, transactionId);
    expect(entries).toMatchObject([
      { sequence: 2, line: 1, bucket: "available", direction: "debit", amount: 10 },
      { sequence: 3, line: 2, bucket: "available", direction: "debit", amount: 20 },
      { sequence: 4, line: 3, bucket: "reserved", direction: "credit", amount: 20 },
    ]);
    expect(new Set(entries.map((entry) => entry["created_at"])).size).toBe(1);
    expect(new Set(entries.map((entry) => entry["decided_at"]))).toEqual(
      new Set([side.call.decidedAt]),
    );
    const legs = "SELECT open, sequence FROM legs WHERE transaction_id = ?";
    expect(await runSql(side.object, legs, transactionId)).toEqual([{ open: 0, sequence: 4 }]);
    expect((await readBalance(wallet)).positions).toEqual([
      { currency: "USD", balance: 90, available: 70, reserved: 20, held: 20, incoming: 0 },
    ]);
  });

  it("is posted once, and each time acknowledged with the hash of its last entry", async () => {
    const side = inWallet(await fundedWallet(100), mixed());
    await side.hold();
    const [first, second] = [await side.post(), await side.post()];
    const hash = "SELECT hash FROM entries ORDER BY sequence DESC LIMIT 1";
    const [head] = await runSql(side.object, hash);
    expect(first).toMatchObject({ acknowledged: true, entryHash: head?.["hash"] });
    expect(second).toMatchObject({ acknowledged: true, entryHash: head?.["hash"] });
    expect(await entriesOf(side.object, side.call.posting.transactionId)).toHaveLength(3);
  });

  it("is released as a whole", async () => {
    const wallet = await fundedWallet(100);
    const side = inWallet(wallet, mixed());
    await side.hold();
    expect(await side.release()).toEqual({ acknowledged: true });
    expect((await readBalance(wallet)).positions).toMatchObject([{ available: 100, held: 0 }]);
  });

  it("in two currencies needs the funds of both", async () => {
    const wallet = await fundedWallet(100);
    const euros = { currency: "EUR" };
    await settle(inWallet(wallet, posting([line("credit", 5, euros)])));
    const pay = (usd: number, eur: number) =>
      inWallet(wallet, posting([line("debit", usd), line("debit", eur, euros)])).hold();
    const poor = { refusal: { code: "insufficient_funds" } };
    expect(await pay(1, 6)).toMatchObject(poor);
    expect(await pay(101, 5)).toMatchObject(poor);
    expect(await pay(100, 5)).toMatchObject({ vote: "yes" });
  });

  it("outside of the wallets has its entries there, too", async () => {
    const [outside] = sidesOf(submission(funding(await openWallet(), 5)));
    const { account: id, posting: single } = outside.call;
    const lines = [line("debit", 2), line("debit", 3)];
    const side = sideAt({ class: "external-account", id }, { ...single, lines });
    await settle(side);
    expect(await entriesOf(side.object, single.transactionId)).toMatchObject([
      { line: 1, amount: 2 },
      { line: 2, amount: 3 },
    ]);
  });
});

describe("money that is reserved", () => {
  it("cannot be spent, though it is part of the balance", async () => {
    const wallet = await fundedWallet(100);
    await settle(inWallet(wallet, posting(reserving(60))));
    const pay = (amount: number) => inWallet(wallet, posting([line("debit", amount)])).hold();
    const refusal = { code: "insufficient_funds", account: wallet };
    expect(await pay(41)).toEqual({ vote: "no", refusal });
    expect(await pay(40)).toMatchObject({ vote: "yes" });
  });
});

describe("a post that fails between two entries", () => {
  it("leaves none of them, and succeeds when it is repeated", async () => {
    const side = inWallet(await fundedWallet(100), mixed());
    await side.hold();
    const before = await contentsOf(side.object);
    for (const number of [2, 3]) {
      await runSql(
        side.object,
        `CREATE TRIGGER broken BEFORE INSERT ON entries WHEN NEW.line = ${number}
         BEGIN SELECT RAISE(ABORT, 'broken by a test'); END`,
      );
      expect(await failureOf(side.post)).toContain("broken by a test");
      expect(await contentsOf(side.object)).toBe(before);
      await runSql(side.object, "DROP TRIGGER broken");
    }
    expect(await side.post()).toMatchObject({ acknowledged: true });
    expect(await entriesOf(side.object, side.call.posting.transactionId)).toHaveLength(3);
  });

  it("at a checkpoint that falls between them leaves none either", async () => {
    const wallet = await openWallet();
    await postMany(wallet, 63, () => submission(funding(wallet, 10)));
    const side = inWallet(wallet, mixed());
    await side.hold();
    const before = await contentsOf(side.object);
    await runSql(
      side.object,
      `CREATE TRIGGER broken BEFORE INSERT ON entries WHEN NEW.line = 3
       BEGIN SELECT RAISE(ABORT, 'broken by a test'); END`,
    );
    expect(await failureOf(side.post)).toContain("broken by a test");
    expect(await contentsOf(side.object)).toBe(before);
    await runSql(side.object, "DROP TRIGGER broken");
    await side.post();
    const sums = "SELECT sequence, sums FROM checkpoints";
    const [checkpoint] = await runSql(walletObject(wallet), sums);
    expect(checkpoint?.["sequence"]).toBe(64);
    expect(JSON.parse(checkpoint?.["sums"] as string)).toEqual({
      USD: { available: 620, reserved: 0, debited: "10" },
    });
    expect((await readBalance(wallet)).positions).toMatchObject([{ balance: 620, reserved: 20 }]);
  });
});
