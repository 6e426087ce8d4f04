// Guarantee: keys can be replaced without a refused request; an unknown key and a wrong secret cost
// the same work; the cache of keys is bounded in time and number.
import { describe, expect, test } from "vitest";
import { formatApiKey, parseApiKey } from "../../../src/domain/api-key.ts";
import { apiKeyIdFor } from "../../../src/domain/ids.ts";
import { keyCacheBridgeMaxMs, keyCacheMaxMs, keyCacheSizeMax } from "../../../src/domain/limits.ts";
import { KeyCache } from "../../../src/http/credentials/key-cache.ts";
import { platformSecrets, type Secrets } from "../../../src/http/credentials/secrets.ts";
import { CallFailed } from "../../../src/durable-objects/rpc/stubs.ts";
import { systemClock } from "../../../src/platform/clock.ts";
import { bootstrapFor, ClosedService, newSecret } from "../../support/closed.ts";
import { expectProblem } from "../../support/http.ts";
import { openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

const root = bootstrapFor("main");
const settings = { BOOTSTRAP_KEY: root.setting };
const { userId } = await openUser();
const path = `/users/${userId}`;

describe("rotation under load", () => {
  test("refuses no request that is sent with a key in use", async () => {
    // Two isolates, as there are many: each remembers for itself.
    const isolates = [new ClosedService(settings), new ClosedService(settings)] as const;
    let current = await isolates[0].createKey(root.text, ["wallets:read"]);
    const statuses: number[] = [];
    const load = { on: true };

    /** The key that each client's request under way was sent with. */
    const underWay: string[] = [];
    const send = async (client: number) => {
      while (load.on) {
        underWay[client] = current.text;
        const answer = await isolates[client % 2 ? 1 : 0].send("GET", path, current.text);
        statuses.push(answer.status);
      }
    };
    const clients = Array.from({ length: 8 }, (_, client) => send(client));
    const old: (typeof current)[] = [];
    for (let round = 0; round < 5; round++) {
      const next = await isolates[0].createKey(root.text, ["wallets:read"]);
      // Both are good for as long as anybody needs to change over.
      expect((await isolates[1].send("GET", path, current.text)).status).toBe(200);
      expect((await isolates[1].send("GET", path, next.text)).status).toBe(200);
      old.push(current);
      current = next;
      // Every request that was sent with the old key has been answered.
      while (underWay.some((key) => key !== next.text)) await isolates[0].send("GET", "/health");
      const { status } = await isolates[0].send(
        "DELETE",
        `/admin/keys/${old[round]?.id}`,
        root.text,
      );
      expect(status).toBe(200);
    }
    load.on = false;
    await Promise.all(clients);

    expect(statuses.length).toBeGreaterThan(5 * clients.length);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    const fresh = new ClosedService(settings);
    for (const { text } of old) {
      expectProblem(await fresh.send("GET", path, text), 401, "unauthenticated");
    }
    expect((await fresh.send("GET", path, current.text)).status).toBe(200);
  });
});

describe("the work for a key", () => {
  test("is one digest and one comparison of 32 bytes, known or unknown, right or wrong", async () => {
    const work: string[] = [];
    const counted: Secrets = {
      sha256(secret) {
        work.push(`digest of ${secret.length}`);
        return platformSecrets.sha256(secret);
      },
      equal(left, right) {
        work.push(`comparison of ${left.length} and ${right.length}`);
        return platformSecrets.equal(left, right);
      },
    };
    const service = new ClosedService(settings, { secrets: counted });
    const key = await service.createKey(root.text, ["wallets:read"]);
    const revoked = await service.createKey(root.text, ["wallets:read"]);
    await service.send("DELETE", `/admin/keys/${revoked.id}`, root.text);
    const parts = parseApiKey(key.text);
    if (!parts) throw new Error("no key");

    const once = ["digest of 52", "comparison of 32 and 32"];
    for (const [credential, status] of [
      [key.text, 200],
      [key.text, 200],
      [root.text, 200],
      [formatApiKey({ ...parts, secret: newSecret() }), 401],
      [formatApiKey({ ...parts, id: apiKeyIdFor("main", newKey()) }), 401],
      [revoked.text, 401],
    ] as const) {
      work.length = 0;
      expect((await service.send("GET", path, credential)).status).toBe(status);
      expect(work).toEqual(once);
    }
  });
});

describe("what is remembered of keys", () => {
  const key = {
    id: apiKeyIdFor("main", newKey()),
    tenant: "main",
    name: "test",
    scopes: ["wallets:read"] as const,
    secretHash: "0".repeat(64),
    createdBy: "dev",
    createdAt: 0,
  };

  test("is believed for no longer than it may be, counted from the question", async () => {
    let time = 1_000;
    const cache = new KeyCache({ ...systemClock, now: () => time });
    let reads = 0;
    const read = async () => {
      reads += 1;
      time += 4_000; // a slow ring
      return key;
    };
    await cache.find(key.id, read);
    time = 1_000 + keyCacheMaxMs - 1;
    await cache.find(key.id, read);
    expect(reads).toBe(1);
    time = 1_000 + keyCacheMaxMs;
    await cache.find(key.id, read);
    expect(reads).toBe(2);
  });

  test("bridges a while in which the ring does not answer, and no longer", async () => {
    let time = 1_000;
    const cache = new KeyCache({ ...systemClock, now: () => time });
    const fail = async () => {
      throw new CallFailed("unreachable", "no answer");
    };
    await expect(cache.find(key.id, fail)).rejects.toThrow("no answer");
    await cache.find(key.id, async () => key);
    time = 1_000 + keyCacheBridgeMaxMs - 1;
    expect(await cache.find(key.id, fail)).toBe(key);
    time = 1_000 + keyCacheBridgeMaxMs;
    await expect(cache.find(key.id, fail)).rejects.toThrow("no answer");
  });

  test("is nothing of keys that do not exist, so that a new key works at once", async () => {
    const cache = new KeyCache(systemClock);
    expect(await cache.find(key.id, async () => undefined)).toBeUndefined();
    expect(await cache.find(key.id, async () => key)).toBe(key);
  });

  test("is the newer of two readings: a slow answer makes no revoked key work again", async () => {
    let time = 1_000;
    const cache = new KeyCache({ ...systemClock, now: () => time });
    const revoked = { ...key, revoked: { by: "dev", at: 1_500 } };
    for (const slow of [key, undefined]) {
      const { promise, resolve } = Promise.withResolvers<typeof key | undefined>();
      const early = cache.find(key.id, () => promise);
      time += keyCacheMaxMs;
      expect(await cache.find(key.id, async () => revoked)).toBe(revoked);
      resolve(slow);
      expect(await early).toBe(revoked);
      expect(await cache.find(key.id, async () => key)).toBe(revoked);
      time += keyCacheMaxMs;
    }
  });

  test("is of a revocation whatever was asked in the same moment", async () => {
    const cache = new KeyCache({ ...systemClock, now: () => 1_000 });
    const revoked = { ...key, revoked: { by: "dev", at: 900 } };
    const { promise, resolve } = Promise.withResolvers<typeof key>();
    const slow = cache.find(key.id, () => promise);
    await cache.find(key.id, async () => revoked);
    resolve(key);
    expect(await slow).toBe(revoked);
  });

  test("is bounded: the oldest goes first", async () => {
    const cache = new KeyCache(systemClock);
    const reads: string[] = [];
    const find = (id: string) =>
      cache.find(id, async () => {
        reads.push(id);
        return { ...key, id };
      });
    for (let count = 0; count <= keyCacheSizeMax; count++) await find(`key_${count}`);
    reads.length = 0;
    for (const id of [`key_${keyCacheSizeMax}`, "key_1", "key_0"]) await find(id);
    expect(reads).toEqual(["key_0"]);
  });

  test("does not outlive the settings: another bootstrap key is known at once", async () => {
    const next = bootstrapFor("main");
    const service = new ClosedService({ BOOTSTRAP_KEY: next.setting });
    expect((await service.send("GET", path, next.text)).status).toBe(200);
    expectProblem(await service.send("GET", path, root.text), 401, "unauthenticated");
  });
});
