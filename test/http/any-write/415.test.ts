// Guarantee: only what calls itself JSON in UTF-8 is read as such, and nothing is guessed.
import { describe, expect, test } from "vitest";
import { expectNoTrace } from "../../support/bad-requests.ts";
import { expectProblem, post, send } from "../../support/http.ts";
import { newKey } from "../../support/keys.ts";
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
    "application/json; charset=",
    "application/json; charset=utf-8 ; charset=latin1",
    'application/json; charset="utf-8',
    "application/json; boundary=x y",
    "application/json;;charset=utf-7",
    "application/jsonp",
    "application/json, application/json",
    "application/json; charset=utf-8; charset=utf-16",
    "json",
    "*/*",
  ])("unsupported_media_type: %s", async (type) => {
    const key = newKey();
    const headers = { "content-type": type, "idempotency-key": key };
    const answer = await send("POST", path, { headers, body: JSON.stringify(body) });
    expectProblem(answer, 415, "unsupported_media_type");
    const message = `${type} was sent; expected is application/json.`;
    expect(answer.body["errors"]).toEqual([{ path: "Content-Type", message }]);
    expect(answer.headers.has("accept-encoding")).toBe(false);
    await expectNoTrace(key);
  });

  test.each(["gzip", "GZIP", "deflate", "br", "zstd", "identity, gzip", "x", "aws-chunked"])(
    "unsupported_media_type: encoded as %s",
    async (encoding) => {
      const key = newKey();
      const headers = {
        "content-type": "application/json",
        "content-encoding": encoding,
        "idempotency-key": key,
      };
      const answer = await send("POST", path, { headers, body: JSON.stringify(body) });
      expectProblem(answer, 415, "unsupported_media_type");
      expect(answer.headers.get("accept-encoding")).toBe("identity");
      const message = `${encoding} was sent; expected is a body that is not encoded.`;
      expect(answer.body["errors"]).toEqual([{ path: "Content-Encoding", message }]);
      await expectNoTrace(key);
    },
  );

  test("unsupported_media_type: a header of any length is told in short", async () => {
    const headers = { "content-type": "x".repeat(4_000), "idempotency-key": newKey() };
    const answer = await send("POST", path, { headers, body: JSON.stringify(body) });
    expectProblem(answer, 415, "unsupported_media_type");
    expect(answer.text.length).toBeLessThan(700);
  });

  test("unsupported_media_type: none", async () => {
    const headers = { "idempotency-key": newKey() };
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const answer = await send("POST", path, { headers, body: bytes });
    expectProblem(answer, 415, "unsupported_media_type");
    expectProblem(await send("POST", path, { headers }), 415, "unsupported_media_type");
    expect(answer.body["instance"]).toBe(path);
    expect(answer.text).toContain("None was sent; expected is application/json.");
  });
});

test.each([
  "application/json;",
  "application/json ; ",
  "Application/JSON",
  "application/json;charset=utf-8",
  "application/json; charset=utf8",
  "application/json; charset=UTF8",
  'application/json; charset="UTF-8"',
  "application/json; charset=utf_8",
  "application/json; charset=csUTF8",
  "application/json; charset=utf-8; charset=UTF-8",
  "application/json; boundary=x",
  "application/json; version=1; charset=utf-8;",
  'application/json; profile="a; charset=utf-16"',
])("%s is JSON in UTF-8", async (type) => {
  const headers = { "content-type": type, "idempotency-key": newKey() };
  const answer = await send("POST", "/users", { headers, body: '{"name":"Ad\u00e9"}' });
  expect([answer.status, answer.body["name"]]).toEqual([201, "Ad\u00e9"]);
});

test.each(["identity", "Identity", "", "identity, identity"])(
  "a body that is encoded as %j is not encoded",
  async (encoding) => {
    const answer = await post("/users", { name: "Ada" }, newKey(), {
      "content-encoding": encoding,
    });
    expect(answer.status).toBe(201);
  },
);
