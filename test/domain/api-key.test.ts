// Guarantee: an API key's text has one form, keeps its parts, and a mistake in it is noticed before
// a key ring is asked about it.
import { describe, expect, it } from "vitest";
import {
  encodeSecret,
  environmentPattern,
  formatApiKey,
  parseApiKey,
} from "../../src/domain/api-key.ts";
import { apiKeyIdFor } from "../../src/domain/ids.ts";
import { inScopeOrder, isTenant, scopes, userScopes } from "../../src/domain/principal.ts";

const secret = encodeSecret(Uint8Array.from({ length: 32 }, (_, index) => index * 7));
const key = { environment: "production", id: apiKeyIdFor("main", "k"), secret };
const text = formatApiKey(key);

describe("an API key", () => {
  it("stays as it was documented first", () => {
    expect(text).toBe(
      "wk_production_A6WRQ5M885XD5PZR47PZWD71PY_" +
        "00071RAHR8SA64W3YHJDAHDP4TBGEXZ8B34KKAGTHBXPQQ2CQMPSV48GRA",
    );
  });

  it("is read as it was written", () => {
    expect(parseApiKey(text)).toEqual(key);
  });

  it("is noticed to be mistyped, whichever character it is", () => {
    const taken: string[] = [];
    for (let index = 0; index < text.length; index++) {
      for (const other of ["0", "z", "Z", "_", ""]) {
        const mistyped = text.slice(0, index) + other + text.slice(index + 1);
        if (mistyped !== text && parseApiKey(mistyped)) taken.push(mistyped);
      }
    }
    expect(taken).toEqual([]);
  });

  it.each(["", "wk_", text.toLowerCase(), ` ${text}`, `${text} `, `${text}\n`, text + text])(
    "is nothing else: %j",
    (other) => {
      expect(parseApiKey(other)).toBeUndefined();
    },
  );
});

describe("what a deployment calls itself", () => {
  it.each(["a", "production", "x".repeat(16)])("may be %j", (name) => {
    expect(name).toMatch(environmentPattern);
  });

  it.each(["", "Production", "x".repeat(17), "eu1", "my env", "production ", " production"])(
    "is never %j",
    (name) => {
      expect(name).not.toMatch(environmentPattern);
    },
  );
});

describe("a secret", () => {
  it("has 256 bits in 52 characters, all of which count", () => {
    expect(encodeSecret(new Uint8Array(32))).toBe("0".repeat(52));
    expect(encodeSecret(new Uint8Array(32).fill(255))).toBe(`1${"Z".repeat(51)}`);
    const secrets = Array.from({ length: 32 }, (_, index) =>
      encodeSecret(new Uint8Array(32).fill(1, index, index + 1)),
    );
    expect(new Set(secrets).size).toBe(32);
    for (const length of [0, 31, 33]) {
      expect(() => encodeSecret(new Uint8Array(length))).toThrow("256 bits");
    }
  });
});

describe("scopes", () => {
  it("are a set, in one order", () => {
    expect(inScopeOrder(["keys:manage", "users:write"])).toEqual(["users:write", "keys:manage"]);
    expect(inScopeOrder(scopes.toReversed())).toEqual(scopes);
  });

  it("of users are three, and no money enters by them", () => {
    expect(userScopes).toEqual(["wallets:read", "transactions:read", "transfers:write"]);
  });
});

describe("a tenant's name", () => {
  it.each(["main", "a", "0", "acme-eu", "a".repeat(63)])("may be %s", (name) => {
    expect(isTenant(name)).toBe(true);
  });

  it.each(["", "-a", "A", "a b", "a:b", "a_b", "a.b", "a".repeat(64), "main\n", "ä"])(
    "may not be %j",
    (name) => {
      expect(isTenant(name)).toBe(false);
    },
  );
});
