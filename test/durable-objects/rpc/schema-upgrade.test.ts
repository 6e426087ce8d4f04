// Guarantee: an object whose tables are of an earlier release gets the newer migrations at its next
// use, keeps every row as it was, and then works as if it had been made today.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { logShardOf, userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import {
  transferLogMigrations,
  walletMigrations,
} from "../../../src/durable-objects/rpc/migrations.ts";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import { migrate, type Migration } from "../../../src/platform/migrations.ts";
import { walletStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "../../support/caller.ts";
import { keyInShard, newKey } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { logObject, walletObject } from "../../support/stubs.ts";
import { freeze, fundedWallet, openWallet } from "../../support/wallets.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";
import { runSql, textOf } from "../../support/objects.ts";

/** A shard that no other test of this file uses. */
const shard = 7;

const appliedTo = async (object: DurableObjectStub): Promise<string[]> =>
  (await runSql(object, "SELECT id FROM migrations ORDER BY id")).map(({ id }) => textOf(id));

/** Makes an object as an earlier release did: its tables, and what `fill` writes into them. */
function makeOld(
  object: DurableObjectStub,
  migrations: readonly Migration[],
  fill: (sql: SqlStorage) => void,
): Promise<void> {
  return runInDurableObject(object, (_instance, { storage }) => {
    storage.transactionSync(() => {
      migrate(storage, migrations);
      fill(storage.sql);
    });
  });
}

describe("a log shard without principals", () => {
  it("keeps its rows, answers them, and records the principal of new ones", async () => {
    const receiver = await openWallet();
    const [sender, old] = [
      await fundedWallet(10),
      submission(funding(receiver, 5), keyInShard(shard)),
    ];
    const log = logObject(old.id);
    await makeOld(log, transferLogMigrations.slice(0, 1), (sql) => {
      sql.exec(
        "INSERT INTO identity (id, class, shard, shards) VALUES (1, 'transfer-log', ?, 256)",
        logShardOf(old.id),
      );
      sql.exec(
        `INSERT INTO transactions (open, id, tenant, fingerprint, state, request, legs, renderer,
           request_id, created_at, deadline, attempts, next_attempt_at, stuck)
         VALUES (1, ?, ?, ?, 'preparing', ?, '[]', 1, 'old', 1, 2, 0, 3, 0)`,
        old.id,
        old.tenant,
        old.fingerprint,
        JSON.stringify(old.request),
      );
      sql.exec("UPDATE transactions SET state = 'committed', decided_at = 2");
      sql.exec("UPDATE transactions SET open = 0, settled_at = 3");
    });
    expect(await appliedTo(log)).toEqual(["transfer-log/0001_transactions"]);
    await evictDurableObject(log);

    const replay = await submit(old);
    expect(replay).toMatchObject({ outcome: "settled", replayed: true });
    expect(replay).not.toHaveProperty("transaction.principal");
    expect(await appliedTo(log)).toEqual(transferLogMigrations.map(({ id }) => id));

    const fresh = submission(transfer(sender, receiver, 5), keyInShard(shard));
    expect(outcomeOf(await submit(fresh))).toBe("committed");
    const rows = await runSql(log, "SELECT id, principal FROM transactions ORDER BY principal");
    expect(rows).toEqual([
      { id: old.id, principal: null },
      { id: fresh.id, principal: "test" },
    ]);
  });
});

const closeLegs = "account/0002_entries_close_legs";
const freezes = "wallet/0002_freezes";

/** A wallet as it was without some migrations, opened, and with what `fill` writes. */
async function walletWithout(
  missing: readonly string[],
  fill: (sql: SqlStorage, walletId: string) => void = () => {},
): Promise<string> {
  const walletId = walletIdOfUser(userIdFor(tenant, newKey()));
  const wallet = walletObject(walletId);
  const applied = walletMigrations.filter(({ id }) => !missing.includes(id));
  await makeOld(wallet, applied, (sql) => {
    sql.exec(
      `INSERT INTO identity (id, class, tenant, account, genesis, opened_at)
       VALUES (1, 'wallet', ?, ?, '0', 1)`,
      tenant,
      walletId,
    );
    sql.exec(
      `INSERT INTO owner (id, fingerprint, name, renderer, created_at)
       VALUES (1, 'fp1:', 'Ada', 1, 1)`,
    );
    fill(sql, walletId);
  });
  await evictDurableObject(wallet);
  return walletId;
}

describe("a wallet that closed legs by a statement of their own", () => {
  it("posts what it held, and closes it with its entry", async () => {
    const claims: Submission[] = [];
    const walletId = await walletWithout([closeLegs], (sql, owned) => {
      const claim = submission(funding(owned, 5));
      claims.push(claim);
      const [, { call: held }] = sidesOf(claim);
      sql.exec(
        `INSERT INTO legs (open, transaction_id, fingerprint, direction, currency, amount)
         VALUES (1, ?, ?, 'credit', 'USD', 5)`,
        claim.id,
        held.posting.fingerprint,
      );
    });
    const wallet = walletObject(walletId);
    expect(await appliedTo(wallet)).not.toContain(closeLegs);
    const [claim] = claims;
    if (!claim) throw new Error("nothing was held");
    const [, side] = sidesOf(claim);
    const posted = { state: "posted", legs: 1, entries: 1 };
    for (let time = 1; time <= 2; time++) {
      expect(await side.post()).toMatchObject({ acknowledged: true });
      expect(await recordedLeg(wallet, claim.id)).toEqual(posted);
    }
    expect(await appliedTo(wallet)).toEqual(walletMigrations.map(({ id }) => id).toSorted());
  });
});

describe("a wallet from before freezes", () => {
  it("keeps its owner, and can be frozen", async () => {
    const walletId = await walletWithout([closeLegs, freezes]);
    const wallet = walletObject(walletId);
    expect(await appliedTo(wallet)).not.toContain(freezes);

    const stub = walletStub(env, tenant, walletId);
    expect(await stub.profile({ ...call, walletId })).toMatchObject({ user: { name: "Ada" } });
    expect(await appliedTo(wallet)).toEqual(walletMigrations.map(({ id }) => id).toSorted());
    await freeze(walletId, true);
    const payment = submission(transfer(walletId, await openWallet(), 1));
    expect(outcomeOf(await submit(payment))).toBe("wallet_frozen");
  });
});
