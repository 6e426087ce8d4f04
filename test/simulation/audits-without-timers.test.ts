// Guarantee: an audit needs no timer. Timers follow the clock, so an audit that waited for one
// while the clock is put back would hang for as long as the step. It lets others in all the same.
import { expect, test } from "vitest";
import { logShardOf, transactionIdFor, userIdFor, walletIdOfUser } from "../../src/domain/ids.ts";
import type { CommittedLeg } from "../../src/durable-objects/contract.ts";
import { WalletAccount } from "../../src/durable-objects/wallet-account.ts";
import { Disk } from "./disk.ts";
import { migrationsIn } from "./production.ts";

/** More than an audit looks at in one turn. */
const fundings = 5_001;

const migrations = migrationsIn("account", "wallet");
const calm = { strikes: () => false, durable: async () => {}, pause: async () => {} };
const call = { protocol: 1, requestId: "audit", tenant: "main" };
const walletId = walletIdOfUser(userIdFor("main", "audited"));

/** Stands still, and its timers never come. */
const stopped = { now: () => 1_000_000, after: () => () => {} };

function legOf(transactionId: string): CommittedLeg {
  return { transactionId, direction: "credit", amount: 1, currency: "USD", settled: true };
}

async function fund(wallet: WalletAccount, transactionId: string): Promise<void> {
  const { direction, amount, currency } = legOf(transactionId);
  const posting = {
    transactionId,
    fingerprint: "fp1:test",
    type: "funding",
    direction,
    amount,
    currency,
    counterparty: "external:default",
  } as const;
  const about = { ...call, account: walletId, posting };
  expect(await wallet.account.hold(about)).toEqual({ vote: "yes" });
  expect(await wallet.account.post(about)).toMatchObject({ acknowledged: true });
}

test("it ends while no timer comes, and waits for a log between its turns", async () => {
  const ids = Array.from({ length: fundings }, (_, n) => transactionIdFor("main", `funding-${n}`));
  const turns: string[] = [];
  const logs = (shard: number) => ({
    ask: async () => {
      await Promise.resolve();
      turns.push("asked");
      return { ok: true, answers: [] } as const;
    },
    committedLegs: async () => ({
      legs: ids.filter((id) => logShardOf(id) === shard).map(legOf),
      nextAfter: null,
    }),
  });
  const disk = new Disk();
  const storage = disk.mount(() => true, calm);
  const wallet = new WalletAccount({ storage, clock: stopped, logs, log: () => {} }, migrations);
  wallet.open({ ...call, walletId, profile: { name: "Ada" }, fingerprint: "fp1:opened" });
  for (const id of ids) await fund(wallet, id);

  const report = await wallet.audit({ ...call, walletId });
  expect(report).toMatchObject({
    ok: true,
    checked: { entries: fundings, transactions: fundings },
  });
  expect(report).not.toHaveProperty("difference");
  // One turn of the ledger has another behind it, and one turn of the legs.
  expect(turns).toEqual(["asked", "asked"]);
  disk.close();
}, 60_000);
