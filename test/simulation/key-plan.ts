// What happens to API keys in a seed: created by racing requests, created again with another content,
// looked up, listed, revoked, perhaps before they exist. A plan like that of workload.ts.
import { fingerprintApiKey } from "../../src/domain/fingerprint.ts";
import { apiKeyIdFor, keyShardOf } from "../../src/domain/ids.ts";
import type { CreateKeyCall } from "../../src/durable-objects/key-ring/contract.ts";
import type { Random } from "./random.ts";

/** The key rings that a simulation uses. */
const ringShards: readonly number[] = [0, 11];

/** What a request creates. Each draws a secret of its own, as the edge does. */
export type Creation = Pick<CreateKeyCall, "keyId" | "fingerprint" | "request" | "secretHash">;

export type KeyStep = { readonly atMs: number; readonly tenant: string; readonly keyId: string } & (
  | { readonly kind: "create"; readonly creation: Creation }
  | { readonly kind: "revoke" | "look_up" | "list" }
);

function keyIdIn(tenant: string, shards: readonly number[], name: string): string {
  for (let attempt = 0; ; attempt++) {
    const keyId = apiKeyIdFor(tenant, `${name}-${attempt}`);
    if (shards.includes(keyShardOf(keyId))) return keyId;
  }
}

class KeyPlanner {
  readonly steps: KeyStep[] = [];
  readonly #random: Random;
  readonly #durationMs: number;

  constructor(random: Random, durationMs: number) {
    this.#random = random;
    this.#durationMs = durationMs;
  }

  #hash(): string {
    const digits = Array.from({ length: 64 }, () => this.#random.integer(0, 15).toString(16));
    return digits.join("");
  }

  #creation(keyId: string, name: string): Creation {
    const random = this.#random;
    const expiresAt = Date.UTC(2031, random.integer(0, 11), 1);
    const scopes = random.pick([["ops:read"], ["ops:read", "keys:manage"]] as const);
    const request = { name, scopes, ...(random.chance(0.3) && { expiresAt }) };
    const fingerprint = fingerprintApiKey(request);
    return { keyId, fingerprint, request, secretHash: this.#hash() };
  }

  /** Everything that happens to one key. */
  plan(tenant: string, index: number): void {
    const random = this.#random;
    const about = { tenant, keyId: keyIdIn(tenant, ringShards, `key-${index}`) };
    const createdAtMs = random.between(0, this.#durationMs);
    const some = (leastMs: number) => createdAtMs + random.between(leastMs, this.#durationMs);
    const first = this.#creation(about.keyId, `Key ${index}`);
    const requests = random.chance(0.6) ? 1 : random.integer(2, 3);
    for (let count = 0; count < requests; count++) {
      const creation = { ...first, secretHash: this.#hash() };
      const atMs = createdAtMs + (count === 0 ? 0 : random.scaled(1, 5_000));
      this.steps.push({ ...about, kind: "create", creation, atMs });
    }
    if (random.chance(0.2)) {
      const creation = this.#creation(about.keyId, "Another key");
      this.steps.push({ ...about, kind: "create", creation, atMs: some(-500) });
    }
    const revocations = random.chance(0.5) ? random.integer(1, 3) : 0;
    for (let count = 0; count < revocations; count++) {
      this.steps.push({ ...about, kind: "revoke", atMs: some(-500) });
    }
    for (let count = random.integer(1, 4); count > 0; count--) {
      const kind = random.chance(0.75) ? "look_up" : "list";
      this.steps.push({ ...about, kind, atMs: some(-500) });
    }
  }
}

/** The other tenant asks for the first one's keys, too: they are not its own. */
export function planKeys(random: Random, durationMs: number): readonly KeyStep[] {
  if (!random.chance(0.5)) return [];
  const planner = new KeyPlanner(random, durationMs);
  const count = random.integer(1, 4);
  for (let index = 0; index < count; index++) planner.plan(`tenant-${index % 2}`, index);
  const [some] = planner.steps;
  if (some && random.chance(0.3)) {
    const atMs = random.between(0, durationMs);
    planner.steps.push({ kind: "revoke", tenant: "tenant-1", keyId: some.keyId, atMs });
  }
  return planner.steps;
}
