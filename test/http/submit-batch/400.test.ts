// Guarantee: a batch with an item that no operation would accept is refused as a whole; each of its
// errors names the item and the field, and nothing is recorded.
import { describe, expect, test } from "vitest";
import { expectNoItem } from "../../support/batches.ts";
import { expectNoTrace } from "../../support/bad-requests.ts";
import {
  testBadKeys,
  testInvalidFields,
  testMalformedBodies,
  type BadWrites,
} from "../../support/bad-writes.ts";
import { expectProblem, pathsOf, post } from "../../support/http.ts";
import { batch, item, newFunding, newTransfer, posting } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

const [from, to] = await Promise.all([openFunded(1_000), openUser()]);
const good = item("transfer", newTransfer(from.walletId, to.walletId, 5));

const writes: BadWrites = {
  path: "/transactions/batch",
  valid: { items: [good] },
  withAmount: (amount) =>
    `{"items":[${JSON.stringify(good).replace('"amount":5', `"amount":${amount}`)}]}`,
  amountPath: "items.0.amount",
  expectNothing: async (key) => {
    await expectNoTrace(key);
    await expectNoItem(key, 2);
    expect(await balanceOf(from.walletId)).toBe(1_000);
  },
};

describe("malformed_json", () => {
  testMalformedBodies(writes);
});

describe("validation_failed", () => {
  const { operation: _, ...unnamed } = good;
  testInvalidFields(writes, [
    ["no items", { items: undefined }, ["items"]],
    ["an empty list", { items: [] }, ["items"]],
    ["items of another type", { items: {} }, ["items"]],
    ["101 items", { items: Array.from({ length: 101 }, () => good) }, ["items"]],
    ["an unknown field beside them", { atomic: true }, ["atomic"]],
    ["an item that is no object", { items: [good, 5] }, ["items.1"]],
    ["no operation", { items: [good, unnamed] }, ["items.1.operation"]],
    ["an operation that does not exist", { items: [item("refund", {})] }, ["items.0.operation"]],
    ["one without a path of its own", { items: [item("expiry", {})] }, ["items.0.operation"]],
    ["a batch in a batch", { items: [item("batch", { items: [] })] }, ["items.0.operation"]],
    ["an unknown field of the second", { items: [good, { ...good, amont: 5 }] }, ["items.1.amont"]],
    [
      "a field of another operation",
      { items: [{ ...good, paymentReference: "p" }] },
      ["items.0.paymentReference"],
    ],
    [
      "an id that it does not take",
      { items: [{ ...good, transactionId: "t" }] },
      ["items.0.transactionId"],
    ],
    ["no id of what it acts on", { items: [item("capture", {})] }, ["items.0.transactionId"]],
    [
      "a rule about several fields",
      { items: [good, { ...good, expiresIn: 60 }] },
      ["items.1.expiresIn"],
    ],
    [
      "a rule about a list in it",
      { items: [item("split", { postings: [posting(from.walletId, "external", 1)] })] },
      ["items.0.payoutReference"],
    ],
    [
      "errors of several items",
      {
        items: [
          { ...good, amount: 0 },
          good,
          item("funding", { ...newFunding(to.walletId, 5), currency: "XXY" }),
        ],
      },
      ["items.0.amount", "items.2.currency"],
    ],
  ]);

  test("the operations that there are, are named", async () => {
    const { body } = await batch([item("refund", {})]);
    expect(body["errors"]).toEqual([
      {
        path: "items.0.operation",
        message: "One of funding, transfer, capture, cancellation, withdrawal, split, reversal.",
      },
    ]);
  });

  test("of many errors the first fifty are listed", async () => {
    const answer = await batch(Array.from({ length: 100 }, () => ({ ...good, amount: 0 })));
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer).length).toBe(50);
  });

  test("a parameter of the query", async () => {
    const answer = await post("/transactions/batch?dryRun=1", { items: [good] });
    expectProblem(answer, 400, "validation_failed");
  });
});

testBadKeys(writes);

test("a key may be used again after a refused batch", async () => {
  const key = newKey();
  expectProblem(await batch([good, { ...good, amount: 0 }], key), 400, "validation_failed");
  expect((await batch([item("funding", newFunding(to.walletId, 1))], key)).status).toBe(200);
});
