// Ids of users, wallets, transactions and keys, and the objects that they belong to. Ids are
// derived, never random: the same key always reaches the same object.
import { digestTuple, type Field } from "./digest.ts";
import { keyShardCount, shardCount } from "./limits.ts";

const version = "1";
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** What follows the prefix of an id, as the source of a pattern. */
export const idEnding = "[0-9A-HJKMNP-TV-Z]{26}";
const idPattern = new RegExp(`^${idEnding}$`);

/** Where a key is unique: among the openings of users, among all money operations together, among
 *  the creations of API keys, the commands to scrub, or the freezes of one wallet. */
type KeyNamespace =
  | readonly ["users"]
  | readonly ["transactions"]
  | readonly ["api-keys"]
  | readonly ["scrubs"]
  | readonly ["freezes", string];

/** Bits as Crockford base32, five to a character, the lowest last. */
export function toCrockford(bits: bigint, length: number): string {
  let rest = bits;
  let text = "";
  for (let index = 0; index < length; index++) {
    text = alphabet.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return text;
}

/** The first 130 bits of SHA-256(version, tenant, namespace, key) as 26 Crockford characters. */
function derive(tenant: string, namespace: KeyNamespace, key: string): string {
  const digest = digestTuple([version, tenant, ...namespace, key]);
  return toCrockford(BigInt(`0x${digest.slice(0, 34)}`) >> 6n, 26);
}

export function transactionIdFor(tenant: string, key: string): string {
  return `txn_${derive(tenant, ["transactions"], key)}`;
}

/** Of what ends a transaction when its time is over. */
export function expiryIdFor(tenant: string, transactionId: string): string {
  return idBeside(transactionId, [version, tenant, "expiries", transactionId]);
}

/** Of an item of a batch, by its place in it from 0. */
export function batchItemIdFor(tenant: string, batchId: string, index: number): string {
  return idBeside(batchId, [version, tenant, "batches", batchId, index]);
}

/** An id in the log shard of another one, whose first 8 bits it has, with 122 bits of a digest of
 *  its own. */
function idBeside(transactionId: string, own: readonly Field[]): string {
  const bits = BigInt(`0x${digestTuple(own).slice(0, 32)}`) >> 6n;
  return `txn_${toCrockford((BigInt(logShardOf(transactionId)) << 122n) | bits, 26)}`;
}

export function userIdFor(tenant: string, key: string): string {
  return `usr_${derive(tenant, ["users"], key)}`;
}

export function freezeIdFor(tenant: string, walletId: string, key: string): string {
  return `frz_${derive(tenant, ["freezes", walletId], key)}`;
}

export function scrubIdFor(tenant: string, key: string): string {
  return `scr_${derive(tenant, ["scrubs"], key)}`;
}

/** An API key's id: not its secret, and safe to log. */
export function apiKeyIdFor(tenant: string, key: string): string {
  return `key_${derive(tenant, ["api-keys"], key)}`;
}

/** One user has exactly one wallet; the two ids share everything behind the prefix. */
export function walletIdOfUser(userId: string): string {
  return `wal_${userId.slice(4)}`;
}

export function userIdOfWallet(walletId: string): string {
  return `usr_${walletId.slice(4)}`;
}

/** `wal_X` for `wal_X` and for its owner's `usr_X`; undefined for an id that cannot exist. */
export function parseWalletId(text: string): string | undefined {
  if (!text.startsWith("wal_") && !text.startsWith("usr_")) return undefined;
  return idPattern.test(text.slice(4)) ? `wal_${text.slice(4)}` : undefined;
}

export function isUserId(text: string): boolean {
  return text.startsWith("usr_") && idPattern.test(text.slice(4));
}

export function isTransactionId(text: string): boolean {
  return text.startsWith("txn_") && idPattern.test(text.slice(4));
}

export function isApiKeyId(text: string): boolean {
  return text.startsWith("key_") && idPattern.test(text.slice(4));
}

export function isScrubId(text: string): boolean {
  return text.startsWith("scr_") && idPattern.test(text.slice(4));
}

export function isFreezeId(text: string): boolean {
  return text.startsWith("frz_") && idPattern.test(text.slice(4));
}

/** The log shard (0-255) of a transaction: the first 8 bits of the digest its id is made of. */
export function logShardOf(transactionId: string): number {
  const first = alphabet.indexOf(transactionId.charAt(4));
  const second = alphabet.indexOf(transactionId.charAt(5));
  return (first << 3) | (second >> 2);
}

/** How far into its shard an id lies, from 0 to 1: ids are spread evenly. 0 for an empty text. */
export function placeInShard(transactionId: string): number {
  const digits = Array.from(transactionId.slice(5, 9), (digit) => alphabet.indexOf(digit));
  if (digits.length < 4 || digits.includes(-1)) return 0;
  // The two low bits of the first digit; the others are behind them.
  const place = digits.reduce(
    (sum, digit, index) => (index === 0 ? digit & 3 : sum * 32 + digit),
    0,
  );
  return place / (4 * 32 ** 3);
}

/** The shard (0-255) of the outside world in which duplicates of a payment reference collide. */
export function externalShardOf(tenant: string, provider: string, reference: string): number {
  return Number.parseInt(digestTuple([version, tenant, provider, reference]).slice(0, 2), 16);
}

export function shardName(shard: number): string {
  if (!Number.isInteger(shard) || shard < 0 || shard >= shardCount) {
    throw new Error(`no such shard: ${shard}`);
  }
  return shard.toString(16).padStart(2, "0");
}

/** Where an account lives: a wallet by its id, the outside world by its shard. */
export interface AccountAddress {
  readonly class: "wallet" | "external-account";
  /** `wal_...`, or `external-<shard in hexadecimal>`. */
  readonly id: string;
}

export function walletAddress(walletId: string): AccountAddress {
  return { class: "wallet", id: walletId };
}

export function externalAddress(
  tenant: string,
  provider: string,
  reference: string,
): AccountAddress {
  return externalShardAddress(externalShardOf(tenant, provider, reference));
}

/** One shard (0-255) of a tenant's outside world. */
export function externalShardAddress(shard: number): AccountAddress {
  return { class: "external-account", id: `external-${shardName(shard)}` };
}

/** The name of an account's object. Hashed, so that no tenant can spell another one's names. */
export function accountObjectName(tenant: string, address: AccountAddress): string {
  return digestTuple([version, address.class, tenant, address.id]);
}

/** The name of a log shard's object. Log shards serve all tenants: their rows name the tenant. */
export function logObjectName(shard: number): string {
  return `transfer-log-${shardName(shard)}`;
}

/** The key ring (0-15) of an API key: the first 4 bits of its id. */
export function keyShardOf(keyId: string): number {
  return alphabet.indexOf(keyId.charAt(4)) >> 1;
}

/** The name of a key ring's object. Rings serve all tenants: a credential is looked up before its
 *  tenant is known. Their rows name the tenant. */
export function keyRingObjectName(shard: number): string {
  if (!Number.isInteger(shard) || shard < 0 || shard >= keyShardCount) {
    throw new Error(`no such key ring: ${shard}`);
  }
  return `key-ring-${shard.toString(16)}`;
}
