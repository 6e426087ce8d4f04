// Guarantee: a transaction that does not exist, that cannot exist, or that is another tenant's is
// the same 404, and asking for it leaves no storage behind.
import { expect, test } from "vitest";
import { transactionIdFor } from "../../../src/domain/ids.ts";
import { submissionOf } from "../../../src/domain/protocol/transaction.ts";
import { expectProblem, get } from "../../support/http.ts";
import { openUser } from "../../support/http-users.ts";
import { tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { funding } from "../../support/ledger.ts";
import { logObject } from "../../support/stubs.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { tablesOf } from "../../support/objects.ts";

const unknown = transactionIdFor(tenant, newKey());

test("an unknown one leaves nothing behind", async () => {
  const before = await tablesOf(logObject(unknown));
  expectProblem(await get(`/transactions/${unknown}`), 404, "not_found");
  expect(await tablesOf(logObject(unknown))).toEqual(before);
});

test("the answer says that it is the transaction that is not there", async () => {
  for (const id of [unknown, "txn_1"]) {
    const { body } = await get(`/transactions/${id}`);
    expect(body["detail"]).toBe("There is no such transaction.");
  }
});

test("another tenant's one", async () => {
  const { walletId } = await openUser();
  const foreign = submissionOf("other", newKey(), funding(walletId, 5), "USD");
  await recordTransaction(foreign);
  const answer = await get(`/transactions/${foreign.id}`);
  expectProblem(answer, 404, "not_found");
  const { requestId, instance, ...same } = answer.body;
  const { requestId: _, instance: __, ...other } = (await get(`/transactions/${unknown}`)).body;
  expect([same, instance]).toEqual([other, `/transactions/${foreign.id}`]);
  expect(requestId).toBe(answer.headers.get("x-request-id"));
});

test.each([
  ["lower case", unknown.toLowerCase()],
  ["too short", "txn_1"],
  ["too long", `${unknown}0`],
  ["no prefix", unknown.slice(4)],
  ["another prefix", unknown.replace("txn_", "wal_")],
  ["a letter that Crockford leaves out", `${unknown.slice(0, -1)}I`],
  ["a line break behind", `${unknown}%0A`],
  ["a slash behind", `${unknown}/`],
])("an impossible id: %s", async (_, id) => {
  expectProblem(await get(`/transactions/${id}`), 404, "not_found");
});
