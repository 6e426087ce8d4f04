// Guarantee: the log says who asked and why a credential was refused, and never shows the
// credential.
import { afterEach, expect, test, vi } from "vitest";
import { bootstrapFor, ClosedService, tokenFor, tokenSettings } from "../../support/closed.ts";
import { openUser } from "../../support/http-users.ts";

const root = bootstrapFor("main");
const service = new ClosedService({ BOOTSTRAP_KEY: root.setting, ...tokenSettings });
const { userId } = await openUser();
const token = await tokenFor(userId);
const key = await service.createKey(root.text, ["wallets:read"]);
const expired = await service.createExpiredKey(root.text, ["wallets:read"]);

const written = vi.spyOn(console, "log");
afterEach(() => written.mockClear());

test.each<[string, string | undefined, object]>([
  ["a key", key.text, { status: 200, principal: key.id }],
  ["a user", token, { status: 200, principal: userId }],
  ["no credential", undefined, { status: 401, denied: "no_credential" }],
  ["a mistyped key", `${key.text}0`, { status: 401, denied: "malformed" }],
  ["an expired key", expired.text, { status: 401, denied: "expired" }],
  ["a forged token", `${token}x`, { status: 401, denied: "bad_signature" }],
])("%s", async (_who, credential, expected) => {
  await service.send("GET", `/users/${userId}`, credential);
  const lines = written.mock.calls.map(([line]) => String(line));
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ event: "request", ...expected });
  for (const secret of (credential ?? "").split(/[._]/).filter((part) => part.length > 30)) {
    expect(lines.join()).not.toContain(secret);
  }
});

test("a new key's text is not logged either", async () => {
  const { text } = await service.createKey(root.text, ["ops:read"]);
  expect(written.mock.calls.flat().join()).not.toContain(text.slice(-40));
  expect(written).toHaveBeenCalled();
});

test("public routes have no principal, refusals of a scope have one", async () => {
  await service.send("GET", "/health");
  await service.send("GET", "/ops/unsettled", key.text);
  const [health, ops] = written.mock.calls.map(
    ([line]) => JSON.parse(String(line)) as Record<string, unknown>,
  );
  expect(health).not.toHaveProperty("principal");
  expect(ops).toMatchObject({ status: 403, principal: key.id });
});
