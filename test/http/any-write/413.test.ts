// Guarantee: no write reads more than 80 KiB, and a batch no more than 1 MiB, counted in bytes as
// they arrive and never as declared; a longer body is read on and thrown away, so that its sender
// sees the answer and not a reset.
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import app from "../../../src/index.ts";
import { expectNoTrace } from "../../support/bad-requests.ts";
import { checked, expectProblem, origin, send, type Sent } from "../../support/http.ts";
import { newKey } from "../../support/keys.ts";
import { goodWrites } from "../../support/writes.ts";

const drainBytes = 4 * 1024 * 1024;
const writes = await goodWrites();
const encoder = new TextEncoder();

/** The body as JSON with white space behind, of exactly so many bytes. */
function padded(body: object, bytes: number): Uint8Array<ArrayBuffer> {
  const text = encoder.encode(JSON.stringify(body));
  const padding = new Uint8Array(bytes).fill(0x20);
  padding.set(text);
  return padding;
}

/** A body of unknown length that counts what is taken from it. */
function streamOf(chunks: number, chunkBytes: number) {
  const taken = { bytes: 0, cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (taken.bytes >= chunks * chunkBytes) return controller.close();
      taken.bytes += chunkBytes;
      controller.enqueue(new Uint8Array(chunkBytes).fill(0x20));
    },
    cancel() {
      taken.cancelled = true;
    },
  });
  return { stream, taken };
}

describe.each(writes)("$path", ({ path, body, success, bytesMax: capBytes }) => {
  const write = (key: string, sent: NonNullable<Sent["body"]>) => {
    const headers = { "content-type": "application/json", "idempotency-key": key };
    return send("POST", path, { headers, body: sent });
  };

  test("one byte too many", async () => {
    const key = newKey();
    expectProblem(await write(key, padded(body, capBytes + 1)), 413, "payload_too_large");
    await expectNoTrace(key);
    expect((await write(key, padded(body, capBytes))).status).toBe(success);
  });

  test("bytes are counted, not characters", async () => {
    const key = newKey();
    const wide = JSON.stringify({ ...body, filler: "\u20ac".repeat(capBytes / 3) });
    expect(wide.length).toBeLessThan(capBytes);
    expectProblem(await write(key, wide), 413, "payload_too_large");
    await expectNoTrace(key);
  });

  test("a stream of unknown length is read to its end", async () => {
    const { stream, taken } = streamOf(32, 80 * 1024);
    expectProblem(await write(newKey(), stream), 413, "payload_too_large");
    expect(taken).toEqual({ bytes: 32 * 80 * 1024, cancelled: false });
  });

  test("a stream that does not end is given up", async () => {
    const { stream, taken } = streamOf(Infinity, 256 * 1024);
    expectProblem(await write(newKey(), stream), 413, "payload_too_large");
    expect(taken.bytes).toBeGreaterThan(drainBytes);
    expect(taken.bytes).toBeLessThan(2 * drainBytes);
  });

  test.each([
    ["too small", "2", capBytes + 1, true],
    ["too small by one", String(capBytes), capBytes + 1, true],
    ["nothing", "0", capBytes + 1, true],
    ["no number", "many", capBytes, false],
  ])("a declared length is not believed: %s", async (_, declared, bytes, isTooLarge) => {
    const used = ["paymentReference", "payoutReference"].filter((name) => name in body);
    const fresh = Object.fromEntries(used.map((name) => [name, newKey()]));
    const sent = { ...body, ...fresh };
    const headers = {
      "content-type": "application/json",
      "idempotency-key": newKey(),
      "content-length": declared,
    };
    const init = { method: "POST", headers, body: padded(sent, bytes) };
    const request = new Request(`${origin}${path}`, init);
    expect(request.headers.get("content-length")).toBe(declared);
    const answer = await checked(
      "POST",
      path,
      await app.fetch(request, env, createExecutionContext()),
    );
    // What can be done once was done under another key: any answer but this one has read the body.
    expect(answer.status === 413).toBe(isTooLarge);
  });
});
