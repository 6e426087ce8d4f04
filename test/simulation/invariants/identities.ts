// Invariants of what things are called and where they lie: by a reckoning of the formats that shares
// nothing with production (test/oracle).
import * as oracle from "../../oracle/reckoning.ts";
import { originOf } from "../planner.ts";
import type { Finding, Invariant, World } from "./invariant.ts";

function* findMisnamed({ history }: World): Iterable<Finding> {
  for (const { submission } of history.answers) {
    const { id, fingerprint, tenant } = submission;
    const { key, sent, index } = originOf(submission);
    const named = oracle.transactionId(tenant, key);
    if (id !== (index === undefined ? named : oracle.batchItemId(tenant, named, index))) {
      yield { what: `the key ${key} of ${tenant} names another transaction`, subject: id };
    }
    if (fingerprint !== oracle.requestFingerprint(sent)) {
      yield { what: "the fingerprint is another request's", subject: id };
    }
  }
  for (const { batch } of history.batches) {
    const fingerprints = batch.items.map((item) => oracle.requestFingerprint(originOf(item).sent));
    if (batch.fingerprint !== oracle.batchFingerprint(fingerprints)) {
      yield { what: "the fingerprint is another batch's", subject: batch.id };
    }
  }
}

function* findMisplaced({ books }: World): Iterable<Finding> {
  for (const { shard, transactions } of books.logs.values()) {
    for (const id of transactions.keys()) {
      if (oracle.logShard(id) !== shard) yield { what: `lies in shard ${shard}`, subject: id };
    }
  }
  for (const { address, tenant, entries } of books.accounts.values()) {
    if (address.class === "wallet") continue;
    for (const { transactionId, provider = "", ...shown } of entries) {
      const reference = shown.paymentReference ?? shown.payoutReference ?? "";
      if (oracle.externalAccount(tenant, provider, reference) !== address.id) {
        yield { what: `its reference lies in ${address.id}`, subject: transactionId };
      }
    }
  }
}

export const identityInvariants: readonly Invariant[] = [
  {
    name: "keys-name-transactions",
    promise: "Ids and fingerprints are what the formats say of tenant, key and request.",
    holds: "at quiescence",
    find: findMisnamed,
  },
  {
    name: "shards-are-derived",
    promise: "A transaction lies in the log shard of its id, a reference in the shard of its own.",
    holds: "at quiescence",
    find: findMisplaced,
  },
];
