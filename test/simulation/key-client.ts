// Clients of the key rings, as the edge calls them: they repeat what failed with the same secret, and
// write down what they were told. Keys are listed in the ring of one key only.
import { keyShardOf } from "../../src/domain/ids.ts";
import type { NotFound } from "../../src/durable-objects/rpc/contract.ts";
import type { CreateKeyResult, KeyRecord } from "../../src/durable-objects/key-ring/contract.ts";
import type { Client } from "./client.ts";
import type { Interval } from "./history.ts";
import type { KeyStep } from "./key-plan.ts";
import type { Directory } from "./production.ts";
import type { Scheduler } from "./scheduler.ts";

export type KeyAnswer = Interval &
  Pick<KeyStep, "tenant" | "keyId"> &
  (
    | {
        readonly kind: "create";
        readonly creation: Extract<KeyStep, { kind: "create" }>["creation"];
        readonly result: CreateKeyResult;
      }
    | {
        readonly kind: "look_up" | "revoke";
        readonly result: { readonly ok: true; readonly key: KeyRecord } | NotFound;
      }
    | { readonly kind: "list"; readonly result: readonly KeyRecord[] }
  );

const methods = { create: "create", look_up: "lookUp", revoke: "revoke", list: "list" } as const;
const attemptsMax = 4;
/** All of a simulated tenant. */
const keysListed = 50;

interface KeyClientParts {
  readonly client: Client;
  readonly directory: Directory;
  readonly scheduler: Scheduler;
  readonly answers: KeyAnswer[];
}

/** Performs a step, with a few attempts; then walks away. */
export async function performKeyStep(parts: KeyClientParts, step: KeyStep): Promise<void> {
  const { client, directory, scheduler, answers } = parts;
  const { kind, tenant, keyId } = step;
  const creation = kind === "create" ? step.creation : undefined;
  const ring = directory.keyRing(keyShardOf(keyId));
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const beganAt = scheduler.step;
    const call = { keyId, principal: client.name, limit: keysListed, ...creation };
    const result = await client.ask<KeyAnswer["result"]>(ring, methods[kind], tenant, call);
    if (result) {
      const seen = { beganAt, endedAt: scheduler.step, tenant, keyId, kind, result };
      answers.push({ ...seen, ...(creation && { creation }) } as KeyAnswer);
      return;
    }
    await client.pause();
  }
}
