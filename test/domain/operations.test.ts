// Guarantee: what holds for every operation of the list, whatever it is: the log stores no other
// shape, debits equal credits, each field counts in the fingerprint, refusals are in precedence.
import { describe, expect, test } from "vitest";
import { refusalCodes } from "../../src/domain/errors.ts";
import { fingerprintRequest } from "../../src/domain/fingerprint.ts";
import { isStoredRequest, operationOf, operationTypes } from "../../src/domain/operations/all.ts";
import { legsOf, linesOf, submissionOf } from "../../src/domain/protocol/transaction.ts";
import { allOperations, paymentOf } from "../operations/all.ts";
import { brokenCalls } from "../support/junk.ts";

const [ada, bob] = ["A", "B"].map((digit) => `wal_${digit.repeat(26)}`) as [string, string];
const source = {
  wallet: () => ada,
  pair: () => ({ fromWalletId: ada, toWalletId: bob }),
  payment: () => ({ provider: "bank", paymentReference: "pay-1" }),
  details: () => ({
    amount: 5,
    currency: "EUR",
    description: "rent",
    metadata: { order: "17" },
  }),
};

/** The value with each of its texts and numbers changed in turn. */
function othersOf(value: unknown): readonly unknown[] {
  if (typeof value === "number") return [value + 1];
  if (typeof value === "string") return [`${value} else`];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => othersOf(item).map((other) => value.with(index, other)));
  }
  const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(fields).flatMap(([name, inner]) =>
    othersOf(inner).map((other) => ({ ...fields, [name]: other })),
  );
}

test("the tests know every operation, in shares of one whole", () => {
  expect(allOperations.map(({ type }) => type)).toEqual(operationTypes);
  expect(allOperations.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
});

test("a stored request of an operation that is not listed is refused", () => {
  const type = "gift" as (typeof operationTypes)[number];
  expect(() => operationOf({ type })).toThrow("no such operation: gift");
});

describe.each(allOperations)("$type", (operation) => {
  const sent = operation.request(source);
  const submission = submissionOf("main", "key", sent, "USD");
  const { request } = submission;

  test("is stored as it was sent, with its defaults", () => {
    expect(isStoredRequest(request)).toBe(true);
    expect(request).toMatchObject(sent);
  });

  test.each(brokenCalls({ ...request }))("is not stored with $name", ({ call }) => {
    expect(isStoredRequest(call)).toBe(false);
  });

  test("debits as much as it credits, one leg for each account", () => {
    const lines = linesOf(request);
    const sum = lines.reduce(
      (net, { amount, direction }) => net + amount * (direction === "debit" ? -1 : 1),
      0,
    );
    expect(sum).toBe(0);
    expect(new Set(lines.map(({ currency }) => currency))).toEqual(new Set(["EUR"]));
    const legs = legsOf({ ...submission, lines });
    expect(new Set(legs.map(({ account }) => account)).size).toBe(legs.length);
    expect(legs.flatMap(({ posting }) => posting.lines)).toHaveLength(lines.length);
  });

  test.each(Object.entries(sent).filter(([name]) => name !== "type"))(
    "has another fingerprint with another %s",
    (name, value) => {
      const others = othersOf(value);
      expect(others.length).toBeGreaterThan(0);
      for (const other of others) {
        const changed = { ...sent, [name]: other };
        expect(fingerprintRequest(changed)).not.toBe(fingerprintRequest(sent));
      }
    },
  );

  test("uses up the payment that its entries show", () => {
    expect(operationOf(request).externalPaymentOf(request)).toEqual(paymentOf(request));
  });

  test("lists its refusals in order of precedence, the expiration last", () => {
    const { refusals } = operationOf(request);
    expect(refusals).toEqual(refusalCodes.filter((code) => refusals.includes(code)));
    expect(refusals.at(-1)).toBe("transaction_expired");
  });
});
