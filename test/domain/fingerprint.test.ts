// Guarantee: a fingerprint tells a replay from a reused key. It depends on every field that was
// sent, on nothing else, and never changes: the frozen ones stand in the rows of old transactions.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fingerprintApiKey,
  fingerprintRequest,
  fingerprintUser,
} from "../../src/domain/fingerprint.ts";
import { submissionOf } from "../../src/domain/protocol/transaction.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";

const ada = "wal_ADFX9SFF7FS6Z0YQAHDBN92WYC";
const zero = `wal_${"0".repeat(26)}`;

const funding: SentRequest = {
  type: "funding",
  walletId: ada,
  amount: 500,
  paymentReference: "pay-1",
};
const transfer: SentRequest = {
  type: "transfer",
  fromWalletId: ada,
  toWalletId: zero,
  amount: 500,
  currency: "EUR",
  description: "rent",
  metadata: { b: "2", a: "1" },
};

describe("frozen fingerprints", () => {
  it("of a funding, a transfer and a user", () => {
    expect(fingerprintRequest(funding)).toBe(
      "fp1:f1e7e333c9cb5ad46dddf64db5f68befab57c5ca50e7d309fe8f46058cfb0469",
    );
    expect(fingerprintRequest(transfer)).toBe(
      "fp1:45b76c3c3d249da212f7a4caa585a8f2b1f37755785e9af73320467076ec633c",
    );
    expect(fingerprintUser({ name: "Ada" })).toBe(
      "fp1:d5ee31fbefc407e5e28de06fd09d879e01a3084ebd526a868f6a8b68f28fe091",
    );
  });
});

describe("a fingerprint is the same", () => {
  it("whatever the order of the fields and of the metadata's pairs", () => {
    const metadata = fc.dictionary(fc.string({ unit: "binary", maxLength: 5 }), fc.string(), {
      maxKeys: 6,
    });
    fc.assert(
      fc.property(metadata, fc.infiniteStream(fc.nat()), (pairs, order) => {
        const shuffled = Object.fromEntries(
          Object.entries(pairs)
            .map((pair) => ({ pair, rank: order.next().value }))
            .toSorted((left, right) => left.rank - right.rank)
            .map(({ pair }) => pair),
        );
        const sent = { ...transfer, metadata: pairs };
        const reversed = Object.fromEntries(
          Object.entries({ ...transfer, metadata: shuffled }).toReversed(),
        ) as unknown as SentRequest;
        expect(fingerprintRequest(reversed)).toBe(fingerprintRequest(sent));
        const user = { name: "Ada", email: "a@b.c", metadata: pairs };
        const sameUser = { metadata: shuffled, email: "a@b.c", name: "Ada" };
        expect(fingerprintUser(sameUser)).toBe(fingerprintUser(user));
      }),
    );
  });

  it("whatever currency is the default when the transaction is recorded", () => {
    const inDollars = submissionOf("main", "key", funding, "USD");
    const inEuros = submissionOf("main", "key", funding, "EUR");
    expect(inDollars.fingerprint).toBe(inEuros.fingerprint);
  });
});

describe("a fingerprint is another one", () => {
  const changes: Readonly<Record<string, SentRequest>> = {
    "another wallet": { ...funding, walletId: zero },
    "another amount": { ...funding, amount: 501 },
    "a sent default currency": { ...funding, currency: "USD" },
    "another currency": { ...funding, currency: "EUR" },
    "a sent default provider": { ...funding, provider: "default" },
    "another provider": { ...funding, provider: "bank" },
    "another reference": { ...funding, paymentReference: "pay-2" },
    "an empty description": { ...funding, description: "" },
    "a description": { ...funding, description: "x" },
    "empty metadata": { ...funding, metadata: {} },
    metadata: { ...funding, metadata: { a: "1" } },
    "other metadata": { ...funding, metadata: { a: "2" } },
    "another metadata key": { ...funding, metadata: { b: "1" } },
    "a pair split elsewhere": { ...funding, metadata: { a1: "" } },
    "a transfer": { type: "transfer", fromWalletId: ada, toWalletId: zero, amount: 500 },
    "the transfer back": { type: "transfer", fromWalletId: zero, toWalletId: ada, amount: 500 },
  };

  it.each(Object.entries(changes))("for %s", (_, changed) => {
    expect(fingerprintRequest(changed)).not.toBe(fingerprintRequest(funding));
  });

  it("for each of these requests", () => {
    const all = [funding, ...Object.values(changes)].map(fingerprintRequest);
    expect(new Set(all).size).toBe(all.length);
  });

  it("for each field of a user", () => {
    const users = [
      { name: "Ada" },
      { name: "Ada " },
      { name: "Ada", email: "a@b.c" },
      { name: "Ada", metadata: {} },
      { name: "Ada", metadata: { a: "1" } },
    ];
    expect(new Set(users.map(fingerprintUser)).size).toBe(users.length);
  });

  it("for each field of an API key, whose frozen one is this", () => {
    expect(
      fingerprintApiKey({ name: "Ada", scopes: ["users:write", "ops:read"], expiresAt: 5 }),
    ).toBe("fp1:75bc29cd3cc44560b0def748cf00a8349dc2cef4e2a1056b983aea9f1ab4d200");
    const scopes = ["ops:read"] as const;
    const keys = [
      { name: "Ada", scopes },
      { name: "Ada ", scopes },
      { name: "Ada", scopes, expiresAt: 0 },
      { name: "Ada", scopes, expiresAt: 1 },
      { name: "Ada", scopes: ["ops:write"] as const },
      { name: "Ada", scopes: ["ops:read", "ops:write"] as const },
    ];
    expect(new Set(keys.map(fingerprintApiKey)).size).toBe(keys.length);
  });
});
