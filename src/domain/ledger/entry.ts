// A ledger entry and its place in the account's hash chain. An entry that was changed, removed or
// moved breaks the chain from there on. Pure.
import { digestTuple, encodeTuple } from "../digest.ts";
import type { AccountAddress } from "../ids.ts";
import type { Posting } from "../protocol/transaction.ts";
import type { Direction } from "./money.ts";
import type { Metadata } from "../text.ts";
import type { OperationType } from "../operations/all.ts";

const chainVersion = "entry1";
const genesisVersion = "genesis1";

/** A posted leg. Immutable. `sequence` is 1, 2, 3, ... in each account. */
export interface Entry {
  readonly sequence: number;
  readonly transactionId: string;
  readonly type: OperationType;
  readonly direction: Direction;
  readonly amount: number;
  readonly currency: string;
  readonly counterparty: string;
  readonly provider?: string;
  readonly paymentReference?: string;
  readonly description?: string;
  readonly metadata?: Metadata;
  /** Milliseconds since the epoch; never before the previous entry's. */
  readonly createdAt: number;
  readonly previousHash: string;
  readonly hash: string;
}

/** The end of an account's ledger; of an empty one: sequence 0 and the genesis hash. */
export interface LedgerHead {
  readonly sequence: number;
  readonly hash: string;
  readonly createdAt: number;
}

/** The hash before the first entry: ties the chain to its account. */
export function genesisHash(tenant: string, address: AccountAddress): string {
  return digestTuple([genesisVersion, address.class, tenant, address.id]);
}

/** Metadata as the ledger stores it. The order of the pairs is the sender's. */
export function encodeEntryMetadata(metadata: Metadata | undefined): string | null {
  return metadata === undefined ? null : JSON.stringify(metadata);
}

export function entryHash(entry: Omit<Entry, "hash">): string {
  const canonical = encodeTuple([
    chainVersion,
    entry.sequence,
    entry.transactionId,
    entry.type,
    entry.direction,
    entry.amount,
    entry.currency,
    entry.counterparty,
    entry.provider ?? null,
    entry.paymentReference ?? null,
    entry.description ?? null,
    encodeEntryMetadata(entry.metadata),
    entry.createdAt,
  ]);
  return digestTuple([entry.previousHash, canonical]);
}

/** What its transfer log keeps of an entry: the first 128 bits of its hash. They hold what the log
 *  does not know otherwise (sequence, time, predecessor), and half a hash halves the room. */
export function anchorOf(hash: string): string {
  return hash.slice(0, 32);
}

/** The entry that posting a leg at `now` appends after `head`. */
export function nextEntry(head: LedgerHead, posting: Posting, now: number): Entry {
  const { fingerprint: _, ...shown } = posting;
  const entry = {
    ...shown,
    sequence: head.sequence + 1,
    createdAt: Math.max(now, head.createdAt),
    previousHash: head.hash,
  };
  return { ...entry, hash: entryHash(entry) };
}
