// Guarantee: a cursor continues the list that it was made for, and no other.
import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { cursorLengthMax } from "../../src/domain/limits.ts";
import { decodeCursor, encodeCursor } from "../../src/http/cursor.ts";
import { encodeListCursor } from "../../src/http/list-cursor.ts";

const filter = { currency: "USD", direction: "debit", from: 1_000 } as const;
const scope = { tenant: "main", walletId: "wal_7ZB9GK3W2N5Q8R4T6V1X0Y9HJM", filter };

test("leads back to its sequence", () => {
  for (const before of [1, 42, Number.MAX_SAFE_INTEGER]) {
    expect(decodeCursor(scope, encodeCursor(scope, before))).toBe(before);
  }
});

test("is never longer than a question may bring", () => {
  expect(encodeCursor(scope, Number.MAX_SAFE_INTEGER).length).toBeLessThanOrEqual(cursorLengthMax);
  const key = `${Date.UTC(9999, 0)}.key_${"0".repeat(26)}`;
  expect(encodeListCursor(["keys", "main"], key).length).toBeLessThanOrEqual(cursorLengthMax);
});

test("can stand in an address as it is", () => {
  expect(encodeCursor(scope, 42)).toMatch(/^[A-Za-z0-9_-]+$/);
});

test.each([
  ["tenant", { ...scope, tenant: "other" }],
  ["wallet", { ...scope, walletId: "wal_00000000000000000000000000" }],
  ["currency", { ...scope, filter: { ...filter, currency: "EUR" } }],
  ["direction", { ...scope, filter: { ...filter, direction: "credit" as const } }],
  ["type", { ...scope, filter: { ...filter, type: "funding" as const } }],
  ["start", { ...scope, filter: { ...filter, from: 1_001 } }],
  ["end", { ...scope, filter: { ...filter, to: 1_000 } }],
  ["fewer filters", { ...scope, filter: {} }],
])("is refused for another %s", (_, other) => {
  expect(decodeCursor(other, encodeCursor(scope, 42))).toBeUndefined();
});

test.each([
  ["nothing", ""],
  ["a number", "42"],
  ["no base64url", "%%%"],
  ["padding", `${encodeCursor(scope, 42)}=`],
  ["white space", ` ${encodeCursor(scope, 42)}`],
  ["another sequence", Buffer.from("c1:43:").toString("base64url")],
])("is refused when malformed: %s", (_, cursor) => {
  expect(decodeCursor(scope, cursor)).toBeUndefined();
});

test("a sequence that was edited by hand is refused", () => {
  const text = Buffer.from(encodeCursor(scope, 42), "base64url").toString();
  const edited = Buffer.from(text.replace(":42:", ":43:")).toString("base64url");
  expect(decodeCursor(scope, edited)).toBeUndefined();
});
