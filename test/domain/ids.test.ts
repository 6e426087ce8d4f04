// Guarantee: the same key names the same transaction, user, wallet and object at any age. The
// vectors are frozen: computed with another implementation, and changing one pays old keys again.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  freezeIdFor,
  accountObjectName,
  apiKeyIdFor,
  externalAddress,
  expiryIdFor,
  externalShardOf,
  isApiKeyId,
  isTransactionId,
  isUserId,
  keyRingObjectName,
  keyShardOf,
  logObjectName,
  logShardOf,
  parseWalletId,
  shardName,
  transactionIdFor,
  userIdFor,
  userIdOfWallet,
  walletAddress,
  walletIdOfUser,
} from "../../src/domain/ids.ts";

const key = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
const crockford = /^[0-9A-HJKMNP-TV-Z]{26}$/;

describe("frozen ids", () => {
  it("of transactions and users", () => {
    expect(transactionIdFor("main", "order-1")).toBe("txn_RK18CG9ZQGP6QCZH7DT7NC49D6");
    expect(userIdFor("main", "order-1")).toBe("usr_ADFX9SFF7FS6Z0YQAHDBN92WYC");
    expect(transactionIdFor("other", "order-1")).toBe("txn_0ZQJ0NJC3E54SHRZYS6YRZDCJR");
    expect(transactionIdFor("main", "ключ-✓")).toBe("txn_76YJJ01J6MEG1SQZ1TQQ891QYF");
  });

  it("of API keys and their rings: the first 4 bits", () => {
    expect(apiKeyIdFor("main", "order-1")).toBe("key_5M0KDVTZYTR0A4977BA3HX2YBA");
    expect(apiKeyIdFor("other", "order-1")).toBe("key_FCFWF3M4HAQKENGVB1M7XYSYCR");
    expect(keyShardOf("key_5M0KDVTZYTR0A4977BA3HX2YBA")).toBe(2);
    expect(keyShardOf("key_FCFWF3M4HAQKENGVB1M7XYSYCR")).toBe(7);
    expect(keyShardOf(`key_${"0".repeat(26)}`)).toBe(0);
    expect(keyShardOf(`key_${"Z".repeat(26)}`)).toBe(15);
    expect(keyRingObjectName(10)).toBe("key-ring-a");
    for (const shard of [-1, 0.5, 16]) expect(() => keyRingObjectName(shard)).toThrow("no such");
  });

  it("of shards: the first 8 bits of the digest that the id is made of", () => {
    expect(logShardOf("txn_RK18CG9ZQGP6QCZH7DT7NC49D6")).toBe(196);
    expect(logShardOf("txn_0ZQJ0NJC3E54SHRZYS6YRZDCJR")).toBe(7);
    expect(logShardOf("txn_76YJJ01J6MEG1SQZ1TQQ891QYF")).toBe(57);
    expect(logShardOf(`txn_${"0".repeat(26)}`)).toBe(0);
    expect(logShardOf(`txn_${"Z".repeat(26)}`)).toBe(255);
    expect(externalShardOf("main", "default", "pay-1")).toBe(0x1d);
  });

  it("of objects", () => {
    const wallet = walletAddress("wal_ADFX9SFF7FS6Z0YQAHDBN92WYC");
    expect(accountObjectName("main", wallet)).toBe(
      "97d9cac14c00a57a663e8821b2e90334ab3b741341dd2c37aeabf7e5339681b1",
    );
    expect(externalAddress("main", "default", "pay-1")).toEqual({
      class: "external-account",
      id: "external-1d",
    });
    expect(logObjectName(7)).toBe("transfer-log-07");
    expect(logObjectName(255)).toBe("transfer-log-ff");
  });
});

describe("an expiry", () => {
  it("has the log shard of what it ends, and an id of its own for each tenant", () => {
    const tenants = ["main", "other"] as const;
    fc.assert(
      fc.property(key, key, (one, other) => {
        const id = transactionIdFor("main", one);
        const expiries = tenants.map((tenant) => expiryIdFor(tenant, id));
        expect(new Set([id, ...expiries]).size).toBe(3);
        for (const expiry of expiries) {
          expect(isTransactionId(expiry)).toBe(true);
          expect(logShardOf(expiry)).toBe(logShardOf(id));
        }
        fc.pre(one !== other);
        expect(expiryIdFor("main", transactionIdFor("main", other))).not.toBe(expiries[0]);
      }),
    );
  });

  it("has 122 bits of its digest behind the shard", () => {
    const id = "txn_RK18CG9ZQGP6QCZH7DT7NC49D6";
    expect(expiryIdFor("main", id)).toBe("txn_RJ00PVDCRWJXX40KWFA22WR667");
  });
});

describe("an id", () => {
  it("has 26 upper-case Crockford characters behind its prefix", () => {
    fc.assert(
      fc.property(key, key, (tenant, one) => {
        expect(transactionIdFor(tenant, one)).toMatch(/^txn_/);
        expect(transactionIdFor(tenant, one).slice(4)).toMatch(crockford);
        expect(userIdFor(tenant, one).slice(4)).toMatch(crockford);
        expect(isTransactionId(transactionIdFor(tenant, one))).toBe(true);
        expect(isUserId(userIdFor(tenant, one))).toBe(true);
      }),
    );
  });

  it("is another one for another tenant, key or namespace", () => {
    fc.assert(
      fc.property(key, key, key, (tenant, one, other) => {
        fc.pre(one !== other);
        expect(transactionIdFor(tenant, one)).not.toBe(transactionIdFor(tenant, other));
        expect(transactionIdFor(one, tenant)).not.toBe(transactionIdFor(other, tenant));
        expect(transactionIdFor(tenant, one).slice(4)).not.toBe(userIdFor(tenant, one).slice(4));
      }),
    );
  });

  it("does not let a tenant run into a key", () => {
    expect(transactionIdFor("ab", "c")).not.toBe(transactionIdFor("a", "bc"));
    expect(accountObjectName("a", walletAddress("bc"))).not.toBe(
      accountObjectName("ab", walletAddress("c")),
    );
  });

  it("spreads transactions over all 256 shards", () => {
    const shards = new Set<number>();
    for (let index = 0; index < 5_000; index++) {
      shards.add(logShardOf(transactionIdFor("main", `key-${index}`)));
    }
    expect(shards.size).toBe(256);
    expect(Math.min(...shards)).toBe(0);
    expect(Math.max(...shards)).toBe(255);
  });
});

describe("a freeze", () => {
  it("has the key of its own wallet", () => {
    const [ada, bob] = [`wal_${"A".repeat(26)}`, `wal_${"B".repeat(26)}`];
    expect(freezeIdFor("main", ada, "key")).toMatch(/^frz_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(freezeIdFor("main", ada, "key")).not.toBe(freezeIdFor("main", bob, "key"));
    expect(freezeIdFor("main", ada, "key")).not.toBe(freezeIdFor("other", ada, "key"));
  });
});

describe("a user and a wallet", () => {
  it("share what is behind the prefix, so that both names find the same wallet", () => {
    fc.assert(
      fc.property(key, (one) => {
        const userId = userIdFor("main", one);
        const walletId = walletIdOfUser(userId);
        expect(userIdOfWallet(walletId)).toBe(userId);
        expect(parseWalletId(userId)).toBe(walletId);
        expect(parseWalletId(walletId)).toBe(walletId);
      }),
    );
  });
});

describe("an id that cannot exist", () => {
  const good = "ADFX9SFF7FS6Z0YQAHDBN92WYC";
  const bad = [
    good.toLowerCase(),
    `a${good.slice(1)}`,
    ...["I", "L", "O", "U", "-", " ", "Ａ", "\n"].map((character) => character + good.slice(1)),
    good.slice(1),
    `${good}0`,
    `${good}\n`,
    "",
  ];

  it.each(bad)("is not recognised: %j", (rest) => {
    expect(parseWalletId(`wal_${rest}`)).toBeUndefined();
    expect(parseWalletId(`usr_${rest}`)).toBeUndefined();
    expect(isUserId(`usr_${rest}`)).toBe(false);
    expect(isTransactionId(`txn_${rest}`)).toBe(false);
  });

  it.each(["txn_", "WAL_", "Wal_", "wal-", " wal_", ""])("has a wrong prefix: %j", (prefix) => {
    expect(parseWalletId(prefix + good)).toBeUndefined();
  });

  it("is told apart by its prefix", () => {
    expect(parseWalletId(`wal_${good}`)).toBe(`wal_${good}`);
    expect(isUserId(`wal_${good}`)).toBe(false);
    expect(isTransactionId(`usr_${good}`)).toBe(false);
  });

  it("no shard has a number outside of 0 .. 255", () => {
    for (const shard of [-1, 256, 1.5, Number.NaN])
      expect(() => shardName(shard)).toThrow("no such shard");
  });
});

describe("an API key's id", () => {
  it("is told from anything else", () => {
    const id = apiKeyIdFor("main", "k");
    expect(isApiKeyId(id)).toBe(true);
    for (const other of ["", "key_", id.toLowerCase(), `${id}0`, id.replace("key", "usr")]) {
      expect(isApiKeyId(other)).toBe(false);
    }
  });
});
