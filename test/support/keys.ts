// Keys and payment references that no test has used before, so that tests share nothing.
import { externalShardOf, logShardOf, transactionIdFor } from "../../src/domain/ids.ts";
import { tenant } from "./caller.ts";

/** How many keys a key shares no shard with: those drawn before it in the same file of tests. */
const apart = 100;
const drawn: { readonly log: number; readonly external: number }[] = [];

/** A key that was never used: for an operation, or as a payment reference. Whatever it is used for,
 *  its shard is none of the last hundred keys': a test that compares the whole of an object never
 *  meets another transaction there by chance, as random keys in 256 shards would now and then. */
export function newKey(): string {
  return drawKey(({ log, external }) =>
    drawn.every((other) => other.log !== log && other.external !== external),
  );
}

/** A key that was never used, whose transaction is kept by the given log shard. */
export function keyInShard(shard: number): string {
  return drawKey(({ log }) => log === shard);
}

/** A payment reference that was never used, whose funding is debited in the given shard. */
export function referenceInShard(shard: number): string {
  return drawKey(({ external }) => external === shard);
}

/** A payment reference that has the same shard with the default provider and with another one. */
export function referenceSharedWith(provider: string): string {
  return drawKey(({ external }, key) => external === externalShardOf(tenant, provider, key));
}

function drawKey(fits: (shards: (typeof drawn)[number], key: string) => boolean): string {
  for (;;) {
    const key = crypto.randomUUID();
    const log = logShardOf(transactionIdFor(tenant, key));
    const external = externalShardOf(tenant, "default", key);
    if (!fits({ log, external }, key)) continue;
    if (drawn.push({ log, external }) > apart) drawn.shift();
    return key;
  }
}
