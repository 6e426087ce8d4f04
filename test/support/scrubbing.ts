// Scrubs in tests: the command to a log shard, and its alarms one after the other with time set to
// when each is due. The caller has taken over `Date`.
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { logObjectName, scrubIdFor } from "../../src/domain/ids.ts";
import { scrubExpirationsMax } from "../../src/domain/limits.ts";
import type { ScrubStatus } from "../../src/durable-objects/transfer-log/scrub-contract.ts";
import { ScrubBatch } from "../../src/durable-objects/transfer-log/scrub-batch.ts";
import { ScrubStore } from "../../src/durable-objects/transfer-log/scrub-store.ts";
import { accountsOf, logStub } from "../../src/durable-objects/rpc/stubs.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { call, tenant } from "./caller.ts";
import { newKey } from "./keys.ts";

/** More batches than any test's round has. */
const batchesMax = 20;

export function shardObject(shard: number) {
  return env.TRANSFER_LOG.getByName(logObjectName(shard));
}

export function startScrub(shard: number, key = newKey()) {
  const command = { scrubId: scrubIdFor(tenant, key), principal: "test" };
  return logStub(env, shard).startScrub({ ...call, ...command });
}

export async function statusOf(shard: number, asTenant = tenant): Promise<ScrubStatus> {
  const status = await logStub(env, shard).scrubStatus({ ...call, tenant: asTenant });
  if (!status) throw new Error("the shard is empty");
  return status;
}

/** The next alarm, at the time for which it is due. */
export async function runBatch(shard: number): Promise<ScrubStatus> {
  vi.setSystemTime(Math.max(Date.now(), (await statusOf(shard)).nextAt));
  await runDurableObjectAlarm(shardObject(shard));
  return statusOf(shard);
}

/** One whole round. */
export async function runRound(shard: number): Promise<ScrubStatus> {
  await startScrub(shard);
  for (let batch = 1; batch <= batchesMax; batch++) {
    const status = await runBatch(shard);
    if (!status.running) return status;
  }
  throw new Error("the round does not end");
}

/** What one whole round finds, as `kind account`. */
export async function findingsOf(shard: number): Promise<string[]> {
  const { differences } = await runRound(shard);
  return differences.map(({ kind, account }) => `${kind} ${account ?? "-"}`).toSorted();
}

/** Whether a scrub finds the rows of a log shard right as they are now. Writes nothing. */
export function isClean(log: DurableObjectStub): Promise<boolean> {
  return runInDurableObject(log, async (_instance, { storage }) => {
    const store = new ScrubStore(storage);
    if (store.wrongExpirations(scrubExpirationsMax).length > 0) return false;
    const rows = store.transactionsAfter("", 1_000);
    const parts = { accounts: accountsOf(env), clock: systemClock, log: () => {} };
    const batch = new ScrubBatch(rows, parts);
    await batch.run();
    return batch.findings.length + batch.unasked === 0;
  });
}
