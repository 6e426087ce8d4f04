// Guarantee: whichever way a wallet's ledger is added up, the figures are the same: held legs of one
// line in SQL and those of several in JSON, checkpoints and the entries themselves.
import { runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buckets, type Line } from "../../../src/domain/ledger/line.ts";
import { undecidedOf } from "../../../src/domain/ledger/position.ts";
import type { Posting } from "../../../src/domain/protocol/transaction.ts";
import { AccountStore } from "../../../src/durable-objects/account/store.ts";
import { LedgerSums } from "../../../src/durable-objects/wallet/sums.ts";
import { runSql } from "../../support/objects.ts";
import { inWallet, line, posting, reserving } from "../../support/postings.ts";
import { walletObject } from "../../support/stubs.ts";
import { openWallet } from "../../support/wallets.ts";

const currencies = ["USD", "EUR"] as const;
const anyLine = fc.record({
  bucket: fc.constantFrom(...buckets),
  direction: fc.constantFrom("debit" as const, "credit" as const),
  currency: fc.constantFrom(...currencies),
  amount: fc.integer({ min: 1, max: 1_000_000_000 }),
});
const anyLines = fc.array(
  anyLine.map(({ direction, amount, ...more }) => line(direction, amount, more)),
  { minLength: 1, maxLength: 4 },
);

describe("what held legs would do", () => {
  it("is the same in SQL and in JSON as by the rule, for any legs in any currency", async () => {
    const object = walletObject(await openWallet());
    await runInDurableObject(object, (_instance, { storage }) => {
      const store = new AccountStore(storage);
      const sums = new LedgerSums(storage);
      // Legs are never deleted: every example adds some to those of the ones before.
      const held: Posting[] = [];
      for (const legs of fc.sample(fc.array(anyLines, { maxLength: 3 }), 60)) {
        for (const lines of legs) {
          const leg = posting(lines);
          store.insertHeld(leg);
          held.push(leg);
        }
        for (const currency of currencies) {
          const { funds, openLegs } = sums.look("txn_NEW", currency);
          expect(funds.undecided).toEqual(undecidedOf(held, currency));
          expect(openLegs).toBe(held.length);
        }
      }
      expect(held.some(({ lines }) => lines.length > 1)).toBe(true);
      expect(held.some(({ lines }) => lines.length === 1)).toBe(true);
    });
  });
});

/** A checkpoint, reckoned from all entries up to its own. */
function reckoned(rows: readonly (Line & { decided: number; created: number })[]) {
  const sums: Record<string, Record<string, bigint>> = {};
  for (const { bucket, direction, currency, amount } of rows) {
    const sum = (sums[currency] ??= { available: 0n, reserved: 0n, debited: 0n });
    const signed = BigInt(direction === "credit" ? amount : -amount);
    sum[bucket] = (sum[bucket] ?? 0n) + signed;
    if (bucket === "available" && direction === "debit") {
      sum["debited"] = (sum["debited"] ?? 0n) - signed;
    }
  }
  return {
    sums: Object.fromEntries(
      Object.entries(sums).map(([currency, { available, reserved, debited }]) => [
        currency,
        { available: Number(available), reserved: Number(reserved), debited: String(debited) },
      ]),
    ),
    decided: Math.max(...rows.map(({ decided }) => decided)),
    lag: Math.max(...rows.map(({ decided, created }) => created - decided)),
  };
}

/** Posts legs from inside of the wallet's object; the n-th was decided at `decidedAt(n)`. */
async function postAll(
  walletId: string,
  legs: readonly Posting[],
  decidedAt: (index: number) => number,
): Promise<void> {
  const calls = legs.map((leg, index) => inWallet(walletId, leg, decidedAt(index)).call);
  await runInDurableObject(walletObject(walletId), async (wallet) => {
    for (const one of calls) {
      expect(await wallet.hold(one)).toMatchObject({ vote: "yes" });
      await wallet.post(one);
    }
  });
}

describe("a checkpoint", { timeout: 60_000 }, () => {
  async function compare(walletId: string): Promise<number> {
    const object = walletObject(walletId);
    const rows = await runSql(
      object,
      `SELECT bucket, direction, currency, amount, decided_at AS decided, created_at AS created
       FROM entries ORDER BY sequence`,
    );
    const entries = rows as unknown as Parameters<typeof reckoned>[0];
    const checkpoints = await runSql(object, "SELECT * FROM checkpoints ORDER BY sequence");
    for (const { sequence, sums, decided_at: decided, lag } of checkpoints) {
      const stored = { sums: JSON.parse(sums as string) as object, decided, lag };
      expect(stored).toEqual(reckoned(entries.slice(0, Number(sequence))));
    }
    return checkpoints.length;
  }

  it("says what all entries up to it add up to: buckets, spending, newest decision and lag", async () => {
    const walletId = await openWallet();
    const euros = { currency: "EUR" };
    const kinds = [
      () => [line("credit", 100)],
      () => reserving(20),
      () => [line("debit", 7), line("debit", 5), line("credit", 9, euros)],
      () => [line("debit", 10, { bucket: "reserved" })],
      () => [line("debit", 3, { bucket: "reserved" }), line("credit", 3)],
    ];
    const legs = Array.from({ length: 100 }, (_, index) => posting(kinds[index % 5]?.() ?? []));
    const now = Date.now();
    // The latest posting of all is before the first checkpoint.
    const lateBy = (index: number) => (index === 10 ? 5_000 : (index * 137) % 1_000);
    await postAll(walletId, legs, (index) => now - lateBy(index) * 1_000);
    expect(await compare(walletId)).toBe(2);
  });

  it("counts spending beyond the exact range", async () => {
    const walletId = await openWallet();
    const all = Number.MAX_SAFE_INTEGER;
    const turns = Array.from({ length: 64 }, (_, index) =>
      posting([line(index % 2 === 0 ? "credit" : "debit", all)]),
    );
    await postAll(walletId, turns, () => Date.now());
    expect(await compare(walletId)).toBe(1);
    const [row] = await runSql(walletObject(walletId), "SELECT sums FROM checkpoints");
    const debited = String(32n * BigInt(all));
    const sums = { USD: { available: 0, reserved: 0, debited } };
    expect(JSON.parse(row?.["sums"] as string)).toEqual(sums);
  });
});
