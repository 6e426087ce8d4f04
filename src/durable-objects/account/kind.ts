// The interface in which the two kinds of accounts, wallets and the outside world, differ. Decides
// nothing: the rules of admission are in the domain.
import type { Standing } from "../../domain/admission/rule.ts";
import type { Entry } from "../../domain/ledger/entry.ts";
import type { AccountAddress } from "../../domain/ids.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { Migration } from "../../platform/migrations.ts";

/** What a vote depends on, besides claims and origins, which all accounts keep alike. */
export interface Look extends Pick<Standing, "freeze" | "funds" | "openLegs"> {
  /** Whether the leg is known here. */
  readonly known: boolean;
  /** Of all that is posted here and could be spent, in ms since the epoch. */
  readonly newestDecidedAt?: number;
}

/** All of it runs in one turn of the event loop; what writes more than one statement, inside of a
 *  sql transaction. */
export interface AccountKind {
  readonly class: AccountAddress["class"];
  readonly migrations: readonly Migration[];
  /** Shard count that the class's data is laid out for; null where it has no shards. */
  readonly shards: number | null;
  /** Whether the first hold or release creates the account. A wallet is opened by its user. */
  readonly isCreatedOnUse: boolean;
  look(posting: Posting): Look;
  /** After each entry, in its sql transaction. */
  onPosted(entry: Entry): void;
  /** Whether `onPosted` writes something with the entry of this sequence. */
  writesWithEntry(sequence: number): boolean;
}
