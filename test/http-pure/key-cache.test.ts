// Guarantee: what was read of an API key is believed for 30 seconds, and no step of the clock makes
// that longer; a key's own expiry comes when the clock says so, and is never brought forward.
import { expect, test } from "vitest";
import { formatApiKey, encodeSecret } from "../../src/domain/api-key.ts";
import { keyCacheBridgeMaxMs, keyCacheMaxMs } from "../../src/domain/limits.ts";
import type { KeyRecord } from "../../src/durable-objects/key-ring/contract.ts";
import { verifyApiKey } from "../../src/http/credentials/api-keys.ts";
import { KeyCache } from "../../src/http/credentials/key-cache.ts";
import { platformSecrets } from "../../src/http/credentials/secrets.ts";
import { systemClock } from "../../src/platform/clock.ts";

const hourMs = 3_600_000;
const secret = encodeSecret(new Uint8Array(32).fill(7));
const id = "key_00000000000000000000000001";

const record: KeyRecord = {
  id,
  tenant: "main",
  name: "test",
  scopes: [],
  secretHash: Buffer.from(platformSecrets.sha256(secret)).toString("hex"),
  createdBy: "test",
  createdAt: 0,
};

function cacheAt(start: number) {
  const time = { now: start };
  const cache = new KeyCache({ ...systemClock, now: () => time.now });
  let reads = 0;
  const find = async (answer: () => KeyRecord = () => record) =>
    await cache.find(id, async () => {
      reads += 1;
      return answer();
    });
  return { time, find, reads: () => reads };
}

const unreachable = () => {
  throw new Error("unreachable");
};

test("a key is read again after 30 s, and at once where the clock was put back", async () => {
  const { time, find, reads } = cacheAt(10 * hourMs);
  await find();
  time.now += keyCacheMaxMs - 1;
  await find();
  expect(reads()).toBe(1);
  time.now += 1;
  await find();
  expect(reads()).toBe(2);
  time.now -= hourMs;
  await find();
  expect(reads()).toBe(3);
});

test("a ring that cannot be asked is bridged for 45 s, not for as long as a step", async () => {
  const { time, find } = cacheAt(10 * hourMs);
  await find();
  time.now += keyCacheBridgeMaxMs - 1;
  expect(await find(unreachable)).toBe(record);
  time.now -= hourMs;
  await expect(find(unreachable)).rejects.toThrow("unreachable");
});

test("a key that expires in a far future is no wrong clock's: it works until then", async () => {
  const trust = { environment: "test" } as Parameters<typeof verifyApiKey>[1];
  const text = formatApiKey({ environment: "test", id, secret });
  const expiresAt = 100 * 365 * 24 * hourMs;
  const verdictAt = (now: number) =>
    verifyApiKey(text, trust, async () => ({ ...record, expiresAt }), platformSecrets, now);
  expect(await verdictAt(0)).toMatchObject({ ok: true });
  expect(await verdictAt(expiresAt - 1)).toMatchObject({ ok: true });
  expect(await verdictAt(expiresAt)).toEqual({ ok: false, reason: "expired" });
  // The clock was put back: late by the step.
  expect(await verdictAt(expiresAt - hourMs)).toMatchObject({ ok: true });
});
