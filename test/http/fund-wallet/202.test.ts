// Guarantee: what is recorded but not finished in time is told as pending, never as done and never
// as refused; the same key leads to the end of it, and the money moves once.
import { expect, test } from "vitest";
import { externalShardOf } from "../../../src/domain/ids.ts";
import { expectProblem, get } from "../../support/http.ts";
import { fund, newFunding } from "../../support/http-ledger.ts";
import { balanceOf, openUser } from "../../support/http-users.ts";
import { tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { funding, submission } from "../../support/ledger.ts";
import { externalObject, walletObject } from "../../support/stubs.ts";
import { breakTable, runSql } from "../../support/objects.ts";

/** Another reference that the same shard of the outside world keeps. */
function neighbourOf(reference: string): string {
  const shard = externalShardOf(tenant, "default", reference);
  for (;;) {
    const other = newKey();
    if (externalShardOf(tenant, "default", other) === shard) return other;
  }
}

/** Each answer that is not final takes 5 s, in ms. */
const timeout = 20_000;

test.concurrent(
  "an outside world with 256 undecided legs: pending, then 201",
  { timeout },
  async () => {
    const { walletId } = await openUser();
    const [key, sent] = [newKey(), newFunding(walletId, 5)];
    const submitted = submission(funding(walletId, 5, sent.paymentReference), key);
    await fund(newFunding(walletId, 1, { paymentReference: neighbourOf(sent.paymentReference) }));
    const world = externalObject(submitted);
    await runSql(
      world,
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 256)
     INSERT INTO legs (open, transaction_id, fingerprint, bucket, direction, currency, amount)
     SELECT 1, printf('txn_%026d', i), 'fp1:busy', 'available', 'debit', 'USD', 1 FROM n`,
    );

    const first = await fund(sent, key);
    expect(first.status).toBe(202);
    expect(first.body).toMatchObject({ id: submitted.id, status: "pending", amount: 5 });
    expect(first.headers.get("location")).toBe(`/transactions/${submitted.id}`);
    expect(first.headers.get("retry-after")).toBe("1");
    expect(first.headers.has("idempotent-replayed")).toBe(false);
    expect((await get(`/transactions/${submitted.id}`)).body["status"]).toBe("pending");
    const { body } = await get(`/wallets/${walletId}/balance`);
    expect(body).toMatchObject({ balance: 1, incoming: 5 });

    await runSql(world, "UPDATE legs SET open = 0 WHERE open = 1 AND fingerprint = 'fp1:busy'");
    const last = await fund(sent, key);
    expect(last.status).toBe(201);
    expect(last.headers.get("idempotent-replayed")).toBe("true");
    expect(last.text).toBe(first.text.replace('"status":"pending"', '"status":"committed"'));
    expect((await fund(sent, key)).text).toBe(last.text);
    expect(await balanceOf(walletId)).toBe(6);
  },
);

test.concurrent(
  "a reference that is claimed by an undecided funding is not refused",
  { timeout },
  async () => {
    const [stuck, other] = await Promise.all([openUser(), openUser()]);
    const repair = await breakTable(walletObject(stuck.walletId), "INSERT", "legs");
    const claiming = newFunding(stuck.walletId, 5);
    const sent = { ...claiming, walletId: other.walletId };
    const [key, first] = [newKey(), newKey()];
    const answers = await Promise.all([
      fund(claiming, first),
      // The claim is written by the time that its own log has heard of it.
      claimed(claiming.paymentReference).then(() => fund(sent, key)),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);

    await repair();
    expect((await fund(claiming, first)).status).toBe(201);
    const refused = await fund(sent, key);
    expectProblem(refused, 409, "duplicate_payment_reference");
    expect(refused.body["transactionId"]).toBe(answers[0]?.body["id"]);
    expect([await balanceOf(stuck.walletId), await balanceOf(other.walletId)]).toEqual([5, 0]);
  },
);

/** Resolves when the reference has a claim in its shard. */
async function claimed(reference: string): Promise<void> {
  const world = externalObject(submission(funding("wal_", 1, reference)));
  const key = `payment:default:${reference}`;
  await expect
    .poll(() => runSql(world, "SELECT 1 AS one FROM claims WHERE key = ?", key))
    .toHaveLength(1);
}
