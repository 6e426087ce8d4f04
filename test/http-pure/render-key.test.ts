// Guarantee: the body of a creation is rendered from what never changes, in an order of fields that
// never changes, so that its replay has the same bytes at any age, less the text of the key.
import { expect, test } from "vitest";
import type { KeyRecord } from "../../src/durable-objects/key-ring/contract.ts";
import { renderCreatedKey, renderKey } from "../../src/http/render-key.ts";

const record: KeyRecord = {
  id: "key_5M0KDVTZYTR0A4977BA3HX2YBA",
  tenant: "main",
  name: "payments",
  scopes: ["users:write", "ops:read"],
  secretHash: "a".repeat(64),
  expiresAt: Date.UTC(2027, 9, 20),
  createdBy: "dev",
  createdAt: Date.UTC(2026, 9, 20, 9, 30),
};

const frozen =
  '{"id":"key_5M0KDVTZYTR0A4977BA3HX2YBA","name":"payments","scopes":["users:write","ops:read"],' +
  '"expiresAt":"2027-10-20T00:00:00.000Z","createdBy":"dev","createdAt":"2026-10-20T09:30:00.000Z"';

test("a replay is these bytes", () => {
  expect(JSON.stringify(renderCreatedKey(record))).toBe(`${frozen}}`);
});

test("the first answer is these bytes and the key's text", () => {
  expect(JSON.stringify(renderCreatedKey(record, "wk_x"))).toBe(`${frozen},"apiKey":"wk_x"}`);
});

test("a revocation later changes nothing of it, and is shown where keys are read", () => {
  const revoked = { ...record, revoked: { by: "key_2", at: Date.UTC(2026, 9, 21) } };
  expect(JSON.stringify(renderCreatedKey(revoked))).toBe(`${frozen}}`);
  const shown = `${frozen},"revokedBy":"key_2","revokedAt":"2026-10-21T00:00:00.000Z"}`;
  expect(JSON.stringify(renderKey(revoked))).toBe(shown);
});
