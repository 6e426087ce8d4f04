// A batch: independent operations that are submitted together, under one key. Each of its items is
// a transaction like any other; the batch itself only remembers what its key was used for. Pure.
import { fingerprintBatch } from "../fingerprint.ts";
import { batchItemIdFor, transactionIdFor } from "../ids.ts";
import type { SentRequest } from "../operations/all.ts";
import { submissionUnder, type Submission } from "./transaction.ts";

/** What is recorded of a batch, besides its items. */
export interface BatchRecord {
  /** The id that the key of a single operation would give its transaction. */
  readonly id: string;
  readonly tenant: string;
  readonly fingerprint: string;
  readonly count: number;
}

export interface Batch extends Omit<BatchRecord, "count"> {
  /** In the order of the request; all in the log shard of the batch. */
  readonly items: readonly Submission[];
}

/** The batch that validated requests and their key amount to. */
export function batchOf(
  tenant: string,
  key: string,
  sent: readonly SentRequest[],
  defaultCurrency: string,
): Batch {
  const id = transactionIdFor(tenant, key);
  const items = sent.map((one, index) =>
    submissionUnder(batchItemIdFor(tenant, id, index), tenant, one, defaultCurrency),
  );
  const fingerprints = items.map(({ fingerprint }) => fingerprint);
  return { id, tenant, fingerprint: fingerprintBatch(fingerprints), items };
}
