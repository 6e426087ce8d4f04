// One shard of the outside world's side of the books: an account without funds or limits, which
// refuses duplicate payment references. Everything but the shell.
import { shardCount } from "../../domain/limits.ts";
import type { Standing } from "../../domain/admission/rule.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { Migration } from "../../platform/migrations.ts";
import type { ObjectStorage, SqlRow } from "../../platform/storage.ts";
import { Account } from "../account/core.ts";
import type { AccountPorts } from "../account/ports.ts";

interface LookRow extends SqlRow {
  known: number;
  claimant: string | null;
  posted: number;
  openLegs: number;
}

/** The SQL that only the outside world has: who uses a payment reference. */
class ClaimStore {
  readonly #storage: ObjectStorage;

  constructor(storage: ObjectStorage) {
    this.#storage = storage;
  }

  /** Whether a leg of the transaction is known, and what a new one is measured against, in one
   *  statement. */
  look(
    transactionId: string,
    provider: string,
    reference: string,
  ): { readonly known: boolean; readonly standing: Standing } {
    const query = `
      WITH claim AS (SELECT transaction_id FROM claims WHERE provider = ?2 AND reference = ?3)
      SELECT EXISTS (SELECT 1 FROM legs WHERE open IN (0, 1) AND transaction_id = ?1) AS known,
        (SELECT transaction_id FROM claim) AS claimant,
        EXISTS (SELECT 1 FROM legs WHERE open = 0 AND sequence IS NOT NULL
          AND transaction_id = (SELECT transaction_id FROM claim)) AS posted,
        (SELECT count(*) FROM legs WHERE open = 1) AS openLegs`;
    const [row] = this.#storage.sql
      .exec<LookRow>(query, transactionId, provider, reference)
      .toArray();
    if (!row) throw new Error("a query of subqueries has one row");
    const { known, claimant, posted, openLegs } = row;
    const claim = claimant !== null && { transactionId: claimant, posted: posted === 1 };
    return { known: known === 1, standing: { frozen: false, openLegs, ...(claim && { claim }) } };
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
  ports: AccountPorts,
  migrations: readonly Migration[],
): Account {
  const claims = new ClaimStore(ports.storage);
  return new Account(ports, {
    class: "external-account",
    migrations,
    shards: shardCount,
    isCreatedOnUse: true,
    look: (posting) => claims.look(posting.transactionId, ...claimOf(posting)),
    onHeld: (posting) => claims.insert(...claimOf(posting), posting.transactionId),
    onVoid: (posting) => claims.delete(...claimOf(posting), posting.transactionId),
    onPosted: () => {},
    writesWithEntry: () => false,
  });
}
