// Guarantee: what is derived by hashing is what the formats say. The vectors are frozen, the
// reckoning is another implementation, and production agrees with it for everything.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { entryHash, genesisHash } from "../../src/domain/ledger/entry.ts";
import {
  fingerprintFreeze,
  fingerprintRequest,
  fingerprintUser,
} from "../../src/domain/fingerprint.ts";
import {
  accountObjectName,
  externalAddress,
  expiryIdFor,
  freezeIdFor,
  logShardOf,
  transactionIdFor,
  userIdFor,
  walletIdOfUser,
} from "../../src/domain/ids.ts";
import * as oracle from "./reckoning.ts";

const ada = "wal_ADFX9SFF7FS6Z0YQAHDBN92WYC";
const text = fc.string({ unit: "grapheme", maxLength: 12 });
const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 });
const pairs = fc.dictionary(text, text, { maxKeys: 4, noNullPrototype: true });
const amount = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

describe("the frozen vectors", () => {
  test("of ids and shards", () => {
    expect(oracle.transactionId("main", "order-1")).toBe("txn_RK18CG9ZQGP6QCZH7DT7NC49D6");
    expect(oracle.transactionId("main", "ключ-✓")).toBe("txn_76YJJ01J6MEG1SQZ1TQQ891QYF");
    expect(oracle.userId("main", "order-1")).toBe("usr_ADFX9SFF7FS6Z0YQAHDBN92WYC");
    expect(oracle.walletId("main", "order-1")).toBe(ada);
    expect(oracle.logShard("txn_RK18CG9ZQGP6QCZH7DT7NC49D6")).toBe(196);
    expect(oracle.externalAccount("main", "default", "pay-1")).toBe("external-1d");
    expect(oracle.objectName("main", { class: "wallet", id: ada })).toBe(
      "97d9cac14c00a57a663e8821b2e90334ab3b741341dd2c37aeabf7e5339681b1",
    );
  });

  test("of fingerprints", () => {
    const funding = { type: "funding", walletId: ada, amount: 500, paymentReference: "pay-1" };
    expect(oracle.requestFingerprint(funding)).toBe(
      "fp1:f1e7e333c9cb5ad46dddf64db5f68befab57c5ca50e7d309fe8f46058cfb0469",
    );
    expect(oracle.userFingerprint({ name: "Ada" })).toBe(
      "fp1:d5ee31fbefc407e5e28de06fd09d879e01a3084ebd526a868f6a8b68f28fe091",
    );
  });

  test("of the chain", () => {
    const genesis = "bf305c0145dc01ea2bd1e2507d2dffd0f2165b90c06bf43558a03a4b74182cfe";
    expect(oracle.genesis("main", { class: "wallet", id: ada })).toBe(genesis);
    const entry = {
      sequence: 1,
      transactionId: "txn_RK18CG9ZQGP6QCZH7DT7NC49D6",
      line: 1,
      type: "funding",
      bucket: "available",
      direction: "credit",
      amount: 9_007_199_254_740_991,
      currency: "USD",
      counterparty: "external:default",
      provider: "default",
      paymentReference: "pay-1",
      description: "Salary ✓",
      metadata: { order: "7", a: "ü" },
      decidedAt: 1_699_999_999_990,
      createdAt: 1_700_000_000_000,
    };
    expect(oracle.entryHash(genesis, entry)).toBe(
      "0eea23e4166e1943dff39a45db5cae8756f01ef12af3b653c6e173a3fcf6ebbc",
    );
  });
});

describe("production agrees", () => {
  test("on ids, shards and names of objects", () => {
    fc.assert(
      fc.property(name, name, name, (tenant, key, other) => {
        const id = transactionIdFor(tenant, key);
        expect(id).toBe(oracle.transactionId(tenant, key));
        expect(logShardOf(id)).toBe(oracle.logShard(id));
        expect(expiryIdFor(tenant, id)).toBe(oracle.expiryId(tenant, id));
        expect(oracle.logShard(oracle.expiryId(tenant, id))).toBe(oracle.logShard(id));
        expect(userIdFor(tenant, key)).toBe(oracle.userId(tenant, key));
        expect(walletIdOfUser(userIdFor(tenant, key))).toBe(oracle.walletId(tenant, key));
        expect(freezeIdFor(tenant, other, key)).toBe(oracle.freezeId(tenant, other, key));
        const outside = externalAddress(tenant, other, key);
        expect(outside.id).toBe(oracle.externalAccount(tenant, other, key));
        for (const address of [outside, { class: "wallet", id: key } as const]) {
          expect(accountObjectName(tenant, address)).toBe(oracle.objectName(tenant, address));
          expect(genesisHash(tenant, address)).toBe(oracle.genesis(tenant, address));
        }
      }),
    );
  });

  const details = { description: text, metadata: pairs };
  const funding = fc.record(
    {
      type: fc.constant("funding" as const),
      walletId: name,
      amount,
      paymentReference: name,
      currency: name,
      provider: name,
      ...details,
    },
    { requiredKeys: ["type", "walletId", "amount", "paymentReference"] },
  );
  const transfer = fc.record(
    {
      type: fc.constant("transfer" as const),
      fromWalletId: name,
      toWalletId: name,
      amount,
      currency: name,
      ...details,
    },
    { requiredKeys: ["type", "fromWalletId", "toWalletId", "amount"] },
  );
  const posting = fc.record(
    { from: name, to: name, amount, currency: name },
    { requiredKeys: ["from", "to", "amount"] },
  );
  const split = fc.record(
    {
      type: fc.constant("split" as const),
      postings: fc.array(posting, { minLength: 1, maxLength: 3 }),
      paymentReference: name,
      provider: name,
      ...details,
    },
    { requiredKeys: ["type", "postings"] },
  );
  const profile = fc.record({ name, email: name, metadata: pairs }, { requiredKeys: ["name"] });

  test("on fingerprints", () => {
    fc.assert(
      fc.property(
        fc.oneof(funding, transfer, split),
        profile,
        fc.boolean(),
        (sent, user, frozen) => {
          expect(fingerprintRequest(sent)).toBe(oracle.requestFingerprint(sent));
          expect(fingerprintUser(user)).toBe(oracle.userFingerprint(user));
          const reason = user.name;
          expect(fingerprintFreeze({ frozen, reason })).toBe(
            oracle.freezeFingerprint(frozen, reason),
          );
        },
      ),
    );
  });

  const shown = fc.record({
    sequence: amount,
    transactionId: name,
    line: amount,
    type: fc.constantFrom("funding" as const, "transfer" as const),
    bucket: fc.constantFrom("available" as const, "reserved" as const),
    direction: fc.constantFrom("debit" as const, "credit" as const),
    amount,
    currency: name,
    counterparty: name,
    decidedAt: amount,
    createdAt: amount,
    previousHash: name,
  });
  const optional = {
    origin: name,
    provider: name,
    paymentReference: name,
    payoutReference: name,
    ...details,
  };
  const entry = fc
    .tuple(shown, fc.record(optional, { requiredKeys: [] }))
    .map(([always, sometimes]) => ({ ...always, ...sometimes }));

  test("on the hash of any entry", () => {
    fc.assert(
      fc.property(entry, (one) => {
        expect(entryHash(one)).toBe(oracle.entryHash(one.previousHash, one));
      }),
    );
  });
});
