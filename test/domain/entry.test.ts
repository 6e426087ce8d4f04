// Guarantee: a ledger entry that was changed, left out, moved or brought in from another account
// breaks the hash chain from there on. The vectors are frozen: they stand in stored ledgers.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encodeEntryMetadata,
  entryHash,
  genesisHash,
  nextEntry,
  type Entry,
} from "../../src/domain/ledger/entry.ts";
import { walletAddress } from "../../src/domain/ids.ts";
import type { Posting } from "../../src/domain/protocol/transaction.ts";

const walletId = "wal_ADFX9SFF7FS6Z0YQAHDBN92WYC";
const transactionId = "txn_RK18CG9ZQGP6QCZH7DT7NC49D6";
const genesis = "bf305c0145dc01ea2bd1e2507d2dffd0f2165b90c06bf43558a03a4b74182cfe";
const firstHash = "bbb2ef2f0327fc3fa5ce92fb6bb8cd8c4e1d83633fbdeeb2fb92144dda89c56d";
const secondHash = "cca283eb063498f32c6f180111357acf09bd11d2477f85b81a498989cd002d85";

const funded: Posting = {
  transactionId,
  fingerprint: "fp1:x",
  type: "funding",
  direction: "credit",
  amount: 9_007_199_254_740_991,
  currency: "USD",
  counterparty: "external:default",
  provider: "default",
  paymentReference: "pay-1",
  description: "Salary ✓",
  metadata: { order: "7", a: "ü" },
};
const spent: Posting = {
  transactionId,
  fingerprint: "fp1:x",
  type: "transfer",
  direction: "debit",
  amount: 1,
  currency: "EUR",
  counterparty: `wal_${"0".repeat(26)}`,
};

const start = { sequence: 0, hash: genesis, createdAt: 0 };
const first = nextEntry(start, funded, 1_700_000_000_000);

describe("the frozen chain", () => {
  it("begins with the account itself", () => {
    expect(genesisHash("main", walletAddress(walletId))).toBe(genesis);
    const others = [
      genesisHash("other", walletAddress(walletId)),
      genesisHash("main", { class: "external-account", id: walletId }),
      genesisHash("main", walletAddress(`wal_${"0".repeat(26)}`)),
    ];
    expect(new Set([genesis, ...others]).size).toBe(4);
  });

  it("hashes a full and a bare entry", () => {
    expect(first.hash).toBe(firstHash);
    expect(nextEntry(first, spent, 1_700_000_000_000).hash).toBe(secondHash);
  });
});

describe("the next entry", () => {
  it("continues the sequence and the chain, and drops the fingerprint", () => {
    expect(first).toMatchObject({ sequence: 1, previousHash: genesis });
    expect(first).not.toHaveProperty("fingerprint");
    const second = nextEntry(first, spent, 1_700_000_000_001);
    expect(second).toMatchObject({ sequence: 2, previousHash: firstHash });
  });

  it("is never earlier than the one before, whatever the clock says", () => {
    const second = nextEntry(first, spent, first.createdAt - 5_000);
    expect(second.createdAt).toBe(first.createdAt);
    expect(nextEntry(second, spent, first.createdAt + 1).createdAt).toBe(first.createdAt + 1);
  });
});

describe("the hash of an entry", () => {
  const changes: Readonly<Record<string, Partial<Entry>>> = {
    sequence: { sequence: 2 },
    transactionId: { transactionId: `txn_${"0".repeat(26)}` },
    type: { type: "transfer" },
    direction: { direction: "debit" },
    amount: { amount: 9_007_199_254_740_990 },
    currency: { currency: "EUR" },
    counterparty: { counterparty: "external:bank" },
    provider: { provider: "bank" },
    paymentReference: { paymentReference: "pay-2" },
    description: { description: "Salary" },
    metadata: { metadata: { order: "8", a: "ü" } },
    createdAt: { createdAt: 1_700_000_000_001 },
    previousHash: { previousHash: firstHash },
  };

  it("covers every field but itself", () => {
    const fields = Object.keys(first).filter((field) => field !== "hash");
    expect(Object.keys(changes).toSorted()).toEqual(fields.toSorted());
  });

  it.each(Object.entries(changes))("changes with %s", (_, change) => {
    expect(entryHash({ ...first, ...change })).not.toBe(firstHash);
  });

  it.each(["provider", "paymentReference", "description", "metadata"])(
    "tells without %s",
    (gone) => {
      const { [gone as "provider"]: _, ...rest } = first;
      expect(entryHash(rest)).not.toBe(firstHash);
    },
  );

  it("survives storage: metadata that was stored and read back has the same hash", () => {
    const metadata = fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), {
      maxKeys: 8,
    });
    fc.assert(
      fc.property(metadata, (pairs) => {
        const entry = nextEntry(start, { ...funded, metadata: pairs }, 1);
        const stored = encodeEntryMetadata(entry.metadata) ?? "null";
        const readBack = { ...entry, metadata: JSON.parse(stored) as Record<string, string> };
        expect(entryHash(readBack)).toBe(entry.hash);
      }),
    );
  });
});
