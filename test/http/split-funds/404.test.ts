// Guarantee: one wallet that does not exist, on either side of any posting, and nothing moves. The
// refusal is final for its key, except where an id cannot exist: that is not recorded.
import { expect, test } from "vitest";
import { userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { expectNoTrace } from "../../support/bad-requests.ts";
import { tenant } from "../../support/caller.ts";
import { expectProblem } from "../../support/http.ts";
import { posting, split } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { tablesOf } from "../../support/objects.ts";
import { expectRecorded } from "../../support/recorded.ts";
import { walletObject } from "../../support/stubs.ts";

const [from, to] = await Promise.all([openFunded(10), openUser()]);
const good = posting(from.walletId, to.walletId, 4);

test.each<[string, (unknown: string) => object]>([
  ["the last receiver", (unknown) => posting(from.walletId, unknown, 1)],
  ["the last sender", (unknown) => posting(unknown, to.walletId, 1)],
])("wallet_not_found: %s", async (_, postingOf) => {
  const unknown = walletIdOfUser(userIdFor(tenant, newKey()));
  const sent = { postings: [good, postingOf(unknown)] };
  await expectRecorded("split", sent, 404, "wallet_not_found");
  expect(await tablesOf(walletObject(unknown))).toEqual([]);
  expect([await balanceOf(from.walletId), await balanceOf(to.walletId)]).toEqual([10, 0]);
});

test("wallet_not_found: a payment from outside that is refused can be made again", async () => {
  const unknown = walletIdOfUser(userIdFor(tenant, newKey()));
  const paymentReference = newKey();
  const { walletId } = await openUser();
  const shared = (other: string) => ({
    postings: [posting("external", walletId, 5), posting("external", other, 1)],
    paymentReference,
  });
  await expectRecorded("split", shared(unknown), 404, "wallet_not_found");
  expect((await split(shared(to.walletId))).status).toBe(201);
});

test.each([
  ["a sender", "wal_1", to.walletId],
  ["a receiver", from.walletId, `${to.walletId}0`],
  ["the outside world by its account", "external:default", to.walletId],
])("an impossible id is not recorded: %s", async (_, sender, receiver) => {
  const [payer, payee] = await Promise.all([openFunded(1), openUser()]);
  const key = newKey();
  const other = posting(payer.walletId, payee.walletId, 1);
  const answer = await split({ postings: [other, posting(sender, receiver, 1)] }, key);
  expectProblem(answer, 404, "wallet_not_found");
  expect(answer.body["instance"]).toBe("/transactions");
  await expectNoTrace(key);
  const after = await split({ postings: [other] }, key);
  expect([after.status, after.headers.has("idempotent-replayed")]).toEqual([201, false]);
  const reused = await split({ postings: [posting(sender, receiver, 1)] }, key);
  expectProblem(reused, 422, "idempotency_key_reused");
});
