// Guarantee: a body that does not arrive is not waited for, and nothing more of it is read.
import { expect, test } from "vitest";
import { bodyArrivalMaxMs, bodyBytesMax } from "../../src/domain/limits.ts";
import { readBody } from "../../src/http/body-reader.ts";
import type { Clock } from "../../src/platform/clock.ts";

/** Time passes when the test says so. */
function handClock() {
  const timers = new Map<() => void, number>();
  const clock: Clock = {
    now: () => 0,
    after: (delayMs, fire) => {
      timers.set(fire, delayMs);
      return () => timers.delete(fire);
    },
  };
  return { clock, timers };
}

function streamOf(...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

test("a body that arrives is read, whatever its pieces, and the timer is taken back", async () => {
  const { clock, timers } = handClock();
  const body = await readBody(streamOf(Uint8Array.of(1, 2), Uint8Array.of(3)), bodyBytesMax, clock);
  expect(body).toEqual({ ok: true, bytes: Uint8Array.of(1, 2, 3) });
  expect(timers.size).toBe(0);
});

test("no body is an empty one", async () => {
  expect(await readBody(null, bodyBytesMax, handClock().clock)).toEqual({
    ok: true,
    bytes: new Uint8Array(),
  });
});

test("a body of one byte too many is too long", async () => {
  const stream = streamOf(new Uint8Array(bodyBytesMax), Uint8Array.of(1));
  expect(await readBody(stream, bodyBytesMax, handClock().clock)).toEqual({
    ok: false,
    problem: "too_long",
  });
});

test("a body that stops arriving is given up, and its sender is told", async () => {
  const { clock, timers } = handClock();
  const { promise: cancelled, resolve } = Promise.withResolvers<string>();
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Uint8Array.of(0x7b)),
    cancel: () => resolve("cancelled"),
  });
  const reading = readBody(stream, bodyBytesMax, clock);
  expect([...timers.values()]).toEqual([bodyArrivalMaxMs]);
  for (const fire of timers.keys()) fire();
  expect(await reading).toEqual({ ok: false, problem: "too_slow" });
  expect(await cancelled).toBe("cancelled");
});
