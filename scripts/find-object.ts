// Where the development server keeps a wallet, a transaction or an API key: the class and the id of
// its object, as the local explorer and the state folder name it. Reads and calls nothing.
import { createHash, createHmac } from "node:crypto";
import {
  accountObjectName,
  isApiKeyId,
  isTransactionId,
  keyRingObjectName,
  keyShardOf,
  logObjectName,
  logShardOf,
  parseWalletId,
  walletAddress,
} from "../src/domain/ids.ts";
import { isTenant } from "../src/domain/principal.ts";
import { readArguments } from "./usage.mjs";

const usage =
  "usage: npm run find:object -- [--tenant main] ID (wal_..., usr_..., txn_... or key_...)";

/** The Worker's name: wrangler.toml. */
const worker = "edge-ledger";

interface Found {
  readonly className: "Wallet" | "TransferLog" | "KeyRing";
  readonly name: string;
}

function find(tenant: string, id: string): Found | undefined {
  const walletId = parseWalletId(id);
  if (walletId !== undefined) {
    return { className: "Wallet", name: accountObjectName(tenant, walletAddress(walletId)) };
  }
  if (isTransactionId(id)) return { className: "TransferLog", name: logObjectName(logShardOf(id)) };
  if (isApiKeyId(id)) return { className: "KeyRing", name: keyRingObjectName(keyShardOf(id)) };
  return undefined;
}

/** The id of a named object, as the runtime derives it from the key of its class on this machine. */
function objectIdOf({ className, name }: Found): string {
  const key = createHash("sha256").update(`${worker}-${className}`).digest();
  const half = (text: string | Buffer) => createHmac("sha256", key).update(text).digest();
  const first = half(name).subarray(0, 16);
  return Buffer.concat([first, half(first).subarray(0, 16)]).toString("hex");
}

const { values, positionals } = readArguments(usage, {
  allowPositionals: true,
  options: { tenant: { type: "string", default: "main" } },
});
const [id = "", ...more] = positionals;
const found = isTenant(values.tenant) && more.length === 0 ? find(values.tenant, id) : undefined;
if (found) {
  const objectId = objectIdOf(found);
  const folder = `${worker}-${found.className}`;
  console.log(`class:    ${found.className}\nname:     ${found.name}\nid:       ${objectId}`);
  console.log(`explorer: /cdn-cgi/local/explorer/do/${found.className}/${objectId}`);
  console.log(`file:     .wrangler/state/v3/do/${folder}/${objectId}.sqlite`);
} else {
  console.error(`No such id can exist: ${id}\n\n${usage}`);
  process.exitCode = 2;
}
