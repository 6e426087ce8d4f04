// For every invariant of API keys, a fault that breaks it. See planted-faults.ts.
import type { KeyRecord } from "../../src/durable-objects/key-ring/contract.ts";
import type { KeyAnswer } from "./key-client.ts";
import { found, type PlantedFault } from "./planting.ts";
import type { Simulation } from "./simulation.ts";

type Found = Extract<KeyAnswer, { readonly kind: "look_up" | "revoke" }>;

/** Repeats the last answer of this kind, long after it, with another key record. */
function answerLater(
  { history, scheduler }: Simulation,
  kind: Found["kind"],
  change: (key: KeyRecord) => object,
  isGood: (key: KeyRecord) => boolean = () => true,
): void {
  for (const answer of history.keys.toReversed()) {
    if (answer.kind !== kind || !answer.result.ok || !isGood(answer.result.key)) continue;
    const key = change(answer.result.key) as KeyRecord;
    const beganAt = scheduler.step + 1;
    history.keys.push({ ...answer, beganAt, endedAt: beganAt + 1, result: { ok: true, key } });
    return;
  }
  throw new Error("the seed has nothing to plant this fault into");
}

export const plantedKeyFaults: readonly PlantedFault[] = [
  {
    invariant: "one-key-per-request",
    fault: "a look-up shows another secret",
    plant: (simulation) =>
      answerLater(simulation, "look_up", (key) => ({ ...key, secretHash: "0".repeat(64) })),
  },
  {
    invariant: "secrets-fit-their-keys",
    fault: "a request with another secret is told that it is the key's",
    plant: ({ history }) => {
      const created = found(history.keys.find((one) => one.kind === "create"));
      if (created.kind !== "create") return;
      const creation = { ...created.creation, secretHash: "0".repeat(64) };
      history.keys.push({ ...created, creation });
    },
  },
  {
    invariant: "keys-are-not-forgotten",
    fault: "a revoked key is shown as good again",
    plant: (simulation) =>
      answerLater(
        simulation,
        "look_up",
        (key) => ({ ...key, revoked: undefined }),
        ({ revoked }) => revoked !== undefined,
      ),
  },
  {
    invariant: "keys-stay-with-their-tenant",
    fault: "a tenant revokes the key of another",
    plant: (simulation) =>
      answerLater(simulation, "revoke", (key) => ({ ...key, tenant: "other" })),
  },
];
