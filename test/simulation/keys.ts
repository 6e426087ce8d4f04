// Idempotency keys and payment references that fall into chosen shards: with 256 of them, those of a
// short run would hardly ever meet. Found by search, in an order that depends on nothing else.
import { externalShardOf, logShardOf, transactionIdFor } from "../../src/domain/ids.ts";

/** The shards that a simulation uses. */
export const shards: readonly number[] = [7, 130, 255];

class Search {
  readonly #found = new Map<number, string[]>();
  readonly #shardOf: (candidate: string) => number;
  readonly #prefix: string;
  #next = 0;

  constructor(prefix: string, shardOf: (candidate: string) => number) {
    this.#prefix = prefix;
    this.#shardOf = shardOf;
    for (const shard of shards) this.#found.set(shard, []);
  }

  /** Number `index` of those that fall into `shard`. */
  get(shard: number, index: number): string {
    const found = this.#found.get(shard);
    if (!found) throw new Error(`no simulated shard: ${shard}`);
    for (;;) {
      const known = found[index];
      if (known !== undefined) return known;
      const candidate = `${this.#prefix}${this.#next++}`;
      this.#found.get(this.#shardOf(candidate))?.push(candidate);
    }
  }
}

const keys = new Map<string, Search>();
const references = new Map<string, Search>();

function searchIn(searches: Map<string, Search>, tenant: string, make: () => Search): Search {
  const search = searches.get(tenant) ?? make();
  searches.set(tenant, search);
  return search;
}

/** Key number `index` of the tenant whose transaction lies in log shard `shard`. */
export function keyIn(tenant: string, shard: number, index: number): string {
  const shardOf = (key: string) => logShardOf(transactionIdFor(tenant, key));
  return searchIn(keys, tenant, () => new Search("key-", shardOf)).get(shard, index);
}

export const provider = "bank";

/** Payment reference number `index` of the tenant that lies in external shard `shard`. */
export function referenceIn(tenant: string, shard: number, index: number): string {
  const shardOf = (reference: string) => externalShardOf(tenant, provider, reference);
  return searchIn(references, tenant, () => new Search("ref-", shardOf)).get(shard, index);
}
