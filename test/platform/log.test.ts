// Guarantee: an error that is logged says what went wrong, not what a client sent; and every line
// about the work for a request names the request.
import { expect, test } from "vitest";
import { describeError, workLog, type LogLine } from "../../src/platform/log.ts";

function errorOf(fail: () => unknown): unknown {
  try {
    fail();
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

test.each(["canary", '{"a":canary}', '{"canary', '["a\n"canary"]', `${"x".repeat(50)}canary`])(
  "JSON that cannot be read is not quoted: %s",
  (text) => {
    const description = describeError(errorOf(() => JSON.parse(text)));
    expect(description).toMatch(/^SyntaxError: .*JSON/);
    expect(description).not.toContain("canary");
  },
);

test.each([
  "bad header authorization: canary",
  "Bearer canary is not known",
  "cookie=canary; path=/",
  'the password is "canary"',
  "api_key canary",
  "API-Key: canary",
  "client secret: 'canary'",
])("what looks like a secret is blanked: %s", (message) => {
  expect(describeError(new Error(message))).not.toContain("canary");
});

test("the rest is told, up to 300 characters", () => {
  expect(describeError(new TypeError("no such table: legs"))).toBe(
    "TypeError: no such table: legs",
  );
  expect(describeError("a thrown text")).toBe("a thrown text");
  expect(describeError(new Error("x".repeat(5_000)))).toHaveLength(300);
});

test("a line about the work for a request names the request, behind the event", () => {
  const lines: string[] = [];
  const log = workLog(
    (level, line: LogLine) => lines.push(`${level} ${JSON.stringify(line)}`),
    "r",
  );
  log("error", { event: "stuck", transactionId: "txn_1", detail: "d" });
  const line = '{"event":"stuck","requestId":"r","transactionId":"txn_1","detail":"d"}';
  expect(lines).toEqual([`error ${line}`]);
});
