// Guarantee: a ledger entry that was changed, left out, moved or brought in from another account
// breaks the hash chain from there on. The vectors are frozen: they stand in stored ledgers.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  encodeEntryMetadata,
  entryHash,
  genesisHash,
  nextEntries,
  type Entry,
  type LedgerHead,
} from "../../src/domain/ledger/entry.ts";
import { walletAddress } from "../../src/domain/ids.ts";
import type { Posting } from "../../src/domain/protocol/transaction.ts";

const walletId = "wal_ADFX9SFF7FS6Z0YQAHDBN92WYC";
const transactionId = "txn_RK18CG9ZQGP6QCZH7DT7NC49D6";
const genesis = "bf305c0145dc01ea2bd1e2507d2dffd0f2165b90c06bf43558a03a4b74182cfe";
const firstHash = "0eea23e4166e1943dff39a45db5cae8756f01ef12af3b653c6e173a3fcf6ebbc";
const secondHash = "29d138cd1d072c9d7ac4e945d84e653c04656f1e4cf44ba7ecbbdd6e4ff6929a";
const thirdHash = "18e7ed539034104425fd815868396193311784c6ca76ed868da81e8a6884c794";

const funded: Posting = {
  transactionId,
  fingerprint: "fp1:x",
  type: "funding",
  lines: [
    {
      bucket: "available",
      direction: "credit",
      amount: 9_007_199_254_740_991,
      currency: "USD",
      counterparty: "external:default",
    },
  ],
  claims: [],
  provider: "default",
  paymentReference: "pay-1",
  description: "Salary ✓",
  metadata: { order: "7", a: "ü" },
};
/** Two lines, as a leg of a wallet that gives something back has them. */
const spent: Posting = {
  transactionId,
  fingerprint: "fp1:x",
  type: "transfer",
  lines: [
    {
      bucket: "reserved",
      direction: "debit",
      amount: 3,
      currency: "EUR",
      counterparty: `wal_${"0".repeat(26)}`,
    },
    {
      bucket: "available",
      direction: "credit",
      amount: 2,
      currency: "EUR",
      counterparty: walletId,
    },
  ],
  claims: [{ key: "origin:txn_1", amount: 3, refusal: "insufficient_funds" }],
  origin: { transactionId: `txn_${"1".repeat(26)}`, refusal: "insufficient_funds" },
  payoutReference: "out-1",
};

const decidedAt = 1_699_999_999_990;
const now = 1_700_000_000_000;
const start = { sequence: 0, hash: genesis, createdAt: 0 };

function entriesAfter(head: LedgerHead, posting: Posting, times = { decidedAt, now }) {
  const [one, two] = nextEntries(head, posting, times);
  if (!one) throw new Error("a leg has an entry");
  return { one, last: two ?? one };
}

const { one: first } = entriesAfter(start, funded);

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

  it("hashes an entry with texts, and those of a leg of two lines", () => {
    expect(first.hash).toBe(firstHash);
    const { one, last } = entriesAfter(first, spent);
    expect([one.hash, last.hash]).toEqual([secondHash, thirdHash]);
  });
});

describe("the next entries", () => {
  it("continue the sequence and the chain, and keep nothing of the protocol", () => {
    expect(first).toMatchObject({ sequence: 1, line: 1, previousHash: genesis });
    for (const field of ["fingerprint", "claims", "lines"]) {
      expect(first).not.toHaveProperty(field);
    }
    const { one, last } = entriesAfter(first, spent);
    const origin = `txn_${"1".repeat(26)}`;
    expect(one).toMatchObject({ sequence: 2, line: 1, previousHash: firstHash, origin });
    expect(last).toMatchObject({ sequence: 3, line: 2, previousHash: one.hash, origin });
  });

  it("show the lines of the leg in their order", () => {
    const { one, last } = entriesAfter(first, spent);
    expect([one, last]).toMatchObject(spent.lines);
  });

  it("are never earlier than the one before, whatever the clock says", () => {
    const times = { decidedAt, now: first.createdAt - 5_000 };
    expect(entriesAfter(first, spent, times).one.createdAt).toBe(first.createdAt);
    const later = { decidedAt, now: first.createdAt + 1 };
    expect(entriesAfter(first, spent, later).one.createdAt).toBe(first.createdAt + 1);
  });

  it("are never earlier than the decision, which they all carry", () => {
    const { one, last } = entriesAfter(first, spent, { decidedAt: now + 7, now });
    expect(one).toMatchObject({ decidedAt: now + 7, createdAt: now + 7 });
    expect(last).toMatchObject({ decidedAt: now + 7, createdAt: now + 7 });
  });

  it("of one leg have one time", () => {
    const { one, last } = entriesAfter(first, spent, { decidedAt, now: now + 3 });
    expect([one.createdAt, last.createdAt]).toEqual([now + 3, now + 3]);
    expect([one.decidedAt, last.decidedAt]).toEqual([decidedAt, decidedAt]);
  });
});

describe("the hash of an entry", () => {
  const changes: Readonly<Record<string, Partial<Entry>>> = {
    sequence: { sequence: 2 },
    line: { line: 2 },
    bucket: { bucket: "reserved" },
    decidedAt: { decidedAt: decidedAt + 1 },
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

  it.each(["origin", "payoutReference"])("changes with a %s", (field) => {
    expect(entryHash({ ...first, [field]: transactionId })).not.toBe(firstHash);
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
        const { one: entry } = entriesAfter(start, { ...funded, metadata: pairs });
        const stored = encodeEntryMetadata(entry.metadata) ?? "null";
        const readBack = { ...entry, metadata: JSON.parse(stored) as Record<string, string> };
        expect(entryHash(readBack)).toBe(entry.hash);
      }),
    );
  });
});
