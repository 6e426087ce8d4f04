// Guarantee: a new key works at once, with its own scopes and in its own tenant; its text is shown
// once and kept nowhere; repeating the creation repeats everything else.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { parseApiKey } from "../../../src/domain/api-key.ts";
import { keyRingObjectName, keyShardOf } from "../../../src/domain/ids.ts";
import { bootstrapFor, ClosedService } from "../../support/closed.ts";
import { newKey } from "../../support/keys.ts";
import { contentsOf } from "../../support/objects.ts";

const root = bootstrapFor("main");
const service = new ClosedService({ BOOTSTRAP_KEY: root.setting });

test("names what it may do, who asked for it, and where to revoke it", async () => {
  const body = { name: "back end", scopes: ["wallets:read", "users:write"] };
  const {
    status,
    headers,
    body: answer,
  } = await service.send("POST", "/admin/keys", root.text, {
    body: { ...body, expiresAt: "2999-01-01T00:00:00Z" },
  });
  expect(status).toBe(201);
  expect(headers.get("location")).toBe(`/admin/keys/${String(answer["id"])}`);
  expect(Object.keys(answer)).toEqual([
    "id",
    "name",
    "scopes",
    "expiresAt",
    "createdBy",
    "createdAt",
    "apiKey",
  ]);
  expect(answer).toMatchObject({
    name: "back end",
    scopes: ["users:write", "wallets:read"],
    expiresAt: "2999-01-01T00:00:00.000Z",
    createdBy: root.setting.split(":")[1],
  });
  const used = await service.send("POST", "/users", String(answer["apiKey"]), {
    body: { name: "Ada" },
  });
  expect(used.status).toBe(201);
});

test("a replay has the same bytes but for the key's text, which is gone", async () => {
  const sent = { body: { name: "once", scopes: ["ops:read"] }, key: newKey() };
  const first = await service.send("POST", "/admin/keys", root.text, sent);
  const again = await service.send("POST", "/admin/keys", root.text, sent);
  expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([201, "true"]);
  const { apiKey, ...rest } = first.body;
  expect(apiKey).toMatch(/^wk_production_/);
  expect(again.text).toBe(JSON.stringify(rest));
});

test("only the hash of the secret is stored", async () => {
  const { id, text } = await service.createKey(root.text, ["ops:read"]);
  const ring = env.KEY_RING.getByName(keyRingObjectName(keyShardOf(id)));
  const contents = await contentsOf(ring);
  expect(contents).toContain(id);
  expect(contents).not.toContain(parseApiKey(text)?.secret);
});

test("a call that is repeated because its answer was lost still shows the text", async () => {
  const id = (await service.createKey(root.text, ["ops:read"])).id;
  const ring = env.KEY_RING.getByName(keyRingObjectName(keyShardOf(id)));
  const call = {
    protocol: 1,
    requestId: "test",
    tenant: "main",
    keyId:
      id.slice(0, 5) +
      newKey()
        .toUpperCase()
        .replaceAll(/[-ILOU]/g, "0")
        .slice(0, 25),
    fingerprint: "fp1:test",
    request: { name: "lost", scopes: ["ops:read"] as const },
    secretHash: "a".repeat(64),
    principal: "dev",
  };
  const outcome = (hash: string) =>
    runInDurableObject(ring, async (instance) =>
      (instance as unknown as { create(call: object): Promise<object> }).create({
        ...call,
        secretHash: hash,
      }),
    );
  expect(await outcome(call.secretHash)).toMatchObject({ ok: true, replayed: false });
  expect(await outcome(call.secretHash)).toMatchObject({ ok: true, replayed: false });
  expect(await outcome("b".repeat(64))).toMatchObject({ ok: true, replayed: true });
});
