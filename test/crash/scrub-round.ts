// A whole round of the scrub over HTTP: begun by a command and awaited. It looks at every
// transaction of every log shard, and asks the accounts whether they have what was decided.
import { bodyOf, isFinal, wallClock, type RecordingClient } from "./recording-client.ts";
import { pause } from "./pause.ts";

/** Longer than two batches of a shard, in ms: a round of this test is one, which is repeated after a
 *  minute where an account did not answer on a busy machine. */
const roundMaxMs = 150_000;
const pollMs = 250;

interface Scrub {
  readonly running: number;
  readonly waiting: number;
  readonly unreachableShards: number;
  readonly incompleteShards: number;
  readonly lastEndedAt: string | null;
  readonly differences: readonly { readonly transactionId: string; readonly kind: string }[];
}

/** Whether a round has ended in every shard that has transactions, on a state that had none before. */
function hasEnded({ running, waiting, unreachableShards, lastEndedAt }: Scrub): boolean {
  return running === 0 && waiting > 0 && unreachableShards === 0 && lastEndedAt !== null;
}

/** The differences of the client's tenant. Throws where the round does not end, or leaves anything
 *  out: then it has proved nothing. */
export async function scrubRound(client: RecordingClient): Promise<Scrub["differences"]> {
  const until = wallClock() + roundMaxMs;
  const command = { url: "/ops/scrub", key: "scrub-1", request: {} };
  let answer = await client.post(command);
  while (!isFinal(answer) && wallClock() < until) {
    await pause(pollMs);
    answer = await client.post(command);
  }
  bodyOf(answer);
  for (;;) {
    const scrub = bodyOf(await client.get("/ops/scrub")) as Scrub;
    if (hasEnded(scrub)) {
      if (scrub.incompleteShards === 0) return scrub.differences;
      throw new Error(`the round has left transactions out: ${JSON.stringify(scrub)}`);
    }
    if (wallClock() > until) throw new Error(`no end of the round: ${JSON.stringify(scrub)}`);
    await pause(pollMs);
  }
}
