// Guarantee: an API key that may do more than was asked for at its creation is found, and only by
// its own tenant.
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { keyRingObjectName, keyShardOf } from "../../../src/domain/ids.ts";
import { get, post } from "../../support/http.ts";
import { newKey } from "../../support/keys.ts";
import { runSql, textOf } from "../../support/objects.ts";

let keyId: string;

const ring = () => env.KEY_RING.getByName(keyRingObjectName(keyShardOf(keyId)));

beforeEach(async () => {
  const sent = { name: "audited", scopes: ["wallets:read"], expiresAt: "2999-01-01T00:00:00.000Z" };
  const { body } = await post("/admin/keys", sent, newKey());
  keyId = body["id"] as string;
});

test("keys as they were created are consistent, and counted", async () => {
  const { status, body } = await get("/ops/audits/keys");
  expect(status).toBe(200);
  expect(body).toMatchObject({ status: "consistent", unreachableRings: 0 });
  expect(body["checked"]).toEqual({ keys: expect.any(Number) });
  expect((body["checked"] as { keys: number }).keys).toBeGreaterThanOrEqual(1);
});

describe("a key that was changed behind the triggers is found", () => {
  const changes = {
    name: "name = 'other'",
    scopes: `scopes = '["wallets:read","keys:manage"]'`,
    "scopes that are read in two ways": `scopes = '["wallets:read" ]'`,
    expires_at: "expires_at = NULL",
    fingerprint: "fingerprint = 'fp1:0'",
  } as const;

  test.each(Object.entries(changes))("%s", async (_, set) => {
    const [trigger] = await runSql(
      ring(),
      "SELECT sql FROM sqlite_master WHERE name = 'keys_not_updated'",
    );
    const [kept] = await runSql(ring(), "SELECT * FROM keys WHERE id = ?", keyId);
    await runSql(ring(), "DROP TRIGGER keys_not_updated");
    await runSql(ring(), `UPDATE keys SET ${set} WHERE id = ?`, keyId);
    const { body } = await get("/ops/audits/keys");
    expect(body).toMatchObject({
      status: "different",
      firstDifference: { kind: "wrong_key", keyId },
    });
    for (const column of ["name", "scopes", "expires_at", "fingerprint"]) {
      const value = kept?.[column] ?? null;
      await runSql(ring(), `UPDATE keys SET ${column} = ? WHERE id = ?`, value, keyId);
    }
    await runSql(ring(), textOf(trigger?.["sql"]));
    expect((await get("/ops/audits/keys")).body["status"]).toBe("consistent");
  });
});

test("a ring that is another than its name says is found, and logged", async () => {
  const written = vi.spyOn(console, "error");
  await runSql(ring(), "DROP TRIGGER identity_not_updated");
  await runSql(ring(), "UPDATE identity SET shards = 8");
  const { body } = await get("/ops/audits/keys", { "x-request-id": "audit-of-rings" });
  expect(body).toMatchObject({ status: "different", firstDifference: { kind: "wrong_identity" } });
  expect(written.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)).toContainEqual(
    expect.objectContaining({
      event: "integrity_fault",
      requestId: "audit-of-rings",
      detail: "audit of a key ring: wrong_identity",
    }),
  );
  await runSql(ring(), "UPDATE identity SET shards = 16");
});
