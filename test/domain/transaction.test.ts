// Guarantee: every transaction is double entry: its debits equal its credits, one leg for each
// account, the sender's first, and each account learns what its history will show.
import { describe, expect, it } from "vitest";
import { externalShardOf } from "../../src/domain/ids.ts";
import { amountMax } from "../../src/domain/limits.ts";
import {
  addressOf,
  legsOf,
  postingOf,
  submissionOf,
} from "../../src/domain/protocol/transaction.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";

const ada = `wal_${"A".repeat(26)}`;
const bob = `wal_${"B".repeat(26)}`;
const funding: SentRequest = { type: "funding", walletId: ada, amount: 5, paymentReference: "p" };
const transfer: SentRequest = { type: "transfer", fromWalletId: ada, toWalletId: bob, amount: 5 };

function recorded(sent: SentRequest) {
  const submission = submissionOf("main", "key", sent, "USD");
  return { ...submission, legs: legsOf(submission.request) };
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

describe("the legs", () => {
  it("of a transfer debit the sender, then credit the receiver", () => {
    expect(recorded(transfer).legs).toEqual([
      { account: ada, direction: "debit", amount: 5, currency: "USD" },
      { account: bob, direction: "credit", amount: 5, currency: "USD" },
    ]);
  });

  it("of a funding debit the outside world, then credit the wallet", () => {
    expect(recorded(funding).legs).toEqual([
      { account: "external:default", direction: "debit", amount: 5, currency: "USD" },
      { account: ada, direction: "credit", amount: 5, currency: "USD" },
    ]);
  });

  it("are refused where one account would be both sides, or the amount is impossible", () => {
    expect(() => recorded({ ...transfer, toWalletId: ada })).toThrow("both sides");
    for (const amount of [0, -1, 0.5, amountMax + 1, Number.NaN]) {
      expect(() => recorded({ ...transfer, amount })).toThrow("amount");
    }
  });

  it("live in the wallet, and in the shard of the payment reference", () => {
    const transaction = recorded(funding);
    const addresses = transaction.legs.map((leg) => addressOf(transaction, leg));
    const shard = externalShardOf("main", "default", "p").toString(16).padStart(2, "0");
    expect(addresses).toEqual([
      { class: "external-account", id: `external-${shard}` },
      { class: "wallet", id: ada },
    ]);
  });
});

describe("what an account is told", () => {
  it("names the other side and everything that its history shows", () => {
    const details = { description: "rent", metadata: { a: "1" } };
    const transaction = recorded({ ...transfer, ...details });
    const postings = transaction.legs.map((leg) => postingOf(transaction, leg));
    const { id: transactionId, fingerprint } = transaction;
    const same = { transactionId, fingerprint, type: "transfer", amount: 5, currency: "USD" };
    expect(postings).toEqual([
      { ...same, ...details, direction: "debit", counterparty: bob },
      { ...same, ...details, direction: "credit", counterparty: ada },
    ]);
  });

  it("of a funding includes provider and reference, and nothing that was not sent", () => {
    const transaction = recorded(funding);
    const [external, wallet] = transaction.legs.map((leg) => postingOf(transaction, leg));
    expect(wallet).toEqual({
      transactionId: transaction.id,
      fingerprint: transaction.fingerprint,
      type: "funding",
      direction: "credit",
      amount: 5,
      currency: "USD",
      counterparty: "external:default",
      provider: "default",
      paymentReference: "p",
    });
    expect(external).toMatchObject({
      direction: "debit",
      counterparty: ada,
      paymentReference: "p",
    });
  });
});
