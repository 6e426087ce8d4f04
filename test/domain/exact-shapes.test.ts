// Guarantee: what is recorded has exactly the fields that were asked for: nothing that was not sent
// appears, not even as `undefined`, since what is stored decides the bytes of every later answer.
import { describe, expect, it } from "vitest";
import { shardName } from "../../src/domain/ids.ts";
import {
  addressOf,
  legsOf,
  postingOf,
  submissionOf,
} from "../../src/domain/protocol/transaction.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";

const ada = `wal_${"A".repeat(26)}`;
const bob = `wal_${"B".repeat(26)}`;
const transfer: SentRequest = { type: "transfer", fromWalletId: ada, toWalletId: bob, amount: 5 };

function recorded(sent: SentRequest) {
  const submission = submissionOf("main", "key", sent, "USD");
  return { ...submission, legs: legsOf(submission.request) };
}

describe("a transfer", () => {
  it("has no provider: only money from outside comes through one", () => {
    expect(recorded(transfer).request).toStrictEqual({ ...transfer, currency: "USD" });
  });

  it("is told to its accounts without any field that it does not have", () => {
    const transaction = recorded(transfer);
    const postings = transaction.legs.map((leg) => postingOf(transaction, leg));
    const { id: transactionId, fingerprint } = transaction;
    const same = { transactionId, fingerprint, type: "transfer", amount: 5, currency: "USD" };
    expect(postings).toStrictEqual([
      { ...same, direction: "debit", counterparty: bob },
      { ...same, direction: "credit", counterparty: ada },
    ]);
  });

  it("never has a leg in the outside world", () => {
    const [leg] = recorded(transfer).legs;
    if (!leg) throw new Error("a transfer has legs");
    const outside = { ...leg, account: "external:default" };
    expect(() => addressOf(recorded(transfer), outside)).toThrow("a transfer has no leg outside");
  });
});

describe("a transaction with legs on one side only", () => {
  it("has no posting: it is no double entry", () => {
    const { legs, ...submission } = recorded(transfer);
    const debits = legs.filter((leg) => leg.direction === "debit");
    const [debit] = debits;
    if (!debit) throw new Error("a transfer has a debit");
    expect(() => postingOf({ ...submission, legs: debits }, debit)).toThrow("both sides");
  });
});

describe("a shard's name", () => {
  it("is two hexadecimal digits, from 00 to ff", () => {
    expect([0, 10, 255].map(shardName)).toEqual(["00", "0a", "ff"]);
    expect(() => shardName(256)).toThrow("no such shard: 256");
  });
});
