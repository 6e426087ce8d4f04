// Guarantee: one key has one spelling inside, however it was sent, and anything else is refused.
import { expect, test } from "vitest";
import { parseIdempotencyKey } from "../../src/http/middleware/idempotency-key.ts";

test.each([
  ["bare", "abc-123", "abc-123"],
  ["quoted, as in the draft", '"abc-123"', "abc-123"],
  ["one character", "!", "!"],
  ["255 characters", "k".repeat(255), "k".repeat(255)],
  ["255 characters in quotes", `"${"k".repeat(255)}"`, "k".repeat(255)],
  ["quotes inside", 'a"b"', 'a"b"'],
  ["an escaped quote", '"a\\"b"', 'a"b'],
  ["an escaped backslash", '"a\\\\b"', "a\\b"],
  ["a bare backslash", "a\\b", "a\\b"],
  ["all kinds of marks", "~{}[]()<>=;:/?@#$%^&*_+'`|", "~{}[]()<>=;:/?@#$%^&*_+'`|"],
])("%s", (_, header, key) => {
  expect(parseIdempotencyKey(header)).toEqual({ ok: true, key });
});

test("no header is missing", () => {
  expect(parseIdempotencyKey(undefined)).toMatchObject({ problem: "idempotency_key_missing" });
});

test.each([
  ["empty", ""],
  ["empty in quotes", '""'],
  ["256 characters", "k".repeat(256)],
  ["a space", "a b"],
  ["a space in quotes", '"a b"'],
  ["a comma", "a,b"],
  ["a comma in quotes", '"a,b"'],
  ["two headers, joined", "a, b"],
  ["two quoted headers, joined", '"a", "b"'],
  ["an open quote", '"abc'],
  ["a lone quote", '"'],
  ["text after the quotes", '"abc"d'],
  ["parameters", '"abc";v=1'],
  ["an unknown escape", '"a\\b"'],
  ["a tab", "a\tb"],
  ["beyond ASCII", "clé"],
  ["delete", "a\x7f"],
])("invalid: %s", (_, header) => {
  expect(parseIdempotencyKey(header)).toMatchObject({ problem: "idempotency_key_invalid" });
});
