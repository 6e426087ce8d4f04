// Batches as their clients read them, and what their log shard keeps of them.
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { batchItemIdFor, logShardOf, transactionIdFor } from "../../src/domain/ids.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { batchOf, type Batch } from "../../src/domain/protocol/batch.ts";
import { logStub } from "../../src/durable-objects/rpc/stubs.ts";
import type {
  SubmitBatchCall,
  SubmitBatchResult,
} from "../../src/durable-objects/transfer-log/contract.ts";
import { call, tenant } from "./caller.ts";
import type { Answer, Body } from "./http.ts";
import { outcomeOf } from "./ledger.ts";
import { runSql, type Row } from "./objects.ts";
import { logObject } from "./stubs.ts";

export function batchUnder(key: string, ...sent: readonly SentRequest[]): Batch {
  return batchOf(tenant, key, sent, "USD");
}

export function submitBatch(
  submitted: Batch,
  more: Partial<SubmitBatchCall> = {},
): Promise<SubmitBatchResult> {
  const log = logStub(env, logShardOf(submitted.id));
  return log.submitBatch({ ...call, principal: "test", batch: submitted, ...more });
}

/** What became of each item; or the problem that kept the batch from being recorded. */
export function outcomesOf(result: SubmitBatchResult): readonly string[] {
  if (result.outcome === "refused") return [result.problem];
  return result.items.map((item) => outcomeOf({ ...item, replayed: result.replayed }));
}

export interface ItemResult {
  readonly status: number;
  readonly body: Body;
}

export function resultsOf({ body }: Answer): readonly ItemResult[] {
  return (body as { readonly items: readonly ItemResult[] }).items;
}

export function statusesOf(answer: Answer): readonly number[] {
  return resultsOf(answer).map(({ status }) => status);
}

export function itemIdOf(key: string, index: number): string {
  return batchItemIdFor(tenant, transactionIdFor(tenant, key), index);
}

export async function batchRowsOf(key: string): Promise<readonly Row[]> {
  const id = transactionIdFor(tenant, key);
  const query = "SELECT * FROM batches WHERE id = ?";
  return await runSql(logObject(id), query, id);
}

/** A batch that was refused as a whole: none of its items, and not its key. */
export async function expectNoItem(key: string, count: number): Promise<void> {
  const log = logObject(transactionIdFor(tenant, key));
  const ids = Array.from({ length: count }, (_, index) => itemIdOf(key, index));
  const tables = await runSql(log, "SELECT name FROM sqlite_master WHERE name = 'transactions'");
  if (tables.length === 0) return;
  const query = "SELECT id FROM transactions WHERE id IN (SELECT value FROM json_each(?))";
  expect(await runSql(log, query, JSON.stringify(ids))).toEqual([]);
}
