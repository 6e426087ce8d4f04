// Guarantee: a payout that was authorized leaves its wallet once, under one reference of one
// provider, and comes back by a reversal.
import { describe, expect, test } from "vitest";
import { fingerprintRequest } from "../../src/domain/fingerprint.ts";
import { operationOf, type SentRequest } from "../../src/domain/operations/all.ts";
import { readAuthorized, type Authorized } from "../../src/domain/operations/authorization.ts";
import { flawOfReference } from "../../src/domain/operations/capture.ts";
import {
  legsOf,
  linesOf,
  submissionOf,
  type Submission,
} from "../../src/domain/protocol/transaction.ts";

const ada = `wal_${"A".repeat(26)}`;
const bob = `wal_${"B".repeat(26)}`;
const outside = "external:bank";
const payout = { type: "authorization", fromWalletId: ada, provider: "bank", amount: 7 } as const;
const usd = { currency: "USD" };

function recorded(sent: SentRequest) {
  const submission = submissionOf("main", "key", sent, "USD");
  return { ...submission, lines: linesOf(submission.request) };
}

function authorized(sent: SentRequest): Authorized {
  const found = readAuthorized({ ...recorded(sent), createdAt: 0 });
  if (!found) throw new Error("it is an authorization");
  return found;
}

function captureOf(sent: SentRequest, more: object) {
  return recorded({ type: "capture", authorization: authorized(sent), ...more });
}

const named = { ...payout, payoutReference: "po-1" };

test("its provider is the default one unless it names another, and a transfer has none", () => {
  const { provider: _, ...ofDefault } = payout;
  expect(authorized(ofDefault)).toMatchObject({ provider: "default" });
  expect(authorized(payout)).toMatchObject({ provider: "bank" });
  expect(authorized({ ...ofDefault, toWalletId: bob })).not.toHaveProperty("provider");
});

test("an authorization is for a wallet or for a payout: not for both, and not for neither", () => {
  expect(() => recorded({ ...payout, toWalletId: bob })).toThrow("for a wallet, or for a payout");
});

test("reserves its money, and uses up no reference yet", () => {
  const { request, lines } = recorded(named);
  const money = { account: ada, counterparty: ada, amount: 7, ...usd };
  expect(lines).toEqual([
    { ...money, bucket: "available", direction: "debit" },
    { ...money, bucket: "reserved", direction: "credit" },
  ]);
  expect(operationOf(request).movementOf(request).claims).toEqual([]);
  expect(operationOf(request).externalPaymentOf(request)).toBeUndefined();
});

describe("its capture", () => {
  const captured = captureOf(payout, { amount: 5, payoutReference: "po-2" });

  test("takes what is reserved out, and makes the rest available", () => {
    const available = { bucket: "available", direction: "credit", ...usd };
    expect(captured.lines).toEqual([
      {
        account: ada,
        counterparty: outside,
        bucket: "reserved",
        direction: "debit",
        amount: 7,
        ...usd,
      },
      { account: outside, counterparty: ada, amount: 5, ...available },
      { account: ada, counterparty: ada, amount: 2, ...available },
    ]);
  });

  test("claims the authorization in the wallet, and the reference outside", () => {
    const legs = legsOf(captured).map(({ account, posting }) => [account, posting.claims]);
    const { transactionId } = authorized(payout);
    const refusal = "authorization_rejected";
    expect(legs).toEqual([
      [ada, [{ key: `origin:${transactionId}`, amount: 7, refusal }]],
      [outside, [{ key: "payout:bank:po-2", amount: 1, refusal: "duplicate_payout_reference" }]],
    ]);
  });

  test("waits for the authorization in the wallet alone: it has no leg outside", () => {
    const origins = legsOf(captured).map(({ posting }) => posting.origin?.transactionId);
    expect(origins).toEqual([authorized(payout).transactionId, undefined]);
  });

  test("is shown under its reference in both accounts", () => {
    const shown = legsOf(captured).map(({ posting }) => posting);
    const payment = { provider: "bank", payoutReference: "po-2" };
    expect(shown).toMatchObject([payment, payment]);
  });

  test("has the reference of the authorization where it names none, and another fingerprint", () => {
    const [silent, said] = [captureOf(named, {}), captureOf(named, { payoutReference: "po-1" })];
    expect(silent.request).toMatchObject({ payoutReference: "po-1", amount: 7 });
    expect(silent.request).toEqual(said.request);
    expect(silent.fingerprint).not.toBe(said.fingerprint);
    const other = captureOf(payout, { payoutReference: "po-3" });
    expect(other.fingerprint).not.toBe(said.fingerprint);
  });

  test("without any reference is no transaction", () => {
    expect(() => captureOf(payout, {})).toThrow("a payout has a reference");
  });

  test("comes back by a reversal, from outside to what is available", () => {
    const { request, id } = captured as Submission;
    const operation = operationOf(request);
    const moved = operation.reversibleAmounts(request);
    const back = recorded({
      type: "reversal",
      transactionId: id,
      moved,
      ...operation.externalPaymentOf(request),
    });
    expect(moved).toEqual([{ from: ada, to: outside, amount: 5, ...usd }]);
    expect(back.lines).toMatchObject([
      { account: outside, direction: "debit", amount: 5 },
      { account: ada, bucket: "available", direction: "credit", amount: 5 },
    ]);
    expect(legsOf(back).map(({ posting }) => posting.claims)).toMatchObject([
      [{ key: `origin:${id}`, amount: 5 }],
      [],
    ]);
  });
});

test("an omitted provider or reference is another fingerprint than the same one sent", () => {
  const { provider: _, ...ofDefault } = payout;
  const sent: readonly SentRequest[] = [
    ofDefault,
    { ...ofDefault, provider: "default" },
    { ...ofDefault, payoutReference: "po-1" },
    { ...ofDefault, toWalletId: bob },
  ];
  expect(new Set(sent.map(fingerprintRequest)).size).toBe(sent.length);
});

test.each([
  ["a transfer's, without", { toWalletId: bob }, undefined, undefined],
  ["a transfer's, with one", { toWalletId: bob }, "po-1", "not_a_payout"],
  ["a payout's, without any", payout, undefined, "payout_reference_missing"],
  ["a payout's, its own", payout, "po-1", undefined],
  ["a payout's, the authorization's", named, undefined, undefined],
  ["a payout's, the same twice", named, "po-1", undefined],
  ["a payout's, two of them", named, "po-2", "payout_reference_differs"],
] as const)("the reference of a capture: %s", (_name, about, sent, flaw) => {
  const common = { type: "authorization", fromWalletId: ada, amount: 7 } as const;
  expect(flawOfReference(authorized({ ...common, ...about }), sent)).toBe(flaw);
});
