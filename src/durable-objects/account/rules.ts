// The interface in which the two kinds of accounts, wallets and the outside world, differ: schema,
// opening, admission, and effects of a posting. Everything else is shared in account.ts.
import type { LedgerHead } from "../../domain/ledger/entry.ts";
import type { AccountAddress } from "../../domain/ids.ts";
import type { Admission } from "../../domain/protocol/leg.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { Migration } from "../../platform/migrations.ts";
import type { StoredLeg } from "./store.ts";

/** `known`: the account was asked about the leg before, and admission was settled then. */
export type Consideration =
  { readonly known: true } | { readonly known: false; readonly admission: Admission };

/** What differs between the two kinds of accounts. All of it runs in one turn of the event loop;
 *  what takes more than one statement to write, inside of a sql transaction. */
export interface AccountRules {
  readonly class: AccountAddress["class"];
  readonly migrations: readonly Migration[];
  /** Shard count that the class's data is laid out for; null where it has no shards. */
  readonly shards: number | null;
  /** Whether the first hold or release opens the account. A wallet is opened by its user. */
  readonly opensOnUse: boolean;
  /** Whether a vote writes one row, in one statement: that is a sql transaction by itself. */
  readonly oneRowHolds: boolean;
  /** Whether `onPosted` writes something with the entry of this sequence. */
  writesWithEntry(sequence: number): boolean;
  /** Looks at everything that a vote depends on: whether the leg is known here, and if not, whether
   *  it is admitted. */
  consider(posting: Posting, account: string): Consideration;
  /** Those of the held legs whose outcome could change an admission of `posting`. */
  contested(posting: Posting): readonly StoredLeg[];
  onHeld(posting: Posting): void;
  onVoid(posting: Posting): void;
  onPosted(head: LedgerHead): void;
}
