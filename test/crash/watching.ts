// Reads of the crash test that would show half of a transfer: balances of its wallets one after the
// other, and pages of history. What they show goes into the recorded history, where it is checked.
import type { Random } from "../history/random.ts";
import { walletsIn } from "../operations/all.ts";
import { bodyOf, type RecordingClient, type Write } from "./recording-client.ts";

function walletsOf({ sent }: Write): readonly string[] {
  return sent ? walletsIn(sent) : [];
}

/** The receiver and the sender in turn until `answer` comes: one must not show what the other
 *  hides. */
export async function watchUntil<T>(
  client: RecordingClient,
  write: Write,
  answer: Promise<T>,
): Promise<T> {
  const wallets = walletsOf(write).toReversed();
  const state = { answered: false };
  const answered = answer.finally(() => void (state.answered = true));
  for (let turn = 0; wallets.length > 0 && !state.answered; turn++) {
    await client.get(`/wallets/${wallets[turn % wallets.length]}/balance`);
  }
  return await answered;
}

/** One after the other, and back again: half a transfer would show, whichever half. */
export async function lookAtWallets(
  client: RecordingClient,
  write: Write,
  random: Random,
): Promise<void> {
  const named = walletsOf(write);
  if (named.length < 2) return;
  const order = random.chance(0.5) ? named : named.toReversed();
  for (const walletId of [...order, ...order.toReversed().slice(1)]) {
    await client.get(`/wallets/${walletId}/balance`);
  }
}

/** One page, and the next where there is one. */
export async function readHistory(
  client: RecordingClient,
  walletId: string,
  random: Random,
): Promise<void> {
  const url = `/transactions?walletId=${walletId}&limit=${random.integer(3, 60)}`;
  const page = await client.get(url);
  if (page.status !== 200) return;
  const { nextCursor } = bodyOf(page) as { nextCursor: string | null };
  if (nextCursor !== null) await client.get(`${url}&cursor=${encodeURIComponent(nextCursor)}`);
}
