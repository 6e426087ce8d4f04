// One shard of the outside world's side of the books: an account without funds or limits, in which
// duplicates of a payment reference collide. Everything but the shell.
import { shardCount } from "../domain/limits.ts";
import { admitToExternalAccount } from "../domain/leg.ts";
import type { Posting } from "../domain/transaction.ts";
import type { Migration } from "../platform/migrations.ts";
import type { ObjectStorage } from "../platform/storage.ts";
import { Account, type AccountParts } from "./account.ts";

/** The SQL that only the outside world has: who uses a payment reference. */
class ClaimStore {
  readonly #storage: ObjectStorage;

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
  }

  claimant(provider: string, reference: string): string | undefined {
    return this.#storage.sql
      .exec<{ transaction_id: string }>(
        "SELECT transaction_id FROM claims WHERE provider = ? AND reference = ?",
        provider,
        reference,
      )
      .toArray()[0]?.transaction_id;
  }

  insert(provider: string, reference: string, transactionId: string): void {
    this.#storage.sql.exec(
      "INSERT INTO claims (provider, reference, transaction_id) VALUES (?, ?, ?)",
      provider,
      reference,
      transactionId,
    );
  }

  delete(provider: string, reference: string, transactionId: string): void {
    this.#storage.sql.exec(
      "DELETE FROM claims WHERE provider = ? AND reference = ? AND transaction_id = ?",
      provider,
      reference,
      transactionId,
    );
  }
}

function claimOf(posting: Posting): readonly [provider: string, reference: string] {
  const { provider, paymentReference } = posting;
  if (provider === undefined || paymentReference === undefined) {
    throw new Error("money from outside has a payment reference");
  }
  return [provider, paymentReference];
}

export function createExternalAccount(
  parts: AccountParts,
  migrations: readonly Migration[],
): Account {
  const claims = new ClaimStore(parts.storage);
  const account: Account = new Account(parts, {
    class: "external-account",
    migrations,
    shards: shardCount,
    opensOnUse: true,
    oneRowHolds: false,
    writesWithEntry: () => false,
    consider(posting) {
      if (account.store.leg(posting.transactionId)) return { known: true };
      const transactionId = claims.claimant(...claimOf(posting));
      const claim = transactionId !== undefined && {
        transactionId,
        posted: account.store.leg(transactionId)?.state === "posted",
      };
      const standing = { claim: claim || undefined, openLegs: account.store.openLegs() };
      return { known: false, admission: admitToExternalAccount(standing) };
    },
    contested: (posting) => {
      const held = account.store.heldLegs();
      const claimant = claims.claimant(...claimOf(posting));
      return claimant === undefined ? held : held.filter((leg) => leg.transactionId === claimant);
    },
    onHeld: (posting) => claims.insert(...claimOf(posting), posting.transactionId),
    onVoid: (posting) => claims.delete(...claimOf(posting), posting.transactionId),
    onPosted: () => {},
  });
  return account;
}
