// Guarantee: every column of every row is audited. One value at a time is edited past the triggers,
// in each table of each class; what no audit notices is the list below, argued in
// docs/invariants.md, and nothing else.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { fingerprintApiKey } from "../../../src/domain/fingerprint.ts";
import { keyRingObjectName, keyShardOf, apiKeyIdFor } from "../../../src/domain/ids.ts";
import { externalAccountStub, keyRingStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "../../support/caller.ts";
import { keyInShard, newKey } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { externalObject, logObject, walletObject } from "../../support/stubs.ts";
import { freeze, fundedWallet, openWallet } from "../../support/wallets.ts";
import { authorize, endOf } from "../../support/authorized.ts";
import { sidesOf } from "../../support/legs.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { runSql, tablesOf, textOf, type Row } from "../../support/objects.ts";
import { isClean, startScrub } from "../../support/scrubbing.ts";
import { audit, pastTriggers, tamper } from "../../support/tampering.ts";

/** Values that an editor might put in the place of one. */
function editsOf(value: SqlStorageValue | undefined): SqlStorageValue[] {
  if (typeof value === "number") return [value + 1_000_000_000, ...(value <= 1 ? [1 - value] : [])];
  if (typeof value !== "string") return ["edited", 7];
  const last = value.endsWith("0") ? "1" : "0";
  return [`${value}x`, value.slice(0, -1) + last];
}

/** Every edit of one value that the tables let pass and no audit notices, as `table.column`. */
async function unnoticed(
  object: DurableObjectStub,
  isNoticed: () => Promise<boolean>,
  skipped: (table: string, row: Row) => boolean = () => false,
): Promise<string[]> {
  expect(await isNoticed(), "before any edit").toBe(false);
  const found = new Set<string>();
  for (const table of await tablesOf(object)) {
    const key = await runSql(object, `SELECT name FROM pragma_table_info('${table}') WHERE pk > 0`);
    const keys = key.map(({ name }) => textOf(name));
    for (const row of await runSql(object, `SELECT * FROM ${table}`)) {
      if (skipped(table, row)) continue;
      for (const [column, value] of Object.entries(row)) {
        for (const edited of editsOf(value)) {
          const changed: Row = { ...row, [column]: edited };
          const set = (to: SqlStorageValue, where: Row) =>
            pastTriggers(
              object,
              `UPDATE ${table} SET ${column} = ? WHERE ${keys.map((one) => `${one} = ?`).join(" AND ")}`,
              to,
              ...keys.map((one) => where[one] ?? null),
            );
          const isRefused = await set(edited, row).then(
            () => false,
            () => true,
          );
          if (isRefused) continue;
          if (!(await isNoticed())) found.add(`${table}.${column}`);
          await set(value, changed);
        }
      }
    }
  }
  expect(await isNoticed(), "after every edit was taken back").toBe(false);
  return [...found].toSorted();
}

/** Anything but "consistent": where a log cannot read its row, the audit is incomplete. */
const isAmiss = (report: { difference?: unknown; unreachableShards: number }) =>
  report.difference !== undefined || report.unreachableShards > 0;

const differs = async (walletId: string) => isAmiss(await audit(walletId));

/** A call that throws is noticed, too. */
const orFails = (isNoticed: Promise<boolean>) => isNoticed.catch(() => true);

/** Two authorizations, one of them captured in part, in one shard of the log. */
async function reservingWallet(shard: number) {
  const [walletId, other] = await Promise.all([fundedWallet(100), openWallet()]);
  const reserve = () => authorize(walletId, other, 40, keyInShard(shard));
  const [open, ended] = [await reserve(), await reserve()];
  expect(outcomeOf(await submit(endOf(ended, { type: "capture", amount: 20 })))).toBe("committed");
  return { walletId, open: open.submitted, ended: ended.submitted };
}

/** Five entries, of a leg of several lines too, a leg that was refused and one that was released, two
 *  held ones, a checkpoint and two freezes. */
async function fullWallet() {
  const [walletId, other] = await Promise.all([fundedWallet(100), openWallet()]);
  const paid = submission({
    ...transfer(walletId, other, 40),
    description: "a",
    metadata: { b: "c" },
  });
  await submit(paid);
  const refused = submission(transfer(walletId, other, 1_000));
  await submit(refused);
  await submit(submission(transfer(await openWallet(), walletId, 1_000)));
  const postings = [
    { from: walletId, to: other, amount: 1 },
    { from: walletId, to: await openWallet(), amount: 2 },
  ];
  const split = { type: "split", postings } as const;
  await submit(submission(split));
  await submit(submission({ ...funding(walletId, 7), currency: "EUR" }));
  for (const held of [submission(transfer(walletId, other, 5)), submission(split)]) {
    await sidesOf(held)[0].hold();
    await recordTransaction(held);
  }
  const sums = {
    USD: { available: 57, reserved: 0, debited: "43" },
    EUR: { available: 7, reserved: 0, debited: "0" },
  };
  await tamper(
    walletObject(walletId),
    `INSERT INTO checkpoints SELECT 5, '${JSON.stringify(sums)}', max(decided_at),
       max(created_at - decided_at) FROM entries`,
  );
  await freeze(walletId, true);
  await freeze(walletId, false);
  return { walletId, other, paid, refused };
}

test("a wallet", { timeout: 120_000 }, async () => {
  const { walletId } = await fullWallet();
  expect(await unnoticed(walletObject(walletId), () => orFails(differs(walletId)))).toEqual([
    "freezes.created_at",
    "freezes.freeze_id",
    "freezes.nonce",
    "freezes.principal",
    "legs.open",
    "profiles.nonce",
  ]);
});

test("a wallet with reserved money", { timeout: 120_000 }, async () => {
  const { walletId } = await reservingWallet(201);
  expect(await unnoticed(walletObject(walletId), () => orFails(differs(walletId)))).toEqual([
    "profiles.nonce",
  ]);
});

test("a shard of the outside world", { timeout: 120_000 }, async () => {
  const walletId = await openWallet();
  const first = submission(funding(walletId, 10));
  await submit(first);
  const { paymentReference } = sidesOf(first)[0].call.posting;
  await submit(submission(funding(walletId, 11, paymentReference)));
  const { account } = sidesOf(first)[0].call;
  const isNoticed = async () => {
    const report = await externalAccountStub(env, tenant, account).audit({ ...call, account });
    return isAmiss(report);
  };
  expect(await unnoticed(externalObject(first), () => orFails(isNoticed()))).toEqual([
    "identity.opened_at",
  ]);
});

/** Columns of a transaction by which no money moves once it is decided. */
const ofTransactions = [
  "attempts",
  "created_at",
  "deadline",
  "next_attempt_at",
  "nonce",
  "principal",
  "renderer",
  "request_id",
  "settled_at",
  "stuck",
];

/** The same of the log's other tables: no transaction is told by them. */
const ofOtherTables = {
  batches: ["count", "created_at", "fingerprint", "id", "nonce", "tenant"],
  identity: ["class", "shard", "shards"],
  scrub: [
    "batch_at",
    "checked",
    "cursor",
    "ended_at",
    "next_at",
    "round",
    "skipped",
    "started_at",
    "tries",
  ],
  scrub_differences: [
    "account",
    "first_found_at",
    "kind",
    "last_found_at",
    "last_round",
    "tenant",
    "transaction_id",
  ],
  scrub_requests: ["id", "nonce", "principal", "requested_at", "tenant"],
};

const columnsIn = (table: string, columns: readonly string[]) =>
  columns.map((one) => `${table}.${one}`);

test("a log shard, by its scrub and the audits of the accounts", { timeout: 120_000 }, async () => {
  const { walletId, other, paid, refused } = await fullWallet();
  // Of a rejected transaction nothing was posted: two of these are NULL and mean nothing.
  const meaningless = ["anchors", "decided_at", "details"];
  for (const [submitted, more] of [
    [paid, []],
    [refused, meaningless],
  ] as const) {
    const log = logObject(submitted.id);
    const isNoticed = async () =>
      !(await isClean(log)) || (await differs(walletId)) || (await differs(other));
    const isOther = (table: string, row: Row) =>
      table !== "transactions" || row["id"] !== submitted.id;
    const found = await unnoticed(log, () => orFails(isNoticed()), isOther);
    expect(found).toEqual(columnsIn("transactions", [...ofTransactions, ...more]).toSorted());
  }
});

test("the other tables of a log shard", { timeout: 120_000 }, async () => {
  const shard = 202;
  const { open, ended } = await reservingWallet(shard);
  const log = logObject(open.id);
  await startScrub(shard);
  expect(await runSql(log, "SELECT id FROM expirations ORDER BY id")).toEqual(
    [open.id, ended.id].toSorted().map((id) => ({ id })),
  );
  await tamper(
    log,
    "INSERT INTO batches VALUES ('bat_X', 'test', 'fp1:x', 2, 9000000000000, NULL)",
    "INSERT INTO scrub_differences VALUES ('test', 'txn_X', '', 'unbalanced', 1, 2, 3)",
  );
  const isOther = (table: string) => table === "transactions" || table === "migrations";
  const found = await unnoticed(log, async () => !(await isClean(log)), isOther);
  expect(found).toEqual(
    Object.entries(ofOtherTables).flatMap(([table, all]) => columnsIn(table, all)),
  );
});

test("a key ring", { timeout: 120_000 }, async () => {
  const keyId = apiKeyIdFor(tenant, newKey());
  const shard = keyShardOf(keyId);
  const request = { name: "audited", scopes: ["ops:read"], expiresAt: 9_000_000_000_000 } as const;
  const ring = keyRingStub(env, shard);
  const named = { ...call, keyId, principal: "test" };
  const fingerprint = fingerprintApiKey(request);
  await ring.create({ ...named, fingerprint, request, secretHash: "0".repeat(64) });
  await ring.revoke(named);
  const isNoticed = async () => (await ring.audit({ ...call, shard })).difference !== undefined;
  const object = env.KEY_RING.getByName(keyRingObjectName(shard));
  expect(await unnoticed(object, () => orFails(isNoticed()))).toEqual([
    "keys.created_at",
    "keys.created_by",
    "keys.id",
    "keys.request_id",
    "keys.secret_hash",
    "keys.tenant",
    "migrations.id",
    "revocations.key_id",
    "revocations.request_id",
    "revocations.revoked_at",
    "revocations.revoked_by",
  ]);
});
