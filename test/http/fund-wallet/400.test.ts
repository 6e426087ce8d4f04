// Guarantee: a funding that is not as the contract says moves nothing, records nothing and leaves
// its key and its reference free; numbers are never rounded or read kindly.
import { describe, expect, test } from "vitest";
import { expectNoTrace } from "../../support/bad-requests.ts";
import {
  testBadKeys,
  testInvalidFields,
  testMalformedBodies,
  type BadWrites,
} from "../../support/bad-writes.ts";
import { expectProblem, pathsOf, post } from "../../support/http.ts";
import { fund, newFunding } from "../../support/http-ledger.ts";
import { balanceOf, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

const path = "/transactions/fund";
const { walletId } = await openUser();
const valid = { walletId, amount: 1, paymentReference: newKey() };

const ref = ["paymentReference"];

async function expectNothing(key: string): Promise<void> {
  await expectNoTrace(key);
  expect(await balanceOf(walletId)).toBe(0);
}

const writes: BadWrites = {
  path,
  valid,
  withAmount: (amount) =>
    `{"walletId":"${walletId}","amount":${amount},"paymentReference":"${newKey()}"}`,
  expectNothing,
};

describe("malformed_json", () => {
  testMalformedBodies(writes);

  test("an amount given twice, the second time within reach", async () => {
    const key = newKey();
    const body = `{"walletId":"${walletId}","amount":1,"paymentReference":"r1","amount":9}`;
    const answer = await post(path, body, key);
    expectProblem(answer, 400, "malformed_json");
    expect(pathsOf(answer)).toEqual(["amount"]);
    await expectNothing(key);
  });
});

describe("validation_failed", () => {
  testInvalidFields(writes, [
    ["no amount", { amount: undefined }, ["amount"]],
    ["no wallet", { walletId: undefined }, ["walletId"]],
    ["no reference", { paymentReference: undefined }, ["paymentReference"]],
    ["a number as wallet", { walletId: 5 }, ["walletId"]],
    ["a currency in lower case", { currency: "usd" }, ["currency"]],
    ["a currency that does not exist", { currency: "ZZZ" }, ["currency"]],
    ["a currency with white space", { currency: "USD " }, ["currency"]],
    ["a currency with a line break", { currency: "USD\n" }, ["currency"]],
    ["null as currency", { currency: null }, ["currency"]],
    ["an empty reference", { paymentReference: "" }, ["paymentReference"]],
    ["a reference of 201", { paymentReference: "r".repeat(201) }, ["paymentReference"]],
    ["a reference of 201 wide characters", { paymentReference: "\u{1f600}".repeat(201) }, ref],
    ["a reference that is a space", { paymentReference: " " }, ref],
    ["a space before the reference", { paymentReference: " a" }, ref],
    ["a space behind the reference", { paymentReference: "a " }, ref],
    ["a line break behind the reference", { paymentReference: "a\n" }, ref],
    ["a line break in the reference", { paymentReference: "a\r\nb" }, ref],
    ["a tab in the reference (Cc)", { paymentReference: "a\tb" }, ref],
    ["NUL in the reference (Cc)", { paymentReference: "a\0b" }, ref],
    ["DEL in the reference (Cc)", { paymentReference: "a\u007fb" }, ref],
    ["a control of Latin 1 in the reference (Cc)", { paymentReference: "a\u0085b" }, ref],
    ["a zero-width joiner in the reference (Cf)", { paymentReference: "a\u200db" }, ref],
    ["a soft hyphen in the reference (Cf)", { paymentReference: "a\u00adb" }, ref],
    ["a change of direction in the reference (Cf)", { paymentReference: "a\u202eb" }, ref],
    ["a byte order mark before the reference (Cf)", { paymentReference: "\ufeffa" }, ref],
    ["a private character in the reference (Co)", { paymentReference: "a\ue000" }, ref],
    ["an unassigned character in the reference (Cn)", { paymentReference: "a\u0378" }, ref],
    ["a non-character in the reference (Cn)", { paymentReference: "a\uffff" }, ref],
    ["a line separator in the reference (Zl)", { paymentReference: "a\u2028b" }, ref],
    ["a paragraph separator in the reference (Zp)", { paymentReference: "a\u2029b" }, ref],
    ["a no-break space in the reference (Zs)", { paymentReference: "a\u00a0b" }, ref],
    ["an ideographic space in the reference (Zs)", { paymentReference: "a\u3000b" }, ref],
    ["an empty provider", { provider: "" }, ["provider"]],
    ["a provider in upper case", { provider: "Stripe" }, ["provider"]],
    ["a provider of 33", { provider: "p".repeat(33) }, ["provider"]],
    ["white space around the provider", { provider: " stripe" }, ["provider"]],
    ["a description of 501", { description: "d".repeat(501) }, ["description"]],
    ["NUL in the description", { description: "\u0000" }, ["description"]],
    ["a list as metadata", { metadata: ["a"] }, ["metadata"]],
    ["a number in metadata", { metadata: { a: 1 } }, ["metadata.a"]],
    ["a field of the answer", { status: "committed" }, ["status"]],
    ["a field of the transfer", { toWalletId: walletId }, ["toWalletId"]],
  ]);
});

testBadKeys(writes);

test("after all that, key and reference are as good as new", async () => {
  const key = newKey();
  const { walletId: fresh } = await openUser();
  const sent = newFunding(fresh, 5);
  expectProblem(await fund({ ...sent, amount: 0 }, key), 400, "validation_failed");
  expectProblem(await post(path, `${JSON.stringify(sent)},`, key), 400, "malformed_json");
  const answer = await fund(sent, key);
  expect(answer.status).toBe(201);
  expect(answer.headers.has("idempotent-replayed")).toBe(false);
});
