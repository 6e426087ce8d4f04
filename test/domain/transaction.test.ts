// Guarantee: every transaction is double entry: its debits equal its credits, the sender's line
// first, one leg for each account, and each account learns what its history will show.
import { describe, expect, it } from "vitest";
import { externalShardOf } from "../../src/domain/ids.ts";
import { amountMax } from "../../src/domain/limits.ts";
import { addressOf, legsOf, linesOf, submissionOf } from "../../src/domain/protocol/transaction.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";

const ada = `wal_${"A".repeat(26)}`;
const bob = `wal_${"B".repeat(26)}`;
const funding: SentRequest = { type: "funding", walletId: ada, amount: 5, paymentReference: "p" };
const withdrawal: SentRequest = {
  type: "withdrawal",
  walletId: ada,
  amount: 5,
  payoutReference: "p",
};
const transfer: SentRequest = { type: "transfer", fromWalletId: ada, toWalletId: bob, amount: 5 };

function recorded(sent: SentRequest) {
  const submission = submissionOf("main", "key", sent, "USD");
  return { ...submission, lines: linesOf(submission.request) };
}

describe("a submission", () => {
  it("resolves defaults once and keeps what was sent", () => {
    const { request } = submissionOf("main", "key", funding, "USD");
    expect(request).toEqual({ ...funding, currency: "USD", provider: "default" });
    const sent = { ...funding, currency: "EUR", provider: "bank", description: "", metadata: {} };
    expect(submissionOf("main", "key", sent, "USD").request).toEqual(sent);
  });

  it("has the fingerprint of what was sent: a default of today is no part of it", () => {
    const { fingerprint } = submissionOf("main", "key", funding, "USD");
    expect(submissionOf("main", "key", funding, "EUR").fingerprint).toBe(fingerprint);
    const spelledOut = { ...funding, currency: "USD", provider: "default" };
    expect(submissionOf("main", "key", spelledOut, "USD").fingerprint).not.toBe(fingerprint);
  });
});

const money = { bucket: "available", amount: 5, currency: "USD" } as const;

describe("the lines", () => {
  it("of a transfer debit the sender, then credit the receiver", () => {
    expect(recorded(transfer).lines).toEqual([
      { account: ada, direction: "debit", counterparty: bob, ...money },
      { account: bob, direction: "credit", counterparty: ada, ...money },
    ]);
  });

  it("of a funding debit the outside world, then credit the wallet", () => {
    expect(recorded(funding).lines).toEqual([
      { account: "external:default", direction: "debit", counterparty: ada, ...money },
      { account: ada, direction: "credit", counterparty: "external:default", ...money },
    ]);
  });

  it("of a withdrawal debit the wallet, then credit the outside world", () => {
    expect(recorded(withdrawal).lines).toEqual([
      { account: ada, direction: "debit", counterparty: "external:default", ...money },
      { account: "external:default", direction: "credit", counterparty: ada, ...money },
    ]);
  });

  it("are refused where one account would be both sides, or the amount is impossible", () => {
    expect(() => recorded({ ...transfer, toWalletId: ada })).toThrow("both_directions");
    for (const amount of [0, -1, 0.5, amountMax + 1, Number.NaN]) {
      expect(() => recorded({ ...transfer, amount })).toThrow("amount");
    }
  });

  it("live in the wallet, and in the shard of the payment reference", () => {
    const transaction = recorded(funding);
    const addresses = legsOf(transaction).map(({ account }) => addressOf(transaction, account));
    const shard = externalShardOf("main", "default", "p").toString(16).padStart(2, "0");
    expect(addresses).toEqual([
      { class: "external-account", id: `external-${shard}` },
      { class: "wallet", id: ada },
    ]);
  });
});

describe("a reference", () => {
  it("is claimed once in the outside world, as that of a payment or of a payout", () => {
    const claimsOf = (sent: SentRequest) =>
      legsOf(recorded(sent)).map(({ account, posting }) => [account, posting.claims]);
    const claim = (way: string) => ({
      key: `${way}:default:p`,
      amount: 1,
      refusal: `duplicate_${way}_reference`,
    });
    expect(claimsOf(funding)).toEqual([
      ["external:default", [claim("payment")]],
      [ada, []],
    ]);
    expect(claimsOf(withdrawal)).toEqual([
      [ada, []],
      ["external:default", [claim("payout")]],
    ]);
  });
});

describe("what an account is told", () => {
  it("names the other side and everything that its history shows", () => {
    const details = { description: "rent", metadata: { a: "1" } };
    const transaction = recorded({ ...transfer, ...details });
    const { id: transactionId, fingerprint } = transaction;
    const same = { transactionId, fingerprint, type: "transfer", claims: [], ...details };
    const [debit, credit] = [
      { direction: "debit", counterparty: bob, ...money },
      { direction: "credit", counterparty: ada, ...money },
    ];
    expect(legsOf(transaction)).toEqual([
      { account: ada, posting: { ...same, lines: [debit] } },
      { account: bob, posting: { ...same, lines: [credit] } },
    ]);
  });

  it("of a funding includes provider and reference, and nothing that was not sent", () => {
    const transaction = recorded(funding);
    const [external, wallet] = legsOf(transaction);
    expect(wallet?.posting).toEqual({
      transactionId: transaction.id,
      fingerprint: transaction.fingerprint,
      type: "funding",
      lines: [{ direction: "credit", counterparty: "external:default", ...money }],
      claims: [],
      provider: "default",
      paymentReference: "p",
    });
    expect(external?.posting).toMatchObject({
      lines: [{ direction: "debit", counterparty: ada }],
      paymentReference: "p",
    });
  });
});
