// A ledger entry and its place in the account's hash chain. An entry that was changed, removed or
// moved breaks the chain from there on. Pure.
import { digestTuple, encodeTuple } from "../digest.ts";
import type { AccountAddress } from "../ids.ts";
import type { Posting } from "../protocol/transaction.ts";
import type { ShownLine } from "./line.ts";
import type { Metadata } from "../text.ts";
import type { OperationType } from "../operations/all.ts";

const chainVersion = "entry2";
const genesisVersion = "genesis1";
const textVersion = "text1";

/** What a ledger shows of a posted line, as its log knows it. */
export interface Shown extends ShownLine {
  readonly transactionId: string;
  /** The line's number in its leg: 1, 2, 3, ... */
  readonly line: number;
  readonly type: OperationType;
  /** The transaction that this one ends or reverses. */
  readonly origin?: string;
  readonly provider?: string;
  readonly paymentReference?: string;
  readonly payoutReference?: string;
  readonly description?: string;
  readonly metadata?: Metadata;
  /** When the transaction was decided, in ms since the epoch: the same on all its sides. */
  readonly decidedAt: number;
}

/** A posted line. Immutable. `sequence` is 1, 2, 3, ... in each account. */
export interface Entry extends Shown {
  readonly sequence: number;
  /** When it was posted, in ms since the epoch: never before the previous entry's nor before
   *  `decidedAt`. The entries of a leg have one time. */
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

/** Free text goes into the chain as a digest, so that it can be taken out without breaking it. */
function textDigest({ description, metadata }: Pick<Shown, "description" | "metadata">) {
  if (description === undefined && metadata === undefined) return null;
  return digestTuple([textVersion, description ?? null, encodeEntryMetadata(metadata)]);
}

export function entryHash(entry: Omit<Entry, "hash">): string {
  const canonical = encodeTuple([
    chainVersion,
    entry.sequence,
    entry.transactionId,
    entry.line,
    entry.type,
    entry.bucket,
    entry.direction,
    entry.amount,
    entry.currency,
    entry.counterparty,
    entry.origin ?? null,
    entry.provider ?? null,
    entry.paymentReference ?? null,
    entry.payoutReference ?? null,
    textDigest(entry),
    entry.decidedAt,
    entry.createdAt,
  ]);
  return digestTuple([entry.previousHash, canonical]);
}

/** What its transfer log keeps of the last entry of a leg: the first 128 bits of its hash. They
 *  hold what the log does not know otherwise (sequence, time, predecessor), and half a hash halves
 *  the room. */
export function anchorOf(hash: string): string {
  return hash.slice(0, 32);
}

/** What the entries of a leg show, in the order in which they are posted. */
export function shownOf(posting: Posting, decidedAt: number): readonly Shown[] {
  const { fingerprint: _fingerprint, lines, claims: _claims, origin, ...texts } = posting;
  return lines.map((line, index) => ({
    ...texts,
    ...line,
    ...(origin && { origin: origin.transactionId }),
    line: index + 1,
    decidedAt,
  }));
}

/** The entries that posting a leg at `now` appends after `head`. */
export function nextEntries(
  head: LedgerHead,
  posting: Posting,
  { decidedAt, now }: { readonly decidedAt: number; readonly now: number },
): readonly Entry[] {
  const createdAt = Math.max(now, head.createdAt, decidedAt);
  let { sequence, hash: previousHash } = head;
  return shownOf(posting, decidedAt).map((shown) => {
    const content = { ...shown, sequence: ++sequence, createdAt, previousHash };
    previousHash = entryHash(content);
    return { ...content, hash: previousHash };
  });
}
