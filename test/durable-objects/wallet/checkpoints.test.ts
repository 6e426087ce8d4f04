// Guarantee: a balance is the sum of the entries, at any length of the ledger. Checkpoints shorten
// the sum every 64 entries and decide nothing: without them every answer is the same.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { amountMax } from "../../../src/domain/limits.ts";
import { walletStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "../../support/caller.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { walletObject } from "../../support/stubs.ts";
import { freeze, openWallet, readBalance } from "../../support/wallets.ts";
import { postMany, sidesOf } from "../../support/legs.ts";
import { runSql, textOf } from "../../support/objects.ts";

const someone = `wal_${"0".repeat(26)}`;

/** Net amounts as the plain sum over all entries. */
async function sumOfEntries(walletId: string): Promise<Record<string, number>> {
  const rows = await runSql(
    walletObject(walletId),
    `SELECT currency, SUM(CASE direction WHEN 'credit' THEN amount ELSE -amount END) AS net
     FROM entries GROUP BY currency`,
  );
  return Object.fromEntries(rows.map((row) => [textOf(row["currency"]), Number(row["net"])]));
}

async function balancesOf(walletId: string): Promise<Record<string, number>> {
  const { positions } = await readBalance(walletId);
  return Object.fromEntries(positions.map(({ currency, balance }) => [currency, balance]));
}

const checkpointsOf = (walletId: string) =>
  runSql(walletObject(walletId), "SELECT * FROM checkpoints ORDER BY sequence");

/** Fundings and payments in two currencies; every third one takes out what came in before. */
const mixed = (walletId: string) => (index: number) => {
  const currency = index % 5 === 0 ? "EUR" : "USD";
  if (index % 3 === 2) return submission({ ...transfer(walletId, someone, 2), currency: "USD" });
  return submission({ ...funding(walletId, 10 + index), currency });
};

describe("a balance", { timeout: 30_000 }, () => {
  it("equals the sum of the entries at and around every checkpoint", async () => {
    const walletId = await openWallet();
    let posted = 0;
    for (const until of [1, 62, 63, 64, 65, 127, 128, 129, 191, 192, 193]) {
      await postMany(walletId, until - posted, mixed(walletId));
      posted = until;
      expect(await balancesOf(walletId), `after ${until}`).toEqual(await sumOfEntries(walletId));
      expect((await readBalance(walletId)).head.sequence).toBe(until);
    }
    const checkpoints = await checkpointsOf(walletId);
    expect(checkpoints.map((row) => row["sequence"])).toEqual([64, 128, 192]);
  });

  it("and every page of history are the same without any checkpoint", async () => {
    const walletId = await openWallet();
    await postMany(walletId, 200, mixed(walletId));
    const wallet = walletStub(env, tenant, walletId);
    const readAll = async () => [
      await readBalance(walletId),
      await wallet.readHistory({ ...call, walletId, filter: {}, limit: 200 }),
      await wallet.readHistory({ ...call, walletId, filter: {}, limit: 7, before: 130 }),
      await wallet.readHistory({ ...call, walletId, filter: { currency: "EUR" }, limit: 9 }),
    ];
    const before = await readAll();
    await runSql(walletObject(walletId), "DELETE FROM checkpoints");
    expect(await readAll()).toEqual(before);
  });

  it("is still right when new checkpoints follow deleted ones", async () => {
    const walletId = await openWallet();
    await postMany(walletId, 130, mixed(walletId));
    await runSql(walletObject(walletId), "DELETE FROM checkpoints WHERE sequence = 64");
    await postMany(walletId, 70, mixed(walletId));
    expect(await balancesOf(walletId)).toEqual(await sumOfEntries(walletId));
    await runSql(walletObject(walletId), "DELETE FROM checkpoints");
    await postMany(walletId, 60, mixed(walletId));
    expect((await checkpointsOf(walletId)).map((row) => row["sequence"])).toEqual([256]);
    expect(await balancesOf(walletId)).toEqual(await sumOfEntries(walletId));
  });

  it("stays exact where lifetime sums leave the exact range many times over", async () => {
    const walletId = await openWallet();
    const turn = (index: number) =>
      index % 2 === 0
        ? submission(funding(walletId, amountMax))
        : submission(transfer(walletId, someone, amountMax));
    await postMany(walletId, 131, turn);
    expect(await balancesOf(walletId)).toEqual({ USD: amountMax });
    await runSql(walletObject(walletId), "DELETE FROM checkpoints");
    expect(await balancesOf(walletId)).toEqual({ USD: amountMax });
    const [debit] = sidesOf(submission(transfer(walletId, someone, amountMax)));
    expect(await debit.hold()).toMatchObject({ vote: "yes" });
  });
});

describe("a checkpoint beyond the end of the ledger", () => {
  it("is damage: it buys nothing and shows nothing", async () => {
    const [walletId, other] = await Promise.all([openWallet(), openWallet()]);
    await postMany(walletId, 1, () => submission(funding(walletId, 100)));
    await runSql(walletObject(walletId), "DROP TRIGGER checkpoints_appended");
    const beyond = `INSERT INTO checkpoints (sequence, sums, decided_at, lag) VALUES
      (1000, '{"USD":{"available":5000,"reserved":0,"debited":"0"}}', 9999999999999, 0)`;
    await runSql(walletObject(walletId), beyond);
    const outcome = async (amount: number) =>
      outcomeOf(await submit(submission(transfer(walletId, other, amount))));
    expect(await outcome(101)).toBe("insufficient_funds");
    expect(await outcome(100)).toBe("committed");
    expect(await balancesOf(walletId)).toEqual({ USD: 0 });
  });
});

describe("the largest amount", () => {
  it("comes in once, leaves no headroom, and goes on as a whole", async () => {
    const [first, second] = await Promise.all([openWallet(), openWallet()]);
    const outcome = async (sent: Parameters<typeof submission>[0]) =>
      outcomeOf(await submit(submission(sent)));
    expect(await outcome(funding(first, amountMax))).toBe("committed");
    expect(await outcome(funding(first, 1))).toBe("balance_limit_exceeded");
    expect(await outcome({ ...funding(first, 1), currency: "EUR" })).toBe("committed");
    expect(await outcome(transfer(first, second, amountMax))).toBe("committed");
    expect(await balancesOf(first)).toEqual({ EUR: 1, USD: 0 });
    expect(await balancesOf(second)).toEqual({ USD: amountMax });
  });
});

describe("a freeze", () => {
  it("refuses new debits, lets credits in, and ends", async () => {
    const [walletId, other] = await Promise.all([openWallet(), openWallet()]);
    const outcome = async (sent: Parameters<typeof submission>[0]) =>
      outcomeOf(await submit(submission(sent)));
    await freeze(walletId, true);
    expect(await outcome(funding(walletId, 10))).toBe("committed");
    expect(await outcome(transfer(walletId, other, 5))).toBe("wallet_frozen");
    expect(await outcome(transfer(walletId, other, 50))).toBe("wallet_frozen");
    await freeze(walletId, false);
    expect(await outcome(transfer(walletId, other, 5))).toBe("committed");
    await freeze(walletId, true);
    expect(await outcome(transfer(walletId, other, 5))).toBe("wallet_frozen");
  });

  it("between hold and post stops nothing: a YES binds", async () => {
    const walletId = await openWallet();
    await postMany(walletId, 1, () => submission(funding(walletId, 10)));
    const [debit] = sidesOf(submission(transfer(walletId, someone, 10)));
    expect(await debit.hold()).toMatchObject({ vote: "yes" });
    await freeze(walletId, true);
    expect(await debit.post()).toMatchObject({ acknowledged: true });
    expect(await balancesOf(walletId)).toEqual({ USD: 0 });
  });
});
