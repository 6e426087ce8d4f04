// Invariants of batches: what is sent together is recorded together, and its key is used once.
import * as oracle from "../../oracle/reckoning.ts";
import type { LogBook, RecordedBatch } from "../books.ts";
import type { Finding, Invariant, World } from "./invariant.ts";

/** What a recorded batch and its items do not agree about. */
function flawOf(batch: RecordedBatch, { transactions }: LogBook): string | undefined {
  const items = batch.itemIds.flatMap((id) => transactions.get(id) ?? []);
  if (items.length !== batch.count) return `${batch.count} items, and ${items.length} are recorded`;
  const next = oracle.batchItemId(batch.tenant, batch.id, batch.count);
  if (transactions.has(next)) return `${batch.count} items, and one more is recorded`;
  if (transactions.has(batch.id)) return "its key is a transaction's, too";
  const fingerprints = items.map(({ fingerprint }) => fingerprint);
  if (oracle.batchFingerprint(fingerprints) === batch.fingerprint) return undefined;
  return "its fingerprint is not that of its items";
}

function* findPartialBatches({ books, history, changed }: World): Iterable<Finding> {
  for (const log of changed.logs) {
    for (const batch of log.batches.values()) {
      const what = flawOf(batch, log);
      if (what !== undefined) yield { what, subject: batch.id };
    }
  }
  if (changed.logs.length === 0) return;
  for (const { id: subject, items } of history.sentBatches) {
    if (books.batch(subject)) continue;
    const strays = items.filter(({ id }) => books.transaction(id));
    if (strays.length > 0) yield { what: `${strays.length} items of no recorded batch`, subject };
  }
}

export const batchInvariants: readonly Invariant[] = [
  {
    name: "batches-are-whole",
    promise: "A batch and all its items are recorded together or not at all; its key is used once.",
    holds: "always",
    find: findPartialBatches,
  },
];
