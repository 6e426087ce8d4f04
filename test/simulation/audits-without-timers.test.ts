// Guarantee: an audit needs no timer. Timers follow the clock, so an audit that waited for one
// while the clock is put back would hang for as long as the step. It lets others in all the same.
import { expect, test } from "vitest";
import { fingerprintUser } from "../../src/domain/fingerprint.ts";
import { transactionIdFor, userIdFor, walletIdOfUser } from "../../src/domain/ids.ts";
import type { Posting } from "../../src/domain/protocol/transaction.ts";
import type { LegRecordsCall } from "../../src/durable-objects/account/audit-contract.ts";
import { WalletAccount } from "../../src/durable-objects/wallet/core.ts";
import { Disk } from "./disk.ts";
import { migrationsIn } from "./production.ts";

/** More than an audit looks at in one turn. */
const fundings = 5_001;

const migrations = migrationsIn("account", "wallet");
const calm = { strikes: () => false, durable: async () => {}, pause: async () => {} };
const call = { protocol: 1, requestId: "audit", tenant: "main" };
const walletId = walletIdOfUser(userIdFor("main", "audited"));

const decidedAt = 1_000_000;

/** Stands still, and its timers never come. */
const stopped = { now: () => decidedAt, after: () => () => {} };

function postingOf(transactionId: string): Posting {
  return {
    transactionId,
    fingerprint: "fp1:test",
    type: "funding",
    lines: [
      {
        bucket: "available",
        direction: "credit",
        amount: 1,
        currency: "USD",
        counterparty: "external:default",
      },
    ],
    claims: [],
  };
}

async function fund(wallet: WalletAccount, transactionId: string): Promise<void> {
  const about = { ...call, account: walletId, posting: postingOf(transactionId) };
  expect(await wallet.account.hold(about)).toMatchObject({ vote: "yes" });
  expect(await wallet.account.post({ ...about, decidedAt })).toMatchObject({ acknowledged: true });
}

test("it ends while no timer comes, and waits for a log between its turns", async () => {
  const ids = Array.from({ length: fundings }, (_, n) => transactionIdFor("main", `funding-${n}`));
  const turns: string[] = [];
  const logs = () => ({
    ask: async () => {
      await Promise.resolve();
      turns.push("asked");
      return { ok: true, answers: [] } as const;
    },
    legRecords: async ({ transactionIds }: LegRecordsCall) =>
      transactionIds.map(
        (id) => ({ state: "committed", settled: true, decidedAt, posting: postingOf(id) }) as const,
      ),
  });
  const disk = new Disk();
  const storage = disk.mount(() => true, calm);
  const wallet = new WalletAccount({ storage, clock: stopped, logs, log: () => {} }, migrations);
  const profile = { name: "Ada" };
  wallet.open({ ...call, walletId, profile, fingerprint: fingerprintUser(profile) });
  for (const id of ids) await fund(wallet, id);

  const report = await wallet.audit({ ...call, walletId });
  expect(report).toMatchObject({
    ok: true,
    checked: { entries: fundings, transactions: fundings },
  });
  expect(report).not.toHaveProperty("difference");
  // One turn of the ledger has another behind it; the legs wait for their logs in any case.
  expect(turns).toEqual(["asked"]);
  disk.close();
}, 60_000);

test("it asks a log shard about at most 500 legs at once", async () => {
  const few = Array.from({ length: 1_003 }, (_, n) => `txn_00${String(n).padStart(24, "0")}`);
  const asked: number[] = [];
  const logs = () => ({
    ask: async () => ({ ok: true, answers: [] }) as const,
    legRecords: async ({ transactionIds }: LegRecordsCall) => {
      asked.push(transactionIds.length);
      return transactionIds.map(() => null);
    },
  });
  const disk = new Disk();
  const storage = disk.mount(() => true, calm);
  const wallet = new WalletAccount({ storage, clock: stopped, logs, log: () => {} }, migrations);
  const profile = { name: "Ada" };
  wallet.open({ ...call, walletId, profile, fingerprint: fingerprintUser(profile) });
  for (const id of few) await fund(wallet, id);
  const report = await wallet.audit({ ...call, walletId });
  expect(asked).toEqual([500, 500, 3]);
  expect(report).toMatchObject({
    difference: { kind: "entry_unknown_to_log", transactionId: few[0] },
  });
  disk.close();
}, 60_000);
