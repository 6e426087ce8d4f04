// Guarantee: a key ring only ever adds to its records, works as no other ring than it is, and keeps
// nothing of ids that it does not know.
import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { apiKeyIdFor, keyRingObjectName, keyShardOf } from "../../../src/domain/ids.ts";
import { keyShardCount } from "../../../src/domain/limits.ts";
import type { CreateKeyCall } from "../../../src/durable-objects/key-ring/contract.ts";
import { identityMismatch } from "../../../src/durable-objects/rpc/identity.ts";
import { keyRingStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { attacksThatPass, copyRow, rewritesOf } from "../../support/attacks.ts";
import { call, tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { contentsOf, failureOf, runSql, tablesOf } from "../../support/objects.ts";

const ringObject = (shard: number) => env.KEY_RING.getByName(keyRingObjectName(shard));

function keyIn(shard: number): string {
  for (;;) {
    const id = apiKeyIdFor(tenant, newKey());
    if (keyShardOf(id) === shard) return id;
  }
}

function creation(keyId: string, more: Partial<CreateKeyCall> = {}): CreateKeyCall {
  const request = { name: "test", scopes: ["ops:read"] as const };
  const fingerprint = "fp1:test";
  return {
    ...call,
    keyId,
    request,
    fingerprint,
    secretHash: "a".repeat(64),
    principal: "dev",
    ...more,
  };
}

describe("the records of a ring", () => {
  it.each(["in a running object", "after an eviction"])("cannot be rewritten %s", async (when) => {
    const shard = when === "after an eviction" ? 1 : 0;
    const [object, ring] = [ringObject(shard), keyRingStub(env, shard)];
    const [live, revoked] = [keyIn(shard), keyIn(shard)];
    for (const id of [live, revoked])
      expect(await ring.create(creation(id))).toMatchObject({ ok: true });
    await ring.revoke({ ...call, keyId: revoked, principal: "dev" });
    if (when === "after an eviction") await evictDurableObject(object);

    for (const [table, where, message] of [
      ["keys", `id = '${live}'`, /keys are|created once/],
      ["revocations", `key_id = '${revoked}'`, /revocations are|revoked, once/],
      ["identity", "id = 1", /immutable|written once/],
    ] as const) {
      const rewrites = await rewritesOf(object, table, where);
      expect(await attacksThatPass(object, rewrites, message)).toEqual([]);
    }
    const upgrade = await copyRow(object, "INSERT OR REPLACE", "keys", `id = '${live}'`, {
      scopes: `'["keys:manage"]'`,
    });
    const moved = await copyRow(object, "REPLACE", "keys", `id = '${live}'`, { tenant: "'other'" });
    expect(await attacksThatPass(object, [upgrade, moved], /created once/)).toEqual([]);
  });

  it("take a revocation only of a key that exists", async () => {
    await keyRingStub(env, 2).create(creation(keyIn(2)));
    const insert = `INSERT INTO revocations (key_id, revoked_by, revoked_at, request_id)
      VALUES ('${keyIn(2)}', 'dev', 1, 'test')`;
    expect(await attacksThatPass(ringObject(2), [insert], /a key that exists/)).toEqual([]);
  });

  it("outlive their object", async () => {
    const id = keyIn(3);
    await keyRingStub(env, 3).create(creation(id));
    await evictDurableObject(ringObject(3));
    expect(await keyRingStub(env, 3).lookUp({ ...call, keyId: id })).toMatchObject({ ok: true });
  });
});

describe("a creation", () => {
  it("that is repeated creates nothing more, and one that differs is refused", async () => {
    const [ring, object, id] = [keyRingStub(env, 4), ringObject(4), keyIn(4)];
    await ring.create(creation(id));
    const before = await contentsOf(object);
    expect(await ring.create(creation(id))).toMatchObject({ ok: true, replayed: false });
    const other = { ok: false, problem: "idempotency_key_reused" };
    expect(await ring.create(creation(id, { fingerprint: "fp1:other" }))).toEqual(other);
    expect(await ring.create(creation(id, { tenant: "other" }))).toEqual(other);
    expect(await contentsOf(object)).toBe(before);
  });

  it("of a key that has expired already is refused, and its repetition is not", async () => {
    const [ring, id] = [keyRingStub(env, 10), keyIn(10)];
    const request = { name: "test", scopes: ["ops:read"] as const };
    const expired = creation(id, { request: { ...request, expiresAt: Date.now() - 1 } });
    expect(await ring.create(expired)).toEqual({ ok: false, problem: "already_expired" });
    expect(await tablesOf(ringObject(10))).toEqual([]);

    const expiresAt = Date.now() + 1_500;
    const brief = creation(id, { request: { ...request, expiresAt } });
    expect(await ring.create(brief)).toMatchObject({ ok: true });
    await vi.waitUntil(() => Date.now() > expiresAt, { timeout: 5_000 });
    expect(await ring.create(brief)).toMatchObject({ ok: true, key: { expiresAt } });
  });

  it.each<[string, object]>([
    ["no hash", { secretHash: undefined }],
    ["half a hash", { secretHash: "a".repeat(32) }],
    ["no tenant", { tenant: "" }],
    ["no principal", { principal: undefined }],
    ["no request", { request: undefined }],
    ["scopes that are no list", { request: { name: "x", scopes: "ops:read" } }],
  ])("with %s writes nothing, not even tables", async (_what, more) => {
    const broken = { ...creation(keyIn(5)), ...more } as CreateKeyCall;
    expect(await failureOf(() => keyRingStub(env, 5).create(broken))).not.toBe("");
    expect(await tablesOf(ringObject(5))).toEqual([]);
  });
});

describe("a ring that was never used", () => {
  it("knows no key and stores nothing", async () => {
    const [ring, id] = [keyRingStub(env, 6), keyIn(6)];
    const notFound = { ok: false, problem: "not_found" };
    expect(await ring.lookUp({ ...call, keyId: id })).toEqual(notFound);
    expect(await ring.revoke({ ...call, keyId: id, principal: "dev" })).toEqual(notFound);
    expect(await ring.list({ ...call, limit: 10 })).toEqual([]);
    expect(await tablesOf(ringObject(6))).toEqual([]);
  });
});

describe("a ring that is in use", () => {
  it("keeps nothing of a thousand guesses", async () => {
    const [ring, object] = [keyRingStub(env, 7), ringObject(7)];
    await ring.create(creation(keyIn(7)));
    const before = await contentsOf(object);
    for (let count = 0; count < 1_000; count++) await ring.lookUp({ ...call, keyId: keyIn(7) });
    expect(await contentsOf(object)).toBe(before);
  });

  it("refuses another ring's keys, and any under another number of rings", async () => {
    const [ring, object, id] = [keyRingStub(env, 8), ringObject(8), keyIn(8)];
    await ring.create(creation(id));
    const before = await contentsOf(object);
    for (const misled of [
      () => ring.create(creation(keyIn(9))),
      () => ring.lookUp({ ...call, keyId: keyIn(9) }),
      () => ring.revoke({ ...call, keyId: keyIn(9), principal: "dev" }),
    ]) {
      expect(await failureOf(misled)).toContain(identityMismatch);
    }
    expect(await contentsOf(object)).toBe(before);
    await runSql(object, "DROP TRIGGER identity_not_updated");
    await runSql(object, `UPDATE identity SET shards = ${keyShardCount * 2}`);
    expect(await failureOf(async () => ring.lookUp({ ...call, keyId: id }))).toContain(
      identityMismatch,
    );
  });
});

it("keys are spread over all rings", () => {
  const shards = Array.from({ length: 500 }, () => keyShardOf(apiKeyIdFor(tenant, newKey())));
  expect(new Set(shards).size).toBe(keyShardCount);
  expect(() => keyRingObjectName(keyShardCount)).toThrow("no such key ring");
});
