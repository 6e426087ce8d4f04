// Guarantee: a transfer that is not as the contract says moves nothing, records nothing and leaves
// its key free.
import { describe, expect, test } from "vitest";
import {
  badAmounts,
  expectNoTrace,
  invalidKeys,
  malformedBodies,
} from "../../support/bad-requests.ts";
import { expectProblem, pathsOf, post, send } from "../../support/http.ts";
import { newTransfer, transfer } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

const path = "/transactions/transfer";
const [from, to] = await Promise.all([openFunded(1_000), openUser()]);
const valid = newTransfer(from.walletId, to.walletId, 1);

async function expectNothing(key: string): Promise<void> {
  await expectNoTrace(key);
  expect(await balanceOf(from.walletId)).toBe(1_000);
  expect(await balanceOf(to.walletId)).toBe(0);
}

describe("malformed_json", () => {
  test.each(malformedBodies)("%s", async (_, body) => {
    const key = newKey();
    const headers = { "content-type": "application/json", "idempotency-key": key };
    expectProblem(await send("POST", path, { headers, body }), 400, "malformed_json");
    await expectNoTrace(key);
  });
});

describe("validation_failed", () => {
  test.each(badAmounts)("the amount %s", async (amount) => {
    const key = newKey();
    const answer = await post(path, JSON.stringify(valid).replace(":1}", `:${amount}}`), key);
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer)).toEqual(["amount"]);
    await expectNothing(key);
  });

  test.each<[string, object, string[]]>([
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
  ])("%s", async (_, change, paths) => {
    const key = newKey();
    const answer = await transfer({ ...valid, ...change }, key);
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer)).toEqual(paths);
    await expectNothing(key);
  });
});

describe("the key", () => {
  test("is missing", async () => {
    expectProblem(await post(path, valid, null), 400, "idempotency_key_missing");
    expect(await balanceOf(to.walletId)).toBe(0);
  });

  test.each(invalidKeys)("is invalid: %s", async (_, key) => {
    expectProblem(await post(path, valid, key), 400, "idempotency_key_invalid");
    expect(await balanceOf(to.walletId)).toBe(0);
  });
});
