// Guarantee: the outside world's side of the books is audited shard by shard, each tenant's for
// itself; an unused shard is empty and stays so.
import { expect, test } from "vitest";
import { env } from "cloudflare:workers";
import { accountObjectName, externalShardOf, shardName } from "../../../src/domain/ids.ts";
import { get } from "../../support/http.ts";
import { fund, newFunding } from "../../support/http-ledger.ts";
import { openUser } from "../../support/http-users.ts";
import { tenant } from "../../support/caller.ts";
import { newKey, referenceInShard } from "../../support/keys.ts";
import { runSql, tablesOf } from "../../support/objects.ts";

const objectOf = (account: string) =>
  env.EXTERNAL_ACCOUNT.getByName(
    accountObjectName(tenant, { class: "external-account", id: account }),
  );

test("a shard in order is consistent, and its references are counted", async () => {
  const { walletId } = await openUser();
  const reference = referenceInShard(77);
  await fund({ ...newFunding(walletId, 25), paymentReference: reference }, newKey());
  const shard = shardName(externalShardOf(tenant, "default", reference));
  const { status, body } = await get(`/ops/audits/external-accounts/${shard}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    account: `external-${shard}`,
    status: "consistent",
    asOf: { sequence: 1 },
    checked: { entries: 1, holds: 0, transactions: 1, claims: 1 },
    unreachableShards: 0,
  });
});

test("an entry that was changed behind the triggers is found", async () => {
  const { walletId } = await openUser();
  await fund({ ...newFunding(walletId, 25), paymentReference: referenceInShard(78) }, newKey());
  const object = objectOf("external-4e");
  await runSql(object, "DROP TRIGGER entries_not_updated");
  await runSql(object, "UPDATE entries SET amount = 1");
  const { body } = await get("/ops/audits/external-accounts/4e");
  expect(body).toMatchObject({
    status: "different",
    firstDifference: { kind: "broken_hash", sequence: 1 },
  });
});

test("a shard that was never used is empty, and asking leaves nothing behind", async () => {
  const unused = await get("/ops/audits/external-accounts/fe");
  expect(unused.body).toMatchObject({ status: "consistent", checked: { entries: 0 } });
  expect(await tablesOf(objectOf("external-fe"))).toEqual([]);
});
