// Guarantee: what is recorded has exactly the fields that were asked for: nothing that was not sent
// appears, not even as `undefined`, since what is stored decides the bytes of every later answer.
import { describe, expect, it } from "vitest";
import { shardName } from "../../src/domain/ids.ts";
import { addressOf, legsOf, linesOf, submissionOf } from "../../src/domain/protocol/transaction.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";

const ada = `wal_${"A".repeat(26)}`;
const bob = `wal_${"B".repeat(26)}`;
const transfer: SentRequest = { type: "transfer", fromWalletId: ada, toWalletId: bob, amount: 5 };
const split: SentRequest = {
  type: "split",
  postings: [{ from: ada, to: bob, amount: 5 }],
};

function recorded(sent: SentRequest) {
  const submission = submissionOf("main", "key", sent, "USD");
  return { ...submission, lines: linesOf(submission.request) };
}

describe("a transfer", () => {
  it("has no provider: only money from outside comes through one", () => {
    expect(recorded(transfer).request).toStrictEqual({ ...transfer, currency: "USD" });
  });

  it("never has a leg in the outside world", () => {
    expect(() => addressOf(recorded(transfer), "external:default")).toThrow(
      "a transfer has no leg outside",
    );
  });
});

describe("a split between wallets", () => {
  it("has no provider either, and a currency in each posting", () => {
    const postings = [{ from: ada, to: bob, amount: 5, currency: "USD" }];
    expect(recorded(split).request).toStrictEqual({ type: "split", postings });
  });
});

describe.each([transfer, split])("the accounts of a $type", (sent) => {
  it("are told no field that it does not have", () => {
    const transaction = recorded(sent);
    const { id: transactionId, fingerprint } = transaction;
    const same = { transactionId, fingerprint, type: sent.type, claims: [] };
    const line = { bucket: "available", amount: 5, currency: "USD" };
    expect(legsOf(transaction)).toStrictEqual([
      {
        account: ada,
        posting: { ...same, lines: [{ ...line, direction: "debit", counterparty: bob }] },
      },
      {
        account: bob,
        posting: { ...same, lines: [{ ...line, direction: "credit", counterparty: ada }] },
      },
    ]);
  });
});

describe("a shard's name", () => {
  it("is two hexadecimal digits, from 00 to ff", () => {
    expect([0, 10, 255].map(shardName)).toEqual(["00", "0a", "ff"]);
    expect(() => shardName(256)).toThrow("no such shard: 256");
  });
});
