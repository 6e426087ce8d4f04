// Guarantee: a transfer that is not as the contract says moves nothing, records nothing and leaves
// its key free.
import { describe, expect } from "vitest";
import { expectNoTrace } from "../../support/bad-requests.ts";
import {
  testBadKeys,
  testInvalidFields,
  testMalformedBodies,
  type BadWrites,
} from "../../support/bad-writes.ts";
import { newTransfer } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";

const path = "/transactions/transfer";
const [from, to] = await Promise.all([openFunded(1_000), openUser()]);
const valid = newTransfer(from.walletId, to.walletId, 1);

async function expectNothing(key: string): Promise<void> {
  await expectNoTrace(key);
  expect(await balanceOf(from.walletId)).toBe(1_000);
  expect(await balanceOf(to.walletId)).toBe(0);
}

const writes: BadWrites = {
  path,
  valid,
  withAmount: (amount) => JSON.stringify(valid).replace(":1}", `:${amount}}`),
  expectNothing,
};

describe("malformed_json", () => {
  testMalformedBodies(writes);
});

describe("validation_failed", () => {
  testInvalidFields(writes, [
    ["no amount", { amount: undefined }, ["amount"]],
    ["no sender", { fromWalletId: undefined }, ["fromWalletId"]],
    ["no receiver", { toWalletId: undefined }, ["toWalletId"]],
    ["null as receiver", { toWalletId: null }, ["toWalletId"]],
    ["a list of receivers", { toWalletId: [to.walletId] }, ["toWalletId"]],
    ["a currency that does not exist", { currency: "XYZ" }, ["currency"]],
    ["a currency in lower case", { currency: "usd" }, ["currency"]],
    ["a description of 501", { description: "d".repeat(501) }, ["description"]],
    ["a number as description", { description: 1 }, ["description"]],
    ["a nested object in metadata", { metadata: { a: { b: "c" } } }, ["metadata.a"]],
    ["a field of the funding", { paymentReference: "r" }, ["paymentReference"]],
    ["a key in the body", { idempotencyKey: "k" }, ["idempotencyKey"]],
  ]);
});

testBadKeys(writes);
