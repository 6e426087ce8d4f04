// Guarantee: what holds for every operation of the list, whatever it is: the log stores no other
// shape, debits equal credits, each field counts in the fingerprint, refusals are in precedence.
import { describe, expect, test } from "vitest";
import { refusalCodes } from "../../src/domain/errors.ts";
import { fingerprintRequest } from "../../src/domain/fingerprint.ts";
import {
  isStoredRequest,
  operationOf,
  operationTypes,
  type SentRequest,
} from "../../src/domain/operations/all.ts";
import {
  deadlineOf,
  legsOf,
  linesOf,
  submissionOf,
} from "../../src/domain/protocol/transaction.ts";
import {
  allOperations,
  askedAt,
  bodyOf,
  earlierOf,
  linesOf as reckonedLines,
  pathOf,
  paymentOf,
  readAsked,
  shownPaymentOf,
} from "../operations/all.ts";
import { brokenCalls } from "../support/junk.ts";

const [ada, bob] = ["A", "B"].map((digit) => `wal_${digit.repeat(26)}`) as [string, string];
const source = {
  wallet: () => ada,
  pair: () => ({ fromWalletId: ada, toWalletId: bob }),
  payment: () => ({ provider: "bank", paymentReference: "pay-1" }),
  earlier: () => {
    const payment = { paymentReference: "pay-0", provider: "bank" };
    const sent = {
      type: "funding",
      walletId: ada,
      amount: 7,
      currency: "EUR",
      ...payment,
    } as const;
    return earlierOf("txn_EARLIER", sent);
  },
  authorized: () => {
    const wallets = { fromWalletId: ada, toWalletId: bob };
    const sent = { type: "authorization", ...wallets, amount: 7, currency: "EUR" } as const;
    return earlierOf("txn_AUTHORIZED", sent);
  },
  details: () => ({
    amount: 5,
    currency: "EUR",
    description: "rent",
    metadata: { order: "17" },
  }),
};

function drawn(operation: (typeof allOperations)[number]): SentRequest {
  const sent = operation.request(source);
  if (!sent) throw new Error("there is a transaction to act on");
  return sent;
}

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

/** What an end copies of its origin follows from the origin's id. */
function changesOf(name: string, value: unknown): readonly unknown[] {
  if (name !== "authorization") return othersOf(value);
  const { transactionId, ...copied } = value as { readonly transactionId: string };
  return othersOf(transactionId).map((other) => ({ transactionId: other, ...copied }));
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
  const sent = drawn(operation);
  const submission = submissionOf("main", "key", sent, "USD");
  const { request } = submission;

  test("is stored as it was sent, with its defaults", () => {
    expect(isStoredRequest(request)).toBe(true);
    expect(request).toMatchObject(sent);
  });

  const { copied = [], omissible = [] } = operation;
  const lacking = omissible.map((name) => `${name}: undefined`);
  const broken = brokenCalls({ ...request }).filter(({ name }) => !lacking.includes(name));
  test.each(broken)("is not stored with $name", ({ call }) => {
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

  test("has the lines that the tests reckon for it, as it was sent", () => {
    expect(linesOf(request)).toEqual(reckonedLines(sent));
  });

  test.runIf(operation.path)("is read again from what a client sends", () => {
    const asked = askedAt(pathOf(sent));
    const origins = [source.earlier(), source.authorized()];
    const origin = origins.find(({ transactionId }) => transactionId === asked.originId);
    expect(readAsked(asked, bodyOf(sent), origin)).toEqual(sent);
  });

  const unprinted = ["type", ...copied];
  test.each(Object.entries(sent).filter(([name]) => !unprinted.includes(name)))(
    "has another fingerprint with another %s",
    (name, value) => {
      const others = changesOf(name, value);
      expect(others.length).toBeGreaterThan(0);
      for (const other of others) {
        const changed = { ...sent, [name]: other };
        expect(fingerprintRequest(changed)).not.toBe(fingerprintRequest(sent));
      }
    },
  );

  test("uses up the payment that its entries show, or shows that of another one", () => {
    const shown = operationOf(request).externalPaymentOf(request);
    const isCopied = copied.includes("provider");
    expect(shown).toEqual(isCopied ? source.earlier().payment : paymentOf(request));
    expect(shown).toEqual(shownPaymentOf(request));
    if (isCopied) expect(paymentOf(request)).toBeUndefined();
  });

  test("lists its refusals in order of precedence, the deadline's last if it has one", () => {
    const { refusals } = operationOf(request);
    expect(refusals).toEqual(refusalCodes.filter((code) => refusals.includes(code)));
    const hasDeadline = deadlineOf(request, 0) !== undefined;
    expect(refusals.at(-1) === "transaction_expired").toBe(hasDeadline);
  });
});
