// API keys as text: `wk_<environment>_<key id>_<secret><checksum>`. The form lets secret scanners
// find a leaked key, and a mistyped key is refused without a look-up. Proves nothing: the edge
// verifies the secret.
import { digestTuple } from "./digest.ts";
import { toCrockford } from "./ids.ts";

const secretLength = 52;
const checksumLength = 6;
const pattern =
  /^wk_([a-z]{1,16})_([0-9A-HJKMNP-TV-Z]{26})_([0-9A-HJKMNP-TV-Z]{52})([0-9A-HJKMNP-TV-Z]{6})$/;

/** What a deployment may call itself in its keys. */
export const environmentPattern = /^[a-z]{1,16}$/;

export interface ApiKey {
  /** Where it works: a production key that is tried elsewhere is not even looked up. */
  readonly environment: string;
  /** `key_...`: public, it names the key in records and logs. */
  readonly id: string;
  /** 256 bits. Its bearer is the principal. */
  readonly secret: string;
}

/** Tells a mistyped key from a whole one. 30 bits, no protection against anybody. */
function checksumOf({ environment, id, secret }: ApiKey): string {
  const digest = digestTuple(["wk1", environment, id, secret]);
  return toCrockford(BigInt(`0x${digest.slice(0, 8)}`) >> 2n, checksumLength);
}

/** 32 random bytes as the text of a secret. */
export function encodeSecret(bytes: Uint8Array): string {
  if (bytes.length !== 32) throw new Error("a secret has 256 bits");
  const bits = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return toCrockford(bits, secretLength);
}

export function formatApiKey(key: ApiKey): string {
  return `wk_${key.environment}_${key.id.slice(4)}_${key.secret}${checksumOf(key)}`;
}

/** The parts of a key, or undefined for what no key can be. */
export function parseApiKey(text: string): ApiKey | undefined {
  const [, environment, id, secret, checksum] = text.match(pattern) ?? [];
  if (environment === undefined || id === undefined || secret === undefined) return undefined;
  const key = { environment, id: `key_${id}`, secret };
  return checksumOf(key) === checksum ? key : undefined;
}
