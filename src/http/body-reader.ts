// The bytes of a request body, counted as they arrive. The declared length is never believed.
import { bodyBytesMax, bodyDrainBytesMax } from "../domain/limits.ts";

/** The body, or undefined if it is too long. A longer one is read on and thrown away, up to a
 *  limit: a client that is still sending would see a reset connection instead of the answer. */
export async function readBody(
  stream: ReadableStream<Uint8Array> | null,
): Promise<Uint8Array | undefined> {
  const kept = new Uint8Array(bodyBytesMax);
  let length = 0;
  for await (const chunk of stream ?? []) {
    if (length + chunk.length <= bodyBytesMax) kept.set(chunk, length);
    length += chunk.length;
    if (length > bodyDrainBytesMax) break;
  }
  return length <= bodyBytesMax ? kept.subarray(0, length) : undefined;
}
