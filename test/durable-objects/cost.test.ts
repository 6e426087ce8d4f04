// Guarantee: an undisturbed transfer writes at most 10 rows over all objects, a funding 11, however
// long the ledgers are: rows written are nearly all of the bill.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Submission } from "../../src/domain/protocol/transaction.ts";
import type { Account } from "../../src/durable-objects/account/core.ts";
import { createExternalAccount } from "../../src/durable-objects/external-account/core.ts";
import { TransferLogCore } from "../../src/durable-objects/transfer-log/core.ts";
import {
  externalAccountMigrations,
  transferLogMigrations,
  walletMigrations,
} from "../../src/durable-objects/rpc/migrations.ts";
import { accountsOf, logsOf } from "../../src/durable-objects/rpc/stubs.ts";
import { WalletAccount } from "../../src/durable-objects/wallet/core.ts";
import { systemClock } from "../../src/platform/clock.ts";
import type { ObjectStorage } from "../../src/platform/storage.ts";
import { call } from "../support/caller.ts";
import { keyInShard } from "../support/keys.ts";
import { funding, submission, submit, transfer } from "../support/ledger.ts";
import { logObject } from "../support/stubs.ts";
import { openWallet } from "../support/wallets.ts";
import { postMany, sidesOf, type Side } from "../support/legs.ts";
import { countRows } from "../support/rows-written.ts";

const quiet = () => {};
const shard = 3;

function accountParts(storage: ObjectStorage) {
  return { storage, clock: systemClock, logs: logsOf(env), log: quiet };
}

const openWalletAccount = (storage: ObjectStorage): Account =>
  new WalletAccount(accountParts(storage), walletMigrations).account;

const openExternalAccount = (storage: ObjectStorage): Account =>
  createExternalAccount(accountParts(storage), externalAccountMigrations);

/** Rows that the production code writes in an account for one hold and its post. */
function rowsOfSide(side: Side, open: (storage: ObjectStorage) => Account): Promise<number> {
  return runInDurableObject(side.object, async (_instance, state) => {
    const { storage, take } = countRows(state.storage);
    const account = open(storage);
    account.exists(call.tenant, side.call.account);
    take();
    expect(await account.hold(side.call)).toMatchObject({ vote: "yes" });
    expect(await account.post(side.call)).toMatchObject({ acknowledged: true });
    return take();
  });
}

/** Rows that the production code writes in the log for one submission, with its alarm. */
function rowsOfLog(submitted: Submission): Promise<number> {
  return runInDurableObject(logObject(submitted.id), async (_instance, state) => {
    const { storage, take } = countRows(state.storage);
    const accounts = accountsOf(env);
    const parts = { storage, clock: systemClock, random: Math.random, accounts, log: quiet };
    const log = new TransferLogCore({ ...parts, migrations: transferLogMigrations });
    expect(await log.submit({ ...call, principal: "test", submission: submitted })).toMatchObject({
      outcome: "settled",
      transaction: { state: "committed" },
    });
    // What is settled is written with the shard's next write, or before a read that shows it.
    log.reads.unsettled({ ...call, createdUntil: 0 });
    return take();
  });
}

describe("rows written", { timeout: 30_000 }, () => {
  it.each([1, 500])("by a transfer between wallets with %i entries: 10", async (length) => {
    const [sender, receiver] = await Promise.all([openWallet(), openWallet()]);
    for (const wallet of [sender, receiver]) {
      await postMany(wallet, length, () => submission(funding(wallet, 1_000)));
    }
    const key = () => keyInShard(shard);
    const earlier = submission(funding(sender, 1), key());
    await submit(earlier);
    await logObject(earlier.id).unsettled({ ...call, createdUntil: 0 });
    const inLog = await rowsOfLog(submission(transfer(sender, receiver, 1), key()));
    const [debit, credit] = sidesOf(submission(transfer(sender, receiver, 1)));
    const inSender = await rowsOfSide(debit, openWalletAccount);
    const inReceiver = await rowsOfSide(credit, openWalletAccount);
    expect({ inLog, inSender, inReceiver }).toEqual({ inLog: 4, inSender: 3, inReceiver: 3 });
  });

  it("by a funding: one more, for its claim", async () => {
    const wallet = await openWallet();
    const submitted = submission(funding(wallet, 1));
    const [external, credit] = sidesOf(submitted);
    const { paymentReference } = external.call.posting;
    // The shard is opened by an earlier hold, whose claim on the same reference is given up.
    const [earlier] = sidesOf(submission(funding(wallet, 1, paymentReference)));
    await earlier.hold();
    await earlier.release();
    expect(await rowsOfSide(external, openExternalAccount)).toBe(4);
    expect(await rowsOfSide(credit, openWalletAccount)).toBe(3);
  });
});
