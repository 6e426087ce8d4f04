// After the last kill: everything must come to rest by itself, and every key must have its answer.
import { transactionIdFor } from "../../src/domain/ids.ts";
import type { HistoryRow, Ledger, Operation } from "../history/format.ts";
import type { PageBody } from "../history/reads.ts";
import {
  bodyOf,
  isFinal,
  untilFinal,
  wallClock,
  type RecordingClient,
  type Write,
} from "./recording-client.ts";
import { expiresSoonMax } from "./drawing.ts";
import { pause } from "./pause.ts";

const settleMaxMs = 60_000;
const pollMs = 250;
/** Longer than the alarm of a transaction that a crash interrupted is away (10 s). */
const undisturbedMs = 11_000;
const requestsAtOnce = 6;

export interface Settling {
  /** Transactions that had not come to rest when the time was up. */
  readonly unsettled: readonly string[];
  readonly tookMs: number;
}

/** Leaves the service alone at first, so that only alarms can finish what was interrupted, and
 *  authorizations whose time is over; then waits until nothing is unsettled. */
export async function waitUntilSettled(client: RecordingClient): Promise<Settling> {
  const since = wallClock();
  await pause(undisturbedMs);
  return await settled(client, since);
}

/** A replay may be the first to arrive: what it has authorized for a short time has to expire, too,
 *  before the ledgers are read. That the last ones have settled is on disk only once an alarm has
 *  written it. */
export async function waitUntilExpired(client: RecordingClient): Promise<Settling> {
  const since = wallClock();
  const soon = client.operations
    .filter(({ status, method }) => status === 201 && method === "POST")
    .map((answer) => Date.parse((bodyOf(answer) as { expiresAt?: string }).expiresAt ?? ""))
    .filter((time) => time > since && time < since + 1_000 * (expiresSoonMax + 1));
  await pause(Math.max(0, ...soon.map((time) => time - since)) + undisturbedMs);
  return await settled(client, since);
}

/** Nothing is unfinished, or a minute is over. */
async function settled(client: RecordingClient, since: number): Promise<Settling> {
  let unsettled: string[] = ["(unknown: no answer)"];
  while (unsettled.length > 0 && wallClock() - since < settleMaxMs) {
    const answer = await client.get("/ops/unsettled");
    if (answer.status === 200) {
      const { data, unreachableShards } = bodyOf(answer) as {
        data: { transactionId: string }[];
        unreachableShards: number;
      };
      unsettled = data.map(({ transactionId }) => transactionId);
      if (unreachableShards > 0) unsettled.push("(unknown: a shard did not answer)");
    }
    if (unsettled.length > 0) await pause(pollMs);
  }
  return { unsettled, tookMs: wallClock() - since };
}

async function inParallel<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, worker));
}

interface Details {
  readonly status: "committed" | "rejected" | "pending";
  readonly createdAt: string;
  readonly settledAt?: string;
}

export interface Resolution {
  /** What became of a transaction whose client never knew, before anybody asked again. */
  readonly status: Details["status"] | "never arrived";
  readonly createdAt?: number;
  readonly settledAt?: number;
}

/** Looks at transactions without driving them. */
export async function resolutionsOf(
  client: RecordingClient,
  tenant: string,
  keys: Iterable<string>,
): Promise<Resolution[]> {
  const resolutions: Resolution[] = [];
  await inParallel(keys, async (key) => {
    const url = `/transactions/${transactionIdFor(tenant, key)}`;
    const answer = await untilFinal(() => client.get(url));
    if (answer.status === 404) {
      resolutions.push({ status: "never arrived" });
      return;
    }
    const { status, createdAt, settledAt } = bodyOf(answer) as Details;
    const times = settledAt === undefined ? {} : { settledAt: Date.parse(settledAt) };
    resolutions.push({ status, createdAt: Date.parse(createdAt), ...times });
  });
  return resolutions;
}

/** Sends every write once more. Returns those that still have no final answer. */
export async function replayAll(
  client: RecordingClient,
  writes: Iterable<Write>,
): Promise<Operation[]> {
  const open: Operation[] = [];
  await inParallel(writes, async (write) => {
    const answer = await untilFinal(() => client.post(write));
    if (!isFinal(answer)) open.push(answer);
  });
  return open;
}

/** A wallet's whole history, oldest first, and its balance. */
export async function readLedger(client: RecordingClient, walletId: string): Promise<Ledger> {
  const entries: HistoryRow[] = [];
  const first = `/transactions?walletId=${walletId}&limit=200`;
  for (let url: string | undefined = first; url !== undefined;) {
    const asked = url;
    const page = bodyOf(await untilFinal(() => client.get(asked))) as PageBody;
    entries.push(...page.data);
    const { nextCursor } = page;
    url = nextCursor === null ? undefined : `${first}&cursor=${encodeURIComponent(nextCursor)}`;
  }
  const balance = await untilFinal(() => client.get(`/wallets/${walletId}/balance`));
  return { kind: "ledger", walletId, entries: entries.toReversed(), balance: balance.body ?? "" };
}
