// Ids, shards, fingerprints and hashes reckoned from the description of their formats, with another
// SHA-256 and without a line of `src`: what production and a test both take from production looks
// right to both when it is wrong. The simulator, the history checker and the audit of the crash
// loop's files compare with this.
import { createHash } from "node:crypto";

type Field = string | number | null;
type Pairs = Readonly<Record<string, string>>;

const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Each field as `<bytes in UTF-8>:<text>`, an absent one as `-`. */
function tuple(...fields: readonly Field[]): string {
  return fields
    .map((field) => (field === null ? "-" : `${Buffer.byteLength(String(field))}:${field}`))
    .join("");
}

function sha256(...fields: readonly Field[]): Buffer {
  return createHash("sha256")
    .update(tuple(...fields), "utf8")
    .digest();
}

function hex(...fields: readonly Field[]): string {
  return sha256(...fields).toString("hex");
}

function bitsOf(digest: Buffer): string {
  return [...digest].map((byte) => byte.toString(2).padStart(8, "0")).join("");
}

/** The first 130 bits, five to a digit. */
function id(prefix: string, tenant: string, ...names: readonly string[]): string {
  return idOf(prefix, bitsOf(sha256("1", tenant, ...names)));
}

function idOf(prefix: string, bits: string): string {
  const groups = Array.from({ length: 26 }, (_, index) => bits.slice(index * 5, index * 5 + 5));
  return prefix + groups.map((group) => digits.charAt(Number.parseInt(group, 2))).join("");
}

export function transactionId(tenant: string, key: string): string {
  return id("txn_", tenant, "transactions", key);
}

/** Of the expiry of an authorization: the first 8 bits are the authorization's. */
export function expiryId(tenant: string, authorization: string): string {
  const shard = logShard(authorization).toString(2).padStart(8, "0");
  return idOf("txn_", shard + bitsOf(sha256("1", tenant, "expiries", authorization)));
}

/** Of an item of a batch: the first 8 bits are the batch's. */
export function batchItemId(tenant: string, batch: string, index: number): string {
  const shard = logShard(batch).toString(2).padStart(8, "0");
  return idOf("txn_", shard + bitsOf(sha256("1", tenant, "batches", batch, index)));
}

export function userId(tenant: string, key: string): string {
  return id("usr_", tenant, "users", key);
}

export function walletId(tenant: string, key: string): string {
  return id("wal_", tenant, "users", key);
}

export function freezeId(tenant: string, wallet: string, key: string): string {
  return id("frz_", tenant, "freezes", wallet, key);
}

/** The first 8 bits of a transaction's id. */
export function logShard(transaction: string): number {
  const value = digits.indexOf(transaction.charAt(4)) * 32 + digits.indexOf(transaction.charAt(5));
  return Math.floor(value / 4);
}

/** The account of the outside world in which duplicates of a payment reference meet. */
export function externalAccount(tenant: string, provider: string, reference: string): string {
  return `external-${hex("1", tenant, provider, reference).slice(0, 2)}`;
}

interface Address {
  readonly class: string;
  readonly id: string;
}

export function objectName(tenant: string, address: Address): string {
  return hex("1", address.class, tenant, address.id);
}

export function genesis(tenant: string, address: Address): string {
  return hex("genesis1", address.class, tenant, address.id);
}

/** An entry as its ledger shows it. */
interface ShownEntry {
  readonly sequence: number;
  readonly transactionId: string;
  readonly line: number;
  readonly type: string;
  readonly bucket: string;
  readonly direction: string;
  readonly amount: number;
  readonly currency: string;
  readonly counterparty: string;
  readonly origin?: string;
  readonly provider?: string;
  readonly paymentReference?: string;
  readonly payoutReference?: string;
  readonly description?: string;
  readonly metadata?: Pairs;
  /** Both in ms since the epoch. */
  readonly decidedAt: number;
  readonly createdAt: number;
}

/** Free text is in the chain as a digest of its own. */
function textDigest({ description, metadata }: ShownEntry): string | null {
  if (description === undefined && metadata === undefined) return null;
  const pairs = metadata === undefined ? null : JSON.stringify(metadata);
  return hex("text1", description ?? null, pairs);
}

export function entryHash(previousHash: string, entry: ShownEntry): string {
  const content = tuple(
    "entry2",
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
  );
  return hex(previousHash, content);
}

interface SentPosting {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly currency?: string;
}

/** A request as it was sent, wallets as `wal_...`. */
interface Sent {
  readonly type: string;
  readonly amount?: number;
  readonly walletId?: string;
  readonly fromWalletId?: string;
  readonly toWalletId?: string;
  readonly postings?: readonly SentPosting[];
  /** The one that it acts on: then this and the amount are all that counts. */
  readonly transactionId?: string;
  readonly authorization?: { readonly transactionId: string };
  readonly expiresIn?: number;
  readonly currency?: string;
  readonly provider?: string;
  readonly paymentReference?: string;
  readonly payoutReference?: string;
  readonly description?: string;
  readonly metadata?: Pairs;
}

function metadataField(metadata: Pairs | undefined): string | null {
  if (metadata === undefined) return null;
  const names = Object.keys(metadata).toSorted();
  return tuple(...names.flatMap((name) => [name, metadata[name] ?? null]));
}

/** What one operation has and another has not. */
function ownFields(sent: Sent): readonly Field[] {
  if (sent.authorization) {
    const { transactionId: origin } = sent.authorization;
    const named = sent.payoutReference === undefined ? [] : [sent.payoutReference];
    return sent.type === "capture" ? [origin, sent.amount ?? null, ...named] : [origin];
  }
  if (sent.transactionId !== undefined) return [sent.transactionId, sent.amount ?? null];
  const reference = sent.paymentReference ?? sent.payoutReference ?? null;
  const payment = [sent.provider ?? null, reference];
  if (sent.postings) {
    const fields = sent.postings.map((one) => [one.from, one.to, one.amount, one.currency ?? null]);
    return [...payment, ...fields.flat()];
  }
  const source = sent.walletId ?? sent.fromWalletId ?? null;
  const money = [sent.toWalletId ?? null, sent.amount ?? null, sent.currency ?? null];
  const time = sent.type === "authorization" ? [sent.expiresIn ?? null] : [];
  return [source, ...money, ...payment, ...time];
}

export function requestFingerprint(sent: Sent): string {
  const { type, description, metadata } = sent;
  const end = [description ?? null, metadataField(metadata)];
  return `fp1:${hex("fp1", type, ...ownFields(sent), ...end)}`;
}

/** Of the fingerprints of a batch's items, in their order. */
export function batchFingerprint(items: readonly string[]): string {
  return `fp1:${hex("fp1", "batch", ...items)}`;
}

interface Profile {
  readonly name: string;
  readonly email?: string;
  readonly metadata?: Pairs;
}

export function userFingerprint({ name, email, metadata }: Profile): string {
  return `fp1:${hex("fp1", "user", name, email ?? null, metadataField(metadata))}`;
}

export function freezeFingerprint(frozen: boolean, reason: string): string {
  return `fp1:${hex("fp1", "freeze", String(frozen), reason)}`;
}
