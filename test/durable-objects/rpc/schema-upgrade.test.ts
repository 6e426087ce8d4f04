// Guarantee: an object whose tables are of an earlier release gets the newer migrations at its next
// use, keeps every row as it was, and then works as if it had been made today.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createExternalAccount } from "../../../src/durable-objects/external-account/core.ts";
import {
  externalAccountMigrations,
  walletMigrations,
} from "../../../src/durable-objects/rpc/migrations.ts";
import { logsOf } from "../../../src/durable-objects/rpc/stubs.ts";
import { WalletAccount } from "../../../src/durable-objects/wallet/core.ts";
import { systemClock } from "../../../src/platform/clock.ts";
import type { Migration } from "../../../src/platform/migrations.ts";
import { call } from "../../support/caller.ts";
import { funding, submission, submit, transfer } from "../../support/ledger.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";
import { contentsOf, runSql, tablesOf, textOf } from "../../support/objects.ts";
import { externalObject, walletObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";

/** What a later release might add. */
const later: Migration = {
  id: "account/9999_later",
  sql: "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT; INSERT INTO later VALUES (7);",
};

const partsOf = (storage: DurableObjectStorage) => ({
  storage,
  clock: systemClock,
  logs: logsOf(env),
  log: () => {},
});

const appliedTo = async (object: DurableObjectStub): Promise<string[]> =>
  (await runSql(object, "SELECT id FROM migrations")).map(({ id }) => textOf(id));

/** The contents without what the later release has added. */
async function earlierContents(object: DurableObjectStub): Promise<string> {
  const {
    later: _,
    migrations: __,
    ...contents
  } = JSON.parse(await contentsOf(object)) as Record<string, string[]>;
  return JSON.stringify(contents);
}

describe("a wallet of an earlier release", () => {
  it("keeps its rows, gets what is new once, and posts what it held", async () => {
    const walletId = await fundedWallet(10);
    const object = walletObject(walletId);
    const submitted = submission(transfer(walletId, await openWallet(), 4));
    const [debit] = sidesOf(submitted);
    await debit.hold();
    const before = await earlierContents(object);
    for (let time = 1; time <= 2; time++) {
      await runInDurableObject(object, (_instance, { storage }) => {
        const { account } = new WalletAccount(partsOf(storage), [...walletMigrations, later]);
        expect(account.exists(call.tenant, walletId)).toBe(true);
      });
      expect(await earlierContents(object)).toBe(before);
      expect(await runSql(object, "SELECT id FROM later")).toEqual([{ id: 7 }]);
    }
    const all = [...walletMigrations, later].map(({ id }) => id);
    expect((await appliedTo(object)).toSorted()).toEqual(all.toSorted());
    expect(await debit.post()).toMatchObject({ acknowledged: true });
    const posted = { state: "posted", legs: 1, entries: 1 };
    expect(await recordedLeg(object, submitted.id)).toEqual(posted);
  });
});

describe("a shard of the outside world of an earlier release", () => {
  it("keeps its rows, gets what is new with its next call, and takes new payments", async () => {
    const walletId = await openWallet();
    const paid = submission(funding(walletId, 5));
    await submit(paid);
    const object = externalObject(paid);
    const before = await earlierContents(object);
    const [{ call: known }] = sidesOf(paid);
    await runInDurableObject(object, async (_instance, { storage }) => {
      const migrations = [...externalAccountMigrations, later];
      const account = createExternalAccount(partsOf(storage), migrations);
      expect(await account.post(known)).toMatchObject({ acknowledged: true });
    });
    expect(await earlierContents(object)).toBe(before);
    expect(await tablesOf(object)).toContain("later");
    const reference = known.posting.paymentReference ?? "";
    const again = await submit(submission(funding(walletId, 5, reference)));
    expect(again).toMatchObject({
      transaction: { refusal: { code: "duplicate_payment_reference" } },
    });
  });
});
