// The interface in which the two kinds of accounts, wallets and the outside world, differ. Decides
// nothing: the rules of admission are in the domain.
import type { Standing } from "../../domain/admission/rule.ts";
import type { LedgerHead } from "../../domain/ledger/entry.ts";
import type { AccountAddress } from "../../domain/ids.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { Migration } from "../../platform/migrations.ts";

/** All of it runs in one turn of the event loop; what writes more than one statement, inside of a
 *  sql transaction. */
export interface AccountKind {
  readonly class: AccountAddress["class"];
  readonly migrations: readonly Migration[];
  /** Shard count that the class's data is laid out for; null where it has no shards. */
  readonly shards: number | null;
  /** Whether the first hold or release creates the account. A wallet is opened by its user. */
  readonly isCreatedOnUse: boolean;
  /** Everything that a vote depends on: whether the leg is known here, and what a new one is
   *  measured against. */
  look(posting: Posting): { readonly known: boolean; readonly standing: Standing };
  onHeld(posting: Posting): void;
  /** A leg is released, which may never have been held. */
  onVoid(posting: Posting): void;
  onPosted(head: LedgerHead): void;
  /** Whether `onPosted` writes something with the entry of this sequence. */
  writesWithEntry(sequence: number): boolean;
}
