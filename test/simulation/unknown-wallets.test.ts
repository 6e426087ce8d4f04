// Guarantee: ten thousand guesses at wallet ids leave no storage. The production code of a wallet
// runs on real SQLite, a new database for each guess, and not one of them gets a table.
// test/durable-objects/account/unknown-accounts.test.ts tries the same inside the Workers runtime.
import { expect, test } from "vitest";
import { userIdFor, walletIdOfUser } from "../../src/domain/ids.ts";
import { WalletAccount } from "../../src/durable-objects/wallet/core.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { migrationsIn } from "./production.ts";
import { Disk } from "./disk.ts";

const guesses = 10_000;
const migrations = migrationsIn("account", "wallet");
const calm = { strikes: () => false, durable: async () => {}, pause: async () => {} };
const call = { protocol: 1, requestId: "guess", tenant: "main" };

const noLog = () => {
  throw new Error("a wallet that does not exist asked a log");
};

function newWallet(disk: Disk): WalletAccount {
  const storage = disk.mount(() => true, calm);
  return new WalletAccount({ storage, clock: systemClock, logs: noLog, log: noLog }, migrations);
}

/** What was written and what is there: tables, indexes, triggers. */
function storedOn(disk: Disk): number {
  return disk.written + disk.query("SELECT name FROM sqlite_master").length;
}

async function guess(index: number): Promise<{ found: boolean; stored: number }> {
  const disk = new Disk();
  const wallet = newWallet(disk);
  const walletId = walletIdOfUser(userIdFor("main", `guess-${index}`));
  const posting = {
    transactionId: "txn_00000000000000000000000000",
    fingerprint: "fp1:guess",
  } as never;
  const about = { ...call, walletId };
  const answers = [
    wallet.profile(about),
    await wallet.readBalance(about),
    await wallet.readHistory({ ...about, filter: {}, limit: 10 }),
    await wallet.audit(about),
  ];
  const leg = { ...call, account: walletId, posting };
  const vote = await wallet.account.hold(leg);
  const released = await wallet.account.release(leg);
  const found = answers.some(({ ok }) => ok) || vote.vote !== "no" || !("acknowledged" in released);
  const stored = storedOn(disk);
  disk.close();
  return { found, stored };
}

test("a wallet that is opened would be noticed", () => {
  const disk = new Disk();
  const walletId = walletIdOfUser(userIdFor("main", "opened"));
  const profile = { name: "Ada" };
  newWallet(disk).open({ ...call, walletId, profile, fingerprint: "fp1:opened" });
  expect(storedOn(disk)).toBeGreaterThan(1);
});

test(`${guesses} random wallet ids create no storage`, { timeout: 60_000 }, async () => {
  let [found, stored] = [0, 0];
  for (let index = 0; index < guesses; index++) {
    const result = await guess(index);
    if (result.found) found += 1;
    stored += result.stored;
  }
  expect([found, stored]).toEqual([0, 0]);
});
