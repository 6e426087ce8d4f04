// Guarantee: a withdrawal that is not as the contract says moves nothing, records nothing and leaves
// its key and its reference free.
import { describe, expect, test } from "vitest";
import { expectNoTrace } from "../../support/bad-requests.ts";
import {
  testBadKeys,
  testInvalidFields,
  testMalformedBodies,
  type BadWrites,
} from "../../support/bad-writes.ts";
import { expectProblem } from "../../support/http.ts";
import { newWithdrawal, withdraw } from "../../support/http-ledger.ts";
import { balanceOf, openFunded } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

const path = "/transactions/withdraw";
const { walletId } = await openFunded(1_000);
const valid = { walletId, amount: 1, payoutReference: newKey() };

const ref = ["payoutReference"];

async function expectNothing(key: string): Promise<void> {
  await expectNoTrace(key);
  expect(await balanceOf(walletId)).toBe(1_000);
}

const writes: BadWrites = {
  path,
  valid,
  withAmount: (amount) =>
    `{"walletId":"${walletId}","amount":${amount},"payoutReference":"${newKey()}"}`,
  expectNothing,
};

describe("malformed_json", () => {
  testMalformedBodies(writes);
});

describe("validation_failed", () => {
  testInvalidFields(writes, [
    ["no amount", { amount: undefined }, ["amount"]],
    ["no wallet", { walletId: undefined }, ["walletId"]],
    ["no reference", { payoutReference: undefined }, ref],
    ["a number as wallet", { walletId: 5 }, ["walletId"]],
    ["a currency in lower case", { currency: "usd" }, ["currency"]],
    ["a currency that does not exist", { currency: "ZZZ" }, ["currency"]],
    ["an empty reference", { payoutReference: "" }, ref],
    ["a reference of 201", { payoutReference: "r".repeat(201) }, ref],
    ["a space before the reference", { payoutReference: " a" }, ref],
    ["a line break behind the reference", { payoutReference: "a\n" }, ref],
    ["NUL in the reference", { payoutReference: "a\0b" }, ref],
    ["an empty provider", { provider: "" }, ["provider"]],
    ["a provider in upper case", { provider: "Stripe" }, ["provider"]],
    ["a provider with a colon", { provider: "a:b" }, ["provider"]],
    ["a description of 501", { description: "d".repeat(501) }, ["description"]],
    ["a number in metadata", { metadata: { a: 1 } }, ["metadata.a"]],
    ["a field of the answer", { status: "committed" }, ["status"]],
    ["a field of the funding", { paymentReference: "r" }, ["paymentReference"]],
  ]);
});

testBadKeys(writes);

test("after all that, key and reference are as good as new", async () => {
  const key = newKey();
  const other = await openFunded(5);
  const sent = newWithdrawal(other.walletId, 5);
  expectProblem(await withdraw({ ...sent, amount: 0 }, key), 400, "validation_failed");
  const answer = await withdraw(sent, key);
  expect([answer.status, answer.headers.has("idempotent-replayed")]).toEqual([201, false]);
});
