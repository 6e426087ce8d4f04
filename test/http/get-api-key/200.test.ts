// Guarantee: the address that a created key is told to be at answers with its record, whatever
// became of it, and never with anything that could be used as one.
import { expect, test } from "vitest";
import { bootstrapFor, ClosedService } from "../../support/closed.ts";

const ours = bootstrapFor("ours");
const service = new ClosedService({ BOOTSTRAP_KEY: ours.setting });
const read = (id: string) => service.send("GET", `/admin/keys/${id}`, ours.text);

test("the Location of a creation, without the key's text", async () => {
  const body = { name: "back end", scopes: ["ops:read"], expiresAt: "2100-01-01T00:00:00.000Z" };
  const created = await service.send("POST", "/admin/keys", ours.text, { body });
  const { apiKey, ...record } = created.body;
  expect(created.headers.get("location")).toBe(`/admin/keys/${String(record["id"])}`);
  const answer = await read(String(record["id"]));
  expect([answer.status, answer.body]).toEqual([200, record]);
  expect(answer.text).not.toContain(String(apiKey).slice(-20));
  expect(answer.text).not.toMatch(/[0-9a-f]{64}|apiKey|secret/i);
});

test("a revoked key, with who revoked it", async () => {
  const { id } = await service.createKey(ours.text, ["ops:read"]);
  const revoked = await service.send("DELETE", `/admin/keys/${id}`, ours.text);
  expect((await read(id)).body).toEqual(revoked.body);
});
