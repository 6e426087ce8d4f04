// Reads the bytes of a request body, counted as they arrive. Never trusts the declared length and
// never waits longer than `bodyArrivalMaxMs`.
import { bodyArrivalMaxMs, bodyDrainBytesMax } from "../domain/limits.ts";
import { timedOut, withTimeout, type Clock } from "../platform/clock.ts";

export type Body =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly problem: "too_long" | "too_slow" };

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** A body that is too long is read on and thrown away, up to a limit: a client that is still
 *  sending would see a reset connection instead of the answer. */
async function readAll(reader: Reader, bytesMax: number): Promise<Body> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || length > bodyDrainBytesMax) break;
    length += value.length;
    if (length <= bytesMax) pieces.push(value);
  }
  return length > bytesMax
    ? { ok: false, problem: "too_long" }
    : { ok: true, bytes: join(pieces, length) };
}

/** Most bodies come in one piece. */
function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = pieces;
  if (first?.length === length) return first;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}

export async function readBody(
  stream: ReadableStream<Uint8Array> | null,
  bytesMax: number,
  clock: Clock,
): Promise<Body> {
  if (!stream) return { ok: true, bytes: new Uint8Array() };
  const reader = stream.getReader();
  const body = await withTimeout(clock, readAll(reader, bytesMax), bodyArrivalMaxMs);
  if (body !== timedOut) return body;
  // The outcome of the cancellation is irrelevant: the answer is that the body did not arrive.
  reader.cancel().catch(() => {});
  return { ok: false, problem: "too_slow" };
}
