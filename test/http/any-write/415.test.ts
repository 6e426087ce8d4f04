// Protects: only what calls itself JSON in UTF-8 is read as such, and nothing is guessed.
import { describe, expect, test } from "vitest";
import { expectNoTrace } from "../../support/bad-requests.ts";
import { expectProblem, send } from "../../support/http.ts";
import { newKey } from "../../support/ledger.ts";
import { goodWrites } from "../../support/writes.ts";

const writes = await goodWrites();

describe.each(writes)("$path", ({ path, body }) => {
  test.each([
    "text/plain",
    "text/plain;charset=UTF-8",
    "text/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json5",
    "application/jsonl",
    "application/problem+json",
    "application/merge-patch+json",
    "application/json; charset=utf-16",
    "application/json; charset=iso-8859-1",
    "application/json; charset",
    "application/json; boundary=x",
    "application/json, application/json",
    "application/json; charset=utf-8; charset=utf-16",
    "json",
    "*/*",
  ])("unsupported_media_type: %s", async (type) => {
    const key = newKey();
    const headers = { "content-type": type, "idempotency-key": key };
    const answer = await send("POST", path, { headers, body: JSON.stringify(body) });
    expectProblem(answer, 415, "unsupported_media_type");
    await expectNoTrace(key);
  });

  test("unsupported_media_type: none", async () => {
    const headers = { "idempotency-key": newKey() };
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const answer = await send("POST", path, { headers, body: bytes });
    expectProblem(answer, 415, "unsupported_media_type");
    expectProblem(await send("POST", path, { headers }), 415, "unsupported_media_type");
    expect(answer.body["instance"]).toBe(path);
  });
});
